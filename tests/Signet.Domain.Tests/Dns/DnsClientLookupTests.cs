using System.Net;
using Signet.Addresses;
using Signet.Dns;
using Signet.Tests.Fakes;

namespace Signet.Tests.Dns;

public sealed class DnsClientLookupTests : IAsyncDisposable
{
    // Long enough for a busy machine; nothing waits for it but the test of a silent server, which sets its own.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly string Long = new('a', 250);

    private readonly TinyDnsServer _server = TinyDnsServer.Start($"""
        txt.example.com     TXT   "one"
        txt.example.com     TXT   "two " "halves"
        long.example.com    TXT   "{Long}" "{Long}" "{Long}"
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
        """);

    private readonly DnsClientLookup _dns;

    public DnsClientLookupTests() => _dns = DnsClientLookup.Of(_server.EndPoint, DnsCaching.None, Patience);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task All_TXT_values_are_found_each_with_its_strings_joined()
    {
        Assert.Equal(["one", "two halves"], Values(await _dns.FindTxtAsync(Name("txt.example.com"), Cancel)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_TXT_value_comes_as_it_was_published()
    {
        Assert.Equal(["token+/="], Values(await _dns.FindTxtAsync(Name("_amazonses.example.com"), Cancel)));
    }

    [Fact]
    public async Task A_TXT_question_follows_an_alias()
    {
        Assert.Equal(2, Values(await _dns.FindTxtAsync(Name("alias.example.com"), Cancel)).Count);
    }

    [Fact]
    public async Task An_answer_too_long_for_UDP_is_fetched_over_TCP()
    {
        Assert.Equal([Long + Long + Long], Values(await _dns.FindTxtAsync(Name("long.example.com"), Cancel)));
    }

    [Fact]
    public async Task An_alias_is_found_without_case_and_final_dot()
    {
        Assert.Equal([Name("target.example.net")], Values(await _dns.FindCnameAsync(Name("mixed.example.com"), Cancel)));
    }

    [Fact]
    public async Task Mail_exchangers_are_found_with_their_preferences()
    {
        var exchangers = Values(await _dns.FindMxAsync(Name("mx.example.com"), Cancel));

        Assert.Equal(
            [new MailExchanger(10, Name("mail.example.net")), new MailExchanger(20, Name("mail2.example.net"))],
            exchangers.OrderBy(e => e.Preference));
    }

    [Fact]
    public async Task A_null_MX_has_no_host()
    {
        Assert.Equal([new MailExchanger(0, null)], Values(await _dns.FindMxAsync(Name("nullmx.example.com"), Cancel)));
    }

    [Fact]
    public async Task Only_targets_that_are_no_names_is_a_failure()
    {
        var failed = Assert.IsType<DnsAnswer<MailExchanger>.Failed>(await _dns.FindMxAsync(Name("oddmx.example.com"), Cancel));

        Assert.Equal("MX of oddmx.example.com: no record of it can be read", failed.Reason);
    }

    [Theory]
    [InlineData("host.example.com", "192.0.2.1 2001:db8::1")]
    [InlineData("v6.example.com", "2001:db8::2")]
    public async Task Addresses_of_both_families_are_found_IPv4_first(string name, string addresses)
    {
        Assert.Equal(addresses.Split(' ').Select(IPAddress.Parse), Values(await _dns.FindAddressesAsync(Name(name), Cancel)));
    }

    [Fact]
    public async Task A_missing_name_is_not_a_missing_record()
    {
        Assert.IsType<DnsAnswer<string>.NoSuchName>(await _dns.FindTxtAsync(Name("missing.example.com"), Cancel));
        Assert.IsType<DnsAnswer<string>.NoData>(await _dns.FindTxtAsync(Name("host.example.com"), Cancel));
        Assert.IsType<DnsAnswer<IPAddress>.NoSuchName>(await _dns.FindAddressesAsync(Name("missing.example.com"), Cancel));
        Assert.IsType<DnsAnswer<IPAddress>.NoData>(await _dns.FindAddressesAsync(Name("txt.example.com"), Cancel));
    }

    [Fact]
    public async Task An_alias_into_nowhere_is_no_such_name()
    {
        Assert.IsType<DnsAnswer<string>.NoSuchName>(await _dns.FindTxtAsync(Name("dangling.example.com"), Cancel));
    }

    [Fact]
    public async Task A_server_that_fails_says_nothing()
    {
        var failed = Assert.IsType<DnsAnswer<string>.Failed>(await _dns.FindTxtAsync(Name("broken.example.com"), Cancel));

        Assert.Equal("TXT of broken.example.com: ServerFailure", failed.Reason);
        Assert.IsType<DnsAnswer<IPAddress>.Failed>(await _dns.FindAddressesAsync(Name("broken.example.com"), Cancel));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up()
    {
        var hurried = DnsClientLookup.Of(_server.EndPoint, DnsCaching.None, TimeSpan.FromMilliseconds(50));

        Assert.IsType<DnsAnswer<string>.Failed>(await hurried.FindTxtAsync(Name("silent.example.com"), Cancel));
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_told_so()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var asking = _dns.FindTxtAsync(Name("silent.example.com"), stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Theory]
    [InlineData(DnsCaching.None, 2)]
    [InlineData(DnsCaching.ByTtl, 1)]
    public async Task Answers_are_kept_only_where_that_was_asked_for(DnsCaching caching, int questions)
    {
        var dns = DnsClientLookup.Of(_server.EndPoint, caching, Patience);

        await dns.FindTxtAsync(Name("txt.example.com"), Cancel);
        await dns.FindTxtAsync(Name("txt.example.com"), Cancel);

        Assert.Equal(questions, _server.Asked);
    }

    [Fact]
    public async Task A_machine_without_a_resolver_gets_failures()
    {
        var dns = DnsClientLookup.OfNothing("the system has no DNS resolver; set `--dns`");

        var failed = Assert.IsType<DnsAnswer<string>.Failed>(await dns.FindTxtAsync(Name("txt.example.com"), Cancel));

        Assert.Equal("the system has no DNS resolver; set `--dns`", failed.Reason);
    }

    private static DomainName Name(string text) => DomainName.Parse(text);

    private static IReadOnlyList<T> Values<T>(DnsAnswer<T> answer) => Assert.IsType<DnsAnswer<T>.Found>(answer).Values;
}
