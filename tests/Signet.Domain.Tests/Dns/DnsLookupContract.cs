using System.Net;
using Signet.Addresses;
using Signet.Dns;

namespace Signet.Tests.Dns;

/// <summary>What a look-up says of a zone: the real one of what a server answers, and the fake that other tests stand on.</summary>
public abstract class DnsLookupContract
{
    protected static readonly string Part = new('a', 250);

    protected static readonly string Zone = $"""
        txt.example.com     TXT   "one"
        txt.example.com     TXT   "two " "halves"
        long.example.com    TXT   "{Part}" "{Part}" "{Part}"
        alias.example.com   CNAME txt.example.com.
        Mixed.example.com   CNAME Target.EXAMPLE.net.
        dangling.example.com CNAME nowhere.example.net.
        _amazonses.example.com TXT "token+/="
        mx.example.com      MX    10 Mail.example.net.
        mx.example.com      MX    20 mail2.example.net.
        nullmx.example.com  MX    0 .
        oddmx.example.com   MX    10 -odd-.example.net.
        host.example.com    A     192.0.2.1
        host.example.com    AAAA  2001:db8::1
        v6.example.com      AAAA  2001:db8::2
        broken.example.com  FAIL
        silent.example.com  SILENT
        """;

    protected abstract IDnsLookup Dns { get; }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_TXT_values_are_found_each_with_its_strings_joined()
    {
        Assert.Equal(["one", "two halves"], Values(await Dns.FindTxtAsync(Name("txt.example.com"), Cancel)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_TXT_value_comes_as_it_was_published()
    {
        Assert.Equal(["token+/="], Values(await Dns.FindTxtAsync(Name("_amazonses.example.com"), Cancel)));
    }

    [Fact]
    public async Task A_TXT_question_follows_an_alias()
    {
        Assert.Equal(2, Values(await Dns.FindTxtAsync(Name("alias.example.com"), Cancel)).Count);
    }

    [Fact]
    public async Task An_alias_is_found_without_case_and_final_dot()
    {
        Assert.Equal([Name("target.example.net")], Values(await Dns.FindCnameAsync(Name("mixed.example.com"), Cancel)));
    }

    [Fact]
    public async Task Mail_exchangers_are_found_with_their_preferences()
    {
        var exchangers = Values(await Dns.FindMxAsync(Name("mx.example.com"), Cancel));

        Assert.Equal(
            [new MailExchanger(10, Name("mail.example.net")), new MailExchanger(20, Name("mail2.example.net"))],
            exchangers.OrderBy(e => e.Preference));
    }

    [Fact]
    public async Task A_null_MX_has_no_host()
    {
        Assert.Equal([new MailExchanger(0, null)], Values(await Dns.FindMxAsync(Name("nullmx.example.com"), Cancel)));
    }

    [Theory]
    [InlineData("host.example.com", "192.0.2.1 2001:db8::1")]
    [InlineData("v6.example.com", "2001:db8::2")]
    public async Task Addresses_of_both_families_are_found_IPv4_first(string name, string addresses)
    {
        Assert.Equal(addresses.Split(' ').Select(IPAddress.Parse), Values(await Dns.FindAddressesAsync(Name(name), Cancel)));
    }

    [Fact]
    public async Task A_missing_name_is_not_a_missing_record()
    {
        Assert.IsType<DnsAnswer<string>.NoSuchName>(await Dns.FindTxtAsync(Name("missing.example.com"), Cancel));
        Assert.IsType<DnsAnswer<string>.NoData>(await Dns.FindTxtAsync(Name("host.example.com"), Cancel));
        Assert.IsType<DnsAnswer<IPAddress>.NoSuchName>(await Dns.FindAddressesAsync(Name("missing.example.com"), Cancel));
        Assert.IsType<DnsAnswer<IPAddress>.NoData>(await Dns.FindAddressesAsync(Name("txt.example.com"), Cancel));
    }

    [Fact]
    public async Task An_alias_into_nowhere_is_no_such_name()
    {
        Assert.IsType<DnsAnswer<string>.NoSuchName>(await Dns.FindTxtAsync(Name("dangling.example.com"), Cancel));
    }

    [Fact]
    public async Task A_value_of_many_strings_is_one() =>
        Assert.Equal([Part + Part + Part], Values(await Dns.FindTxtAsync(Name("long.example.com"), Cancel)));

    [Fact]
    public async Task Targets_that_are_no_names_are_a_failure() =>
        Assert.IsType<DnsAnswer<MailExchanger>.Failed>(await Dns.FindMxAsync(Name("oddmx.example.com"), Cancel));

    [Fact]
    public async Task A_zone_that_fails_is_a_failure_of_every_question()
    {
        Assert.IsType<DnsAnswer<string>.Failed>(await Dns.FindTxtAsync(Name("broken.example.com"), Cancel));
        Assert.IsType<DnsAnswer<DomainName>.Failed>(await Dns.FindCnameAsync(Name("broken.example.com"), Cancel));
        Assert.IsType<DnsAnswer<MailExchanger>.Failed>(await Dns.FindMxAsync(Name("broken.example.com"), Cancel));
        Assert.IsType<DnsAnswer<IPAddress>.Failed>(await Dns.FindAddressesAsync(Name("broken.example.com"), Cancel));
    }

    protected static DomainName Name(string text) => DomainName.Parse(text);

    protected static IReadOnlyList<T> Values<T>(DnsAnswer<T> answer) => Assert.IsType<DnsAnswer<T>.Found>(answer).Values;
}
