using System.Net;
using Signet.Addresses;
using Signet.Delivery;
using Signet.Tests.Fakes;

namespace Signet.Tests.Delivery;

public sealed class MxResolverTests
{
    private const string Zone = """
        many.test MX 20 b.many.test
        many.test MX 10 a.many.test
        many.test MX 30 gone.many.test
        a.many.test A 198.51.100.1
        a.many.test AAAA 2001:db8::1
        b.many.test CNAME c.many.test
        c.many.test A 198.51.100.2
        none.test TXT "no mail"
        implicit.test A 198.51.100.3
        null.test MX 0 .
        nullandmore.test MX 0 .
        nullandmore.test MX 10 a.many.test
        fails.test FAIL
        noaddress.test MX 10 nothing.test
        nothing.test TXT "x"
        hostfails.test MX 10 fails.test
        ours.test MX 5 a.many.test
        ours.test MX 10 signet.test
        ours.test MX 10 b.many.test
        onlyours.test MX 10 signet.test
        private.test MX 10 inside.test
        inside.test A 10.0.0.1
        inside.test A 127.0.0.1
        halfprivate.test MX 10 half.test
        half.test A 192.168.0.1
        half.test A 198.51.100.4
        """;

    [Theory]
    [InlineData("many.test", "a.many.test 198.51.100.1,2001:db8::1; b.many.test 198.51.100.2")]
    [InlineData("implicit.test", "implicit.test 198.51.100.3")]
    [InlineData("nullandmore.test", "a.many.test 198.51.100.1,2001:db8::1")]
    [InlineData("ours.test", "a.many.test 198.51.100.1,2001:db8::1")]
    [InlineData("halfprivate.test", "half.test 198.51.100.4")]
    [InlineData("null.test", "556 5.1.10 null.test does not accept mail (null MX) for sure")]
    [InlineData("missing.test", "550 5.4.4 Invalid domain")]
    [InlineData("none.test", "550 5.4.4 no mail host of none.test has an address")]
    [InlineData("noaddress.test", "550 5.4.4 no mail host of noaddress.test has an address")]
    [InlineData("fails.test", "421 4.4.0 Unable to lookup DNS for fails.test for sure")]
    [InlineData("hostfails.test", "421 4.4.0 Unable to lookup DNS for hostfails.test for sure")]
    [InlineData("onlyours.test", "554 5.4.6 mail for onlyours.test loops back to signet.test for sure")]
    [InlineData("private.test", "550 5.4.4 the mail hosts of private.test have no public address for sure")]
    public async Task A_domain_leads_to_its_hosts(string domain, string expected) =>
        Assert.Equal(expected, await FindAsync(domain, IsNotPrivate));

    [Fact]
    public async Task Private_hosts_are_for_those_who_allow_them() =>
        Assert.Equal("inside.test 10.0.0.1,127.0.0.1", await FindAsync("private.test", _ => true));

    [Fact]
    public async Task Equals_come_in_any_order()
    {
        HashSet<string> seen = [];
        for (var seed = 0; seed < 20; seed++)
        {
            seen.Add(await FindAsync("x.test", _ => true, "x.test MX 1 a.test\nx.test MX 1 b.test\na.test A 198.51.100.1\nb.test A 198.51.100.2", seed));
        }

        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public async Task A_host_at_an_address_for_documentation_is_none() =>
        Assert.Equal("550 5.4.4 the mail hosts of many.test have no public address for sure", await FindAsync("many.test", PublicAddresses.Contains));

    // The addresses of the zone are those for documentation, which are not public either.
    private static bool IsNotPrivate(IPAddress address) =>
        PublicAddresses.Contains(address) || address.ToString() is ['1', '9', '8', '.', ..] or ['2', '0', '0', '1', ':', ..];

    private static async Task<string> FindAsync(string domain, Func<IPAddress, bool> allows, string zone = Zone, int seed = 1)
    {
        var resolver = new MxResolver(new FakeDns(zone), DomainName.Parse("signet.test"), allows, new Random(seed));
        return await resolver.FindAsync(DomainName.Parse(domain), TestContext.Current.CancellationToken) switch
        {
            MailHosts.Found { Hosts: var hosts } => string.Join("; ", hosts.Select(h => $"{h.Name} {string.Join(',', h.Addresses)}")),
            MailHosts.None none => $"{none.Reply}{(none.ForSure ? " for sure" : "")}",
            var other => throw new InvalidOperationException($"{other}"),
        };
    }
}
