using Signet.Dns;
using Signet.Tests.Fakes;

namespace Signet.Tests.Dns;

public sealed class FakeDnsTests : DnsLookupContract
{
    protected override IDnsLookup Dns { get; } = new FakeDns(Zone);
}
