using System.Collections.Concurrent;
using System.Net;
using Signet.Addresses;
using Signet.Dns;

namespace Signet.Tests.Fakes;

/// <summary>The DNS as a <see cref="Fakes.Zone"/> has it. The zone can be changed between questions.</summary>
public sealed class FakeDns : IDnsLookup
{
    public FakeDns(string zone = "") => Zone = Zone.Parse(zone);

    public Zone Zone { get; set; }

    /// <summary>Every question that was asked, as <c>TYPE NAME</c>.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>What happens elsewhere while the next question is on its way; once.</summary>
    public Func<Task>? BeforeAnswer { get; set; }

    public Task<DnsAnswer<string>> FindTxtAsync(DomainName name, CancellationToken cancel) =>
        AnswerAsync(name, "TXT", record => string.Concat(record.Strings));

    public Task<DnsAnswer<DomainName>> FindCnameAsync(DomainName name, CancellationToken cancel) =>
        AnswerAsync(name, "CNAME", record => DomainName.Parse(record.Value.TrimEnd('.')));

    public Task<DnsAnswer<MailExchanger>> FindMxAsync(DomainName name, CancellationToken cancel) =>
        AnswerAsync(name, "MX", record => new MailExchanger(
            record.Exchange.Preference, record.Exchange.Host == "." ? null : DomainName.Parse(record.Exchange.Host.TrimEnd('.'))));

    public async Task<DnsAnswer<IPAddress>> FindAddressesAsync(DomainName name, CancellationToken cancel) =>
        (await AnswerAsync(name, "A", Address), await AnswerAsync(name, "AAAA", Address)) switch
        {
            (DnsAnswer<IPAddress>.Found a, DnsAnswer<IPAddress>.Found b) => new DnsAnswer<IPAddress>.Found([.. a.Values, .. b.Values]),
            (_, DnsAnswer<IPAddress>.Found b) => b,
            var (a, _) => a,
        };

    private static IPAddress Address(Zone.ZoneRecord record) => IPAddress.Parse(record.Value);

    private async Task<DnsAnswer<T>> AnswerAsync<T>(DomainName name, string type, Func<Zone.ZoneRecord, T> read)
    {
        Asked.Enqueue($"{type} {name}");
        if (BeforeAnswer is { } happening)
        {
            BeforeAnswer = null;
            await happening();
        }

        if (Zone.Fails(name.Value) || Zone.IsSilent(name.Value))
        {
            return new DnsAnswer<T>.Failed($"{type} of {name}: the zone says so");
        }

        var (records, last) = Zone.Follow(name.Value, type);
        List<T> values = [.. records.Where(r => r.Type == type).Select(read)];
        return values.Count > 0 ? new DnsAnswer<T>.Found(values)
            : Zone.Exists(last) ? new DnsAnswer<T>.NoData()
            : new DnsAnswer<T>.NoSuchName();
    }
}
