using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Signet.Addresses;
using Signet.Preflight;
using Signet.Tests.Fakes;

namespace Signet.Tests.Preflight;

public sealed class LinkProbeTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("200 OK", Severity.Good, "Answers", 200)]
    [InlineData("204 No Content", Severity.Good, "Answers", 204)]
    [InlineData("404 Not Found", Severity.Problem, "Page not found", 404)]
    [InlineData("410 Gone", Severity.Problem, "Page not found", 410)]
    [InlineData("403 Forbidden", Severity.Hint, "Refuses to say", 403)]
    [InlineData("500 Broken", Severity.Problem, "Server fails", 500)]
    [InlineData("418 Teapot", Severity.Warning, "Unexpected answer", 418)]
    [InlineData("302 Found", Severity.Warning, "Unexpected answer", 302)]
    public async Task A_status_tells_how_a_link_fares(string answer, Severity severity, string title, int status)
    {
        await using var server = new ScriptedHttpServer(_ => answer);

        var got = await AskOneAsync($"http://127.0.0.1:{server.Port}/a");

        Assert.Equal((severity, title, status), (got.Finding.Severity, got.Finding.Title, got.Status));
        Assert.Equal(["HEAD /a"], server.Asked);
    }

    [Theory]
    [InlineData("405 Method Not Allowed")]
    [InlineData("501 Not Implemented")]
    public async Task A_server_that_knows_no_HEAD_is_asked_with_GET(string answer)
    {
        await using var server = new ScriptedHttpServer(
            request => request.StartsWith("HEAD", StringComparison.Ordinal) ? answer : "200 OK\r\nContent-Length: 1000000000");

        var got = await AskOneAsync($"http://127.0.0.1:{server.Port}/a");

        Assert.Equal(200, got.Status);
        Assert.Equal(["HEAD /a", "GET /a"], server.Asked);
    }

    [Fact]
    public async Task Redirects_are_followed_and_told()
    {
        await using var server = new ScriptedHttpServer(request => request switch
        {
            "HEAD /a" => "301 Moved\r\nLocation: /b",
            "HEAD /b" => "302 Found\r\nLocation: c?d=1",
            _ => "200 OK",
        });

        var got = await AskOneAsync($"http://127.0.0.1:{server.Port}/a");

        Assert.Equal(Severity.Good, got.Finding.Severity);
        Assert.Equal(["/b", "/c?d=1"], got.Redirects.Select(r => r.PathAndQuery));
    }

    [Fact]
    public async Task A_redirect_to_itself_ends_after_five()
    {
        await using var server = new ScriptedHttpServer(_ => "302 Found\r\nLocation: /a");

        var got = await AskOneAsync($"http://127.0.0.1:{server.Port}/a");

        Assert.Equal(("Too many redirects", 6), (got.Finding.Title, server.Asked.Count));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.com/")]
    public async Task A_redirect_out_of_the_web_is_not_followed(string location)
    {
        await using var server = new ScriptedHttpServer(_ => $"302 Found\r\nLocation: {location}");

        Assert.Equal("Redirected out of the web", (await AskOneAsync($"http://127.0.0.1:{server.Port}/a")).Finding.Title);
    }

    [Fact]
    public async Task An_address_that_is_not_allowed_is_never_connected_to()
    {
        await using var server = new ScriptedHttpServer(_ => "200 OK");

        var got = await AskOneAsync($"http://127.0.0.1:{server.Port}/a", PublicAddresses.Contains);

        Assert.Equal(("Not asked", Severity.Hint), (got.Finding.Title, got.Finding.Severity));
        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task A_public_name_that_leads_inside_is_never_connected_to()
    {
        await using var server = new ScriptedHttpServer(_ => "200 OK");

        var got = await AskOneAsync($"http://shop.example.com:{server.Port}/a", PublicAddresses.Contains, "shop.example.com A 127.0.0.1");

        Assert.Equal("Not asked", got.Finding.Title);
        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task A_redirect_that_leads_inside_is_not_followed()
    {
        await using var server = new ScriptedHttpServer(_ => "200 OK");
        await using var outside = new ScriptedHttpServer(_ => $"302 Found\r\nLocation: http://inside.example.com:{server.Port}/");

        // The two are told apart by their names: loopback is all that a test has.
        var asked = 0;
        var got = await AskOneAsync(
            $"http://shop.example.com:{outside.Port}/a",
            _ => Interlocked.Increment(ref asked) == 1,
            "shop.example.com A 127.0.0.1\ninside.example.com A 127.0.0.1");

        Assert.Equal("Not asked", got.Finding.Title);
        Assert.Empty(server.Asked);
    }

    [Theory]
    [InlineData("http://127.0.0.1:PORT/")]
    [InlineData("http://127.1:PORT/")]
    [InlineData("http://2130706433:PORT/")]
    [InlineData("http://0x7f000001:PORT/")]
    [InlineData("http://localhost:PORT/")]
    [InlineData("http://[::ffff:127.0.0.1]:PORT/")]
    [InlineData("http://[::127.0.0.1]:PORT/")]
    [InlineData("http://[64:ff9b::127.0.0.1]:PORT/")]
    [InlineData("http://[64:ff9b:1::7f00:1]:PORT/")]
    [InlineData("http://[2002:7f00:1::]:PORT/")]
    [InlineData("http://[2001:0:7f00:1::]:PORT/")]
    [InlineData("http://0.0.0.0:PORT/")]
    [InlineData("http://168.63.129.16:PORT/")]
    [InlineData("http://169.254.169.254:PORT/")]
    [InlineData("//[fd00:ec2::254]/latest/meta-data")]
    public async Task A_redirect_to_an_address_inside_however_it_is_written_is_not_followed(string location)
    {
        await using var server = new ScriptedHttpServer(_ => "200 OK");
        await using var outside = new ScriptedHttpServer(
            _ => $"302 Found\r\nLocation: {location.Replace("PORT", $"{server.Port}", StringComparison.Ordinal)}");

        // The first of the two counts as public: loopback is all that a test has.
        var asked = 0;
        var got = await AskOneAsync(
            $"http://shop.example.com:{outside.Port}/a",
            address => Interlocked.Increment(ref asked) == 1 || PublicAddresses.Contains(address),
            "shop.example.com A 127.0.0.1\nlocalhost A 127.0.0.1");

        Assert.Equal("Not asked", got.Finding.Title);
        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task A_name_that_leads_inside_once_it_was_judged_is_connected_to_where_it_led_then()
    {
        await using var server = new ScriptedHttpServer(_ => "200 OK");
        var dns = new FakeDns("shop.example.com A 127.0.0.2");
        var probe = new LinkProbe(
            dns,
            address =>
            {
                dns.Zone = Zone.Parse("shop.example.com A 127.0.0.1");
                return address.ToString() == "127.0.0.2";
            },
            TimeProvider.System);

        var got = Assert.Single(await probe.AskAsync([Link($"http://shop.example.com:{server.Port}/a")], Cancel));

        Assert.Equal("No connection", got.Finding.Title);
        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task The_next_address_of_a_host_is_tried_when_one_does_not_answer()
    {
        await using var server = new ScriptedHttpServer(_ => "200 OK");

        var got = await AskOneAsync(
            $"http://shop.example.com:{server.Port}/", _ => true, "shop.example.com A 127.0.0.2\nshop.example.com A 127.0.0.1");

        Assert.Equal(200, got.Status);
    }

    [Theory]
    [InlineData("", "there is no host `shop.example.com`")]
    [InlineData("shop.example.com FAIL", "the address of `shop.example.com` cannot be found out")]
    public async Task A_host_without_an_address_is_no_connection(string zone, string detail)
    {
        var got = await AskOneAsync("https://shop.example.com/", _ => true, zone);

        Assert.Equal(("No connection", null), (got.Finding.Title, got.Status));
        Assert.StartsWith(detail, got.Finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listening_is_no_connection()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        var port = ((IPEndPoint)socket.LocalEndpoint).Port;
        socket.Stop();

        Assert.Equal("No connection", (await AskOneAsync($"http://127.0.0.1:{port}/")).Finding.Title);
    }

    [Fact]
    public async Task A_link_that_does_not_answer_in_time_is_given_up()
    {
        var clock = new FakeTimeProvider();
        await using var server = new ScriptedHttpServer(_ =>
        {
            clock.Advance(TimeSpan.FromSeconds(11));
            return null;
        });

        var got = await new LinkProbe(new FakeDns(), _ => true, clock).AskAsync([Link($"http://127.0.0.1:{server.Port}/")], Cancel);

        Assert.Equal("No answer", Assert.Single(got).Finding.Title);
    }

    [Fact]
    public async Task At_most_fifty_links_are_asked_each_once_and_only_those_of_the_web()
    {
        await using var server = new ScriptedHttpServer(_ => "200 OK");
        List<MessageLink> links =
        [
            Link("mailto:a@example.com"), Link("#top"),
            .. Enumerable.Range(0, 60).Select(i => Link($"http://127.0.0.1:{server.Port}/{i / 2}")),
            .. Enumerable.Range(100, 60).Select(i => Link($"http://127.0.0.1:{server.Port}/{i}")),
        ];

        var got = await new LinkProbe(new FakeDns(), _ => true, TimeProvider.System).AskAsync(links, Cancel);

        Assert.Equal(50, got.Count);
        Assert.Equal(50, server.Asked.Distinct().Count());
        Assert.Equal(got.Select(a => $"HEAD {a.Link.Web!.AbsolutePath}").Order(), server.Asked.Order());
    }

    private static async Task<LinkAnswer> AskOneAsync(string target, Func<IPAddress, bool>? allows = null, string zone = "") =>
        Assert.Single(await new LinkProbe(new FakeDns(zone), allows ?? (_ => true), TimeProvider.System).AskAsync([Link(target)], Cancel));

    private static MessageLink Link(string target) => new(target, LinkKind.Link, [], []);
}
