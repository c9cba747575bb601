using System.Net;
using Signet.Dns;
using Signet.Tests.Fakes;

namespace Signet.Tests.Dns;

public sealed class DnsClientLookupTests : DnsLookupContract, IAsyncDisposable
{
    // Long enough for a busy machine; nothing waits for it but the test of a silent server, which sets its own.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TinyDnsServer _server = TinyDnsServer.Start(Zone);
    private readonly DnsClientLookup _dns;

    public DnsClientLookupTests() => _dns = DnsClientLookup.Of(_server.EndPoint, DnsCaching.None, Patience);

    protected override IDnsLookup Dns => _dns;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_answer_too_long_for_UDP_is_fetched_over_TCP()
    {
        Assert.Equal([Part + Part + Part], Values(await _dns.FindTxtAsync(Name("long.example.com"), Cancel)));
    }

    [Fact]
    public async Task Only_targets_that_are_no_names_is_a_failure()
    {
        var failed = Assert.IsType<DnsAnswer<MailExchanger>.Failed>(await _dns.FindMxAsync(Name("oddmx.example.com"), Cancel));

        Assert.Equal("MX of oddmx.example.com: no record of it can be read", failed.Reason);
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
}
