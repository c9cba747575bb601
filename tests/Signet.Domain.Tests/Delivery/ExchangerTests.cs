using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Signet.Delivery;
using Signet.Queue;
using Signet.Tests.Fakes;
using Signet.Tests.Queue;

namespace Signet.Tests.Delivery;

/// <summary>A domain with several exchangers: which are tried in one attempt, and for whom (RFC 5321 §5.1).</summary>
public sealed class ExchangerTests
{
    private const string Plain = "EHLO: 250-mx.test|250 PIPELINING";

    private const string TwoExchangers = """
        dest.test MX 10 first.test
        dest.test MX 20 second.test
        first.test A 127.0.0.1
        second.test A 127.0.0.2
        """;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddMinutes(1));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GREETING: 421 4.3.2 too busy")]
    [InlineData("GREETING: 554 5.7.1 go away")]
    [InlineData("GREETING: 521 does not accept mail")]
    [InlineData("GREETING: garbage")]
    [InlineData("GREETING: close")]
    [InlineData("EHLO: 451 4.3.0 later")]
    [InlineData("EHLO: 504 5.5.2 your name\nHELO: 504 5.5.2 your name")]
    [InlineData("MAIL: 421 4.3.2 closing")]
    [InlineData("MAIL: 451 4.7.1 later")]
    [InlineData("MAIL: 530 5.7.0 Must issue a STARTTLS command first")]
    [InlineData("MAIL: close")]
    [InlineData("MAIL: 350 what")]
    [InlineData("RCPT: 450 4.2.0 greylisted")]
    [InlineData("RCPT: 421 4.7.0 too many errors")]
    [InlineData("RCPT: 504 5.5.2 <signet.test>: Helo command rejected")]
    [InlineData("RCPT: close")]
    [InlineData("RCPT: 350 what")]
    [InlineData("DATA: 451 4.3.0 queue file write error")]
    [InlineData("DATA: 250 ok")]
    [InlineData("DATA: close")]
    [InlineData("DOT: 452 4.3.1 insufficient system storage")]
    [InlineData("DOT: 421 4.3.2 closing")]
    public async Task What_the_first_does_not_take_now_goes_to_the_next_in_the_same_attempt(string trouble)
    {
        await using var first = new ScriptedSmtpServer($"{trouble}\n{Plain}", _time);
        await using var second = new ScriptedSmtpServer(Plain, _time);
        await using var outbound = await StartAsync(TwoExchangers, first, second);

        outbound.Put(Deliveries.Message("a@dest.test", "b@dest.test"));
        await outbound.WaitForResultsAsync(2);

        Assert.All(outbound.Queue.Results, s =>
            Assert.Equal((DeliveryState.Delivered, 1, "second.test"), (s.State, s.Attempt!.Number, s.Attempt.Host)));
        Assert.Single(second.Contents);
    }

    [Theory]
    [InlineData("DOT: close")]
    [InlineData("DOT: reset")]
    [InlineData("DOT: 350 what")]
    public async Task Without_an_answer_to_the_final_dot_no_other_is_tried_for_that_would_make_two(string trouble)
    {
        await using var first = new ScriptedSmtpServer($"{trouble}\n{Plain}", _time);
        await using var second = new ScriptedSmtpServer(Plain, _time);
        await using var outbound = await StartAsync(TwoExchangers, first, second);

        outbound.Put(Deliveries.Message("a@dest.test"));
        await outbound.WaitForResultsAsync(1);

        var result = Assert.Single(outbound.Queue.Results);
        Assert.Equal((DeliveryState.Deferred, "first.test"), (result.State, result.Attempt!.Host));
        Assert.Equal(0, second.ConnectionCount);
    }

    [Theory]
    [InlineData("MAIL: 550 5.7.1 no")]
    [InlineData("RCPT: 550 5.1.1 user unknown")]
    [InlineData("DATA: 554 5.6.0 no")]
    [InlineData("DOT: 554 5.7.1 spam")]
    public async Task A_refusal_for_good_is_for_all(string refusal)
    {
        await using var first = new ScriptedSmtpServer($"{refusal}\n{Plain}", _time);
        await using var second = new ScriptedSmtpServer(Plain, _time);
        await using var outbound = await StartAsync(TwoExchangers, first, second);

        outbound.Put(Deliveries.Message("a@dest.test"));
        await outbound.WaitForResultsAsync(1);

        Assert.Equal(DeliveryState.Failed, Assert.Single(outbound.Queue.Results).State);
        Assert.Equal(0, second.ConnectionCount);
    }

    [Fact]
    public async Task Only_those_whom_the_first_did_not_take_go_to_the_next()
    {
        await using var first = new ScriptedSmtpServer(
            $"{Plain}\nRCPT TO:<b@: 450 4.2.0 later\nRCPT TO:<c@: 550 5.1.1 user unknown", _time);
        await using var second = new ScriptedSmtpServer(Plain, _time);
        await using var outbound = await StartAsync(TwoExchangers, first, second);

        outbound.Put(Deliveries.Message("a@dest.test", "b@dest.test", "c@dest.test"));
        await outbound.WaitForResultsAsync(3);

        Assert.Equal(
            [(DeliveryState.Delivered, "first.test"), (DeliveryState.Delivered, "second.test"), (DeliveryState.Failed, "first.test")],
            outbound.Queue.Results.OrderBy(s => s.Ordinal).Select(s => (s.State, s.Attempt!.Host!)));
        Assert.Equal(["RCPT TO:<b@dest.test>"], second.Commands.Where(c => c.StartsWith("RCPT", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("RCPT: 450 4.2.0 greylisted", "GREETING: close", "first.test", "450 4.2.0 greylisted")]
    [InlineData("GREETING: close", "RCPT: 450 4.2.0 greylisted", "second.test", "450 4.2.0 greylisted")]
    [InlineData("RCPT: 450 4.2.0 one", "RCPT: 450 4.2.0 two", "second.test", "450 4.2.0 two")]
    [InlineData("GREETING: 521 never", "GREETING: 421 4.3.2 later", "second.test", "421 4.3.2 later")]
    [InlineData("GREETING: 421 4.3.2 later", "GREETING: 521 never", "first.test", "421 4.3.2 later")]
    public async Task Of_several_that_do_not_take_it_the_one_that_came_furthest_is_told(
        string one, string two, string host, string reply)
    {
        await using var first = new ScriptedSmtpServer($"{Plain}\n{one}", _time);
        await using var second = new ScriptedSmtpServer($"{Plain}\n{two}", _time);
        await using var outbound = await StartAsync(TwoExchangers, first, second);

        outbound.Put(Deliveries.Message("a@dest.test"));
        await outbound.WaitForResultsAsync(1);

        var result = Assert.Single(outbound.Queue.Results);
        Assert.Equal((DeliveryState.Deferred, host, reply), (result.State, result.Attempt!.Host, result.Result));
    }

    [Theory]
    [InlineData(6, 1)]
    [InlineData(20, 1)]
    [InlineData(20, 9)]
    public async Task Behind_exchangers_whose_addresses_are_all_dead_the_living_one_is_reached(int addresses, int exchangers)
    {
        await using var alive = new ScriptedSmtpServer(Plain, _time);
        var zone = new StringBuilder("dest.test MX 99 alive.test\nalive.test A 127.0.0.1\n");
        for (var x = 0; x < exchangers; x++)
        {
            zone.Append(System.Globalization.CultureInfo.InvariantCulture, $"dest.test MX {x} dead{x}.test\n");
            for (var a = 0; a < addresses; a++)
            {
                zone.Append(System.Globalization.CultureInfo.InvariantCulture, $"dead{x}.test A 127.9.{x}.{a + 1}\n");
            }
        }

        var dialled = 0;
        await using var outbound = new Outbound("mx", 25, zone.ToString(), _time, dial: (to, cancel) =>
        {
            Interlocked.Increment(ref dialled);
            return to.Address.Equals(IPAddress.Loopback)
                ? ConnectionOpener.DialAsync(alive.EndPoint, null, cancel)
                : Task.FromException<Stream>(new IOException("Connection refused"));
        });
        await outbound.StartAsync();

        outbound.Put(Deliveries.Message("a@dest.test"));
        await outbound.WaitForResultsAsync(1);

        Assert.Equal((DeliveryState.Delivered, "alive.test"), (outbound.Queue.Results[0].State, outbound.Queue.Results[0].Attempt!.Host));
        Assert.InRange(dialled, 2, DestinationLimits.Default.Addresses);
    }

    [Fact]
    public async Task An_attempt_ends_however_many_exchangers_let_us_wait()
    {
        var zone = string.Concat(Enumerable.Range(1, 10).Select(i => $"dest.test MX {i} mx{i}.test\nmx{i}.test A 127.0.0.{i}\n"));
        await using var slow = new ScriptedSmtpServer("GREETING: silent", _time);
        await using var outbound = new Outbound("mx", 25, zone, _time, dial: (_, cancel) => ConnectionOpener.DialAsync(slow.EndPoint, null, cancel));
        await outbound.StartAsync();
        var begin = _time.GetUtcNow();

        outbound.Put(Deliveries.Message("a@dest.test"));
        await outbound.WaitForResultsAsync(1, slow.Stalling.Task);

        Assert.Equal(DeliveryState.Deferred, Assert.Single(outbound.Queue.Results).State);
        Assert.InRange(_time.GetUtcNow() - begin, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(31));
    }

    [Fact]
    public async Task A_server_that_answers_each_command_at_the_last_moment_is_not_waited_for_for_ever()
    {
        const string slow = $"{Plain}\nMAIL: late\nRCPT: late";
        await using var server = new ScriptedSmtpServer(slow.Replace(" PIPELINING", " SIZE", StringComparison.Ordinal), _time);
        await using var outbound = await StartAsync("dest.test MX 10 first.test\nfirst.test A 127.0.0.1", server);
        var begin = _time.GetUtcNow();

        outbound.Put(Deliveries.Message([.. Enumerable.Range(0, 50).Select(i => $"{i}@dest.test")]));
        await outbound.WaitForResultsAsync(50, server.Stalling.Task);

        Assert.All(outbound.Queue.Results, s => Assert.Equal(DeliveryState.Deferred, s.State));
        Assert.InRange(_time.GetUtcNow() - begin, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(31));
        Assert.Empty(server.Contents);
    }

    [Fact]
    public async Task What_a_kept_connection_is_refused_goes_to_the_other_exchanger_and_not_to_the_same_again()
    {
        await using var first = new ScriptedSmtpServer($"{Plain}\nRCPT TO:<b@: 450 4.2.0 later", _time);
        await using var second = new ScriptedSmtpServer(Plain, _time);
        await using var outbound = await StartAsync(TwoExchangers, first, second);

        outbound.Put(Deliveries.Message("a@dest.test"));
        await outbound.WaitForResultsAsync(1);
        outbound.Put(Deliveries.Message("b@dest.test"));
        await outbound.WaitForResultsAsync(1);

        Assert.Equal(["first.test", "second.test"], outbound.Queue.Results.Select(s => s.Attempt!.Host));
        Assert.Equal((1, 1), (first.ConnectionCount, second.ConnectionCount));
    }

    [Fact]
    public async Task A_host_that_moves_inside_once_it_was_judged_is_connected_to_where_it_was_judged()
    {
        var dns = new FakeDns("dest.test MX 10 mx.test\nmx.test A 127.0.0.2");
        await using var server = new ScriptedSmtpServer(Plain, _time);
        List<IPAddress> dialled = [];
        await using var outbound = new Outbound(
            "mx", 25, "", _time,
            dial: (to, cancel) =>
            {
                lock (dialled)
                {
                    dialled.Add(to.Address);
                }

                return ConnectionOpener.DialAsync(server.EndPoint, null, cancel);
            },
            dns: dns,
            allows: address =>
            {
                dns.Zone = Zone.Parse("dest.test MX 10 mx.test\nmx.test A 127.0.0.1");
                return address.ToString() == "127.0.0.2";
            });
        await outbound.StartAsync();

        outbound.Put(Deliveries.Message("a@dest.test"));
        await outbound.WaitForResultsAsync(1);

        Assert.Equal([IPAddress.Parse("127.0.0.2")], dialled);
    }

    private async Task<Outbound> StartAsync(string zone, params ScriptedSmtpServer[] servers)
    {
        // One connection at a time: a second message that comes before the first connection is kept must not get another.
        var outbound = new Outbound(
            "mx", 25, zone, _time, receivers: "[default]\nconnections = 1",
            dial: (to, cancel) => ConnectionOpener.DialAsync(servers[to.Address.GetAddressBytes()[3] - 1].EndPoint, null, cancel));
        await outbound.StartAsync();
        return outbound;
    }
}
