using Signet.Dkim;
using Signet.Identities;
using Signet.Tests.Fakes;

namespace Signet.Web.Tests.Identities;

/// <summary>What an owner publishes of the records that a page shows.</summary>
internal static class Zones
{
    public static Zone Of(IEnumerable<DnsRecord> records, string more = "") => Zone.Parse(string.Join(
        '\n', records.Select(r => $"{r.Name} {r.Type} {(r.Type == "TXT" ? EasyDkimKeys.ZoneFileText(r.Value) : r.Value)}").Append(more)));
}
