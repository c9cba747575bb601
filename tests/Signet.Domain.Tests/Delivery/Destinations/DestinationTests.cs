using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Signet.Delivery;
using Signet.Names;
using Signet.Queue;
using Signet.Tests.Fakes;
using Signet.Tests.Queue;

namespace Signet.Tests.Delivery.Destinations;

/// <summary>How much a set of hosts gets at a time, over the whole way out.</summary>
public sealed class DestinationTests
{
    private const string Plain = "EHLO: 250-mx.test|250 PIPELINING";
    private const string OneDomain = "dest.test MX 10 mx.test\nmx.test A 127.0.0.1";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddMinutes(1));

    [Theory]
    [InlineData(5, 400)]
    [InlineData(3, 300)]
    [InlineData(1, 100)]
    public async Task A_connection_more_than_a_receiver_takes_defers_nothing_while_the_others_deliver(int takes, int messages)
    {
        await using var server = new ScriptedSmtpServer(Plain, _time) { MaxConnections = takes };
        await using var outbound = await StartAsync(server, OneDomain);

        for (var i = 0; i < messages; i++)
        {
            outbound.Put(Deliveries.Message($"a{i}@dest.test"));
        }

        await outbound.WaitForResultsAsync(messages);
        Assert.All(outbound.Queue.Results, s => Assert.Equal((DeliveryState.Delivered, 1), (s.State, s.Attempt!.Number)));
        Assert.Equal(messages, server.Contents.Count);
        Assert.InRange(server.TurnedAway, 1, messages / 4);
        Assert.Equal(takes, server.MostOpen);
        await outbound.RoomAsync(1_000);
    }

    [Fact]
    public async Task Domains_with_the_same_exchangers_keep_to_one_limit()
    {
        await using var server = new ScriptedSmtpServer(Plain, _time);
        var zone = new StringBuilder("mx1.test A 127.0.0.1\nmx2.test A 127.0.0.2\n");
        for (var d = 0; d < 200; d++)
        {
            // The same two, each domain preferring one of them.
            zone.Append(CultureInfo.InvariantCulture, $"d{d}.test MX 10 mx{1 + (d % 2)}.test\nd{d}.test MX 20 mx{2 - (d % 2)}.test\n");
        }

        await using var outbound = await StartAsync(server, zone.ToString());
        for (var i = 0; i < 600; i++)
        {
            outbound.Put(Deliveries.Message($"a@d{i % 200}.test"));
        }

        await outbound.WaitForResultsAsync(600);
        Assert.All(outbound.Queue.Results, s => Assert.Equal(DeliveryState.Delivered, s.State));
        Assert.InRange(server.MostOpen, 2, 10);
    }

    [Fact]
    public async Task All_addresses_of_all_exchangers_are_reached_over_the_attempts()
    {
        var zone = new StringBuilder();
        for (var x = 1; x <= 3; x++)
        {
            zone.Append(CultureInfo.InvariantCulture, $"dest.test MX {x} mx{x}.test\n");
            for (var a = 1; a <= 10; a++)
            {
                zone.Append(CultureInfo.InvariantCulture, $"mx{x}.test A 127.9.{x}.{a}\n");
            }
        }

        ConcurrentQueue<IPAddress> dialled = [];
        await using var outbound = new Outbound("mx", 25, zone.ToString(), _time, dial: (to, _) =>
        {
            dialled.Enqueue(to.Address);
            return Task.FromException<Stream>(new IOException("Connection refused"));
        });
        await outbound.StartAsync();
        for (var attempt = 0; attempt < 2; attempt++)
        {
            outbound.Put(Deliveries.Message("a@dest.test"));
            await outbound.WaitForResultsAsync(1);
            Assert.InRange(dialled.Count, 18 * attempt, 20 * (attempt + 1));
            _time.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(30, dialled.Distinct().Count());
    }

    [Fact]
    public async Task What_is_overdue_ends_while_its_destination_is_left_alone_and_only_then()
    {
        await using var outbound = new Outbound(
            "mx", 25, OneDomain, _time, receivers: "[default]\nconnections = 1",
            dial: (_, _) => Task.FromException<Stream>(new IOException("Connection refused")));
        await outbound.StartAsync();
        var (dead, alive) = (Deliveries.Message("a@dest.test"), Deliveries.Message("a@other.test"));
        outbound.Queue.Waiting.AddRange(new[] { dead, alive }.Select(m => m with { AcceptedAt = _time.GetUtcNow() - RetrySchedule.MaxAge - TimeSpan.FromHours(1) }));

        Assert.Equal(0, await outbound.ExpireAsync());
        outbound.Put(Deliveries.Message("b@dest.test"));
        await outbound.WaitForResultsAsync(1);
        await Eventually.TrueAsync(() => outbound.RoomFor("dest.test") < 0);

        Assert.Equal(1, await outbound.ExpireAsync());
        await outbound.WaitForResultsAsync(1);
        var ended = outbound.Queue.Results[^1];
        Assert.Equal((dead.Id, DeliveryState.Failed), (ended.MessageId, ended.State));
        Assert.StartsWith("550 4.4.7 Message expired", ended.Result, StringComparison.Ordinal);
        Assert.Equal([alive.Id], outbound.Queue.Waiting.Select(m => m.Id));
    }

    [Fact]
    public async Task While_nobody_is_let_in_what_waits_spends_no_attempt_and_one_probe_ends_that()
    {
        var (dialled, isBack) = (0, false);
        await using var server = new ScriptedSmtpServer(Plain, _time);
        await using var outbound = new Outbound("mx", 25, OneDomain, _time, receivers: "[default]\nconnections = 1", dial: (_, cancel) =>
        {
            Interlocked.Increment(ref dialled);
            return Volatile.Read(ref isBack)
                ? ConnectionOpener.DialAsync(server.EndPoint, null, cancel)
                : Task.FromException<Stream>(new IOException("Connection refused"));
        });
        await outbound.StartAsync();

        for (var i = 0; i < 50; i++)
        {
            outbound.Put(Deliveries.Message("a@dest.test"));
        }

        await outbound.WaitForResultsAsync(1);
        await Eventually.TrueAsync(() => outbound.Queue.Postponed.Count == 49);
        Assert.Equal(1, dialled);
        Assert.All(outbound.Queue.Postponed, p => Assert.Equal(_time.GetUtcNow() + TimeSpan.FromMinutes(1), p.Until));
        Assert.Equal(-1, outbound.RoomFor("dest.test"));
        await outbound.RoomAsync(1_000);

        // What comes meanwhile waits as well; then one probe is made for all.
        outbound.Put(Deliveries.Message("b@dest.test"));
        await Eventually.TrueAsync(() => outbound.Queue.Postponed.Count == 50);
        _time.Advance(TimeSpan.FromMinutes(1));
        outbound.Put(Deliveries.Message("c@dest.test"));
        await outbound.WaitForResultsAsync(1);
        Assert.Equal(2, dialled);

        // The next back-off is longer.
        outbound.Put(Deliveries.Message("d@dest.test"));
        await Eventually.TrueAsync(() => outbound.Queue.Postponed.Count == 51);
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromMinutes(2), outbound.Queue.Postponed[^1].Until);

        Volatile.Write(ref isBack, true);
        _time.Advance(TimeSpan.FromMinutes(2));
        for (var i = 0; i < 20; i++)
        {
            outbound.Put(Deliveries.Message("e@dest.test"));
        }

        await outbound.WaitForResultsAsync(20);
        Assert.All(outbound.Queue.Results.TakeLast(20), s => Assert.Equal(DeliveryState.Delivered, s.State));
        Assert.InRange(outbound.RoomFor("dest.test"), 20, 2_000);
    }

    [Fact]
    public async Task A_message_whose_time_ends_while_its_destination_is_left_alone_bounces()
    {
        await using var outbound = new Outbound(
            "mx", 25, OneDomain, _time, receivers: "[default]\nconnections = 1", dial: (_, _) => Task.FromException<Stream>(new IOException("Connection refused")));
        await outbound.StartAsync();
        outbound.Put(Deliveries.Message("a@dest.test") with { AcceptedAt = _time.GetUtcNow() });
        await outbound.WaitForResultsAsync(1);

        var ends = _time.GetUtcNow() + TimeSpan.FromSeconds(20);
        outbound.Put(Deliveries.Message("b@dest.test") with { AcceptedAt = ends - RetrySchedule.MaxAge });
        outbound.Put(Deliveries.Message("c@dest.test") with { AcceptedAt = _time.GetUtcNow() - RetrySchedule.MaxAge });
        await outbound.WaitForResultsAsync(1);
        await Eventually.TrueAsync(() => outbound.Queue.Postponed.Count == 1);

        Assert.Equal(ends, outbound.Queue.Postponed[0].Until);
        Assert.Equal(DeliveryState.Failed, outbound.Queue.Results[^1].State);
        Assert.StartsWith("550 4.4.7 Message expired", outbound.Queue.Results[^1].Result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_that_ends_connections_after_some_messages_gets_no_more_on_one()
    {
        await using var server = new ScriptedSmtpServer(Plain, _time) { MaxMessages = 4 };
        await using var outbound = await StartAsync(server, OneDomain, "[default]\nconnections = 1");
        for (var i = 0; i < 40; i++)
        {
            outbound.Put(Deliveries.Message("a@dest.test"));
        }

        await outbound.WaitForResultsAsync(40);
        Assert.All(outbound.Queue.Results, s => Assert.Equal((DeliveryState.Delivered, 1), (s.State, s.Attempt!.Number)));
        Assert.Equal((10, 1), (server.ConnectionCount, server.TurnedAway));
    }

    [Fact]
    public async Task Messages_go_no_faster_than_the_rate()
    {
        await using var server = new ScriptedSmtpServer(Plain, _time);
        await using var outbound = await StartAsync(server, OneDomain, "[default]\nmessages-per-second = 0.5");
        var begin = _time.GetUtcNow();
        for (var i = 0; i < 5; i++)
        {
            outbound.Put(Deliveries.Message("a@dest.test"));
        }

        await outbound.WaitForResultsAsync(5, Task.CompletedTask);
        Assert.InRange(_time.GetUtcNow() - begin, TimeSpan.FromSeconds(8), TimeSpan.MaxValue);
        Assert.All(outbound.Queue.Results, s => Assert.Equal(DeliveryState.Delivered, s.State));
    }

    [Fact]
    public async Task Where_TLS_is_required_nothing_goes_in_clear_text()
    {
        await using var server = new ScriptedSmtpServer(Plain, _time);
        await using var outbound = await StartAsync(server, OneDomain, "[ours]\nexchangers = mx.test\ntls = required");

        outbound.Put(Deliveries.Message("a@dest.test"));
        await outbound.WaitForResultsAsync(1);

        Assert.Equal(DeliveryState.Deferred, Assert.Single(outbound.Queue.Results).State);
        Assert.Empty(server.Contents);
    }

    [Fact]
    public async Task Destinations_of_a_receiver_that_shares_its_limits_keep_to_them_together_and_each_has_its_turn()
    {
        await using var server = new ScriptedSmtpServer(Plain, _time);
        var zone = string.Concat(Enumerable.Range(0, 20).Select(d => $"d{d}.test MX 1 d{d}.mx.test\nd{d}.mx.test A 127.0.0.1\n"));
        await using var outbound = await StartAsync(server, zone, "[ours]\nexchangers = .mx.test\nconnections = 2\nshared = yes");
        for (var i = 0; i < 400; i++)
        {
            outbound.Put(Deliveries.Message($"a@d{i % 20}.test"));
        }

        await outbound.WaitForResultsAsync(400);
        Assert.All(outbound.Queue.Results, s => Assert.Equal(DeliveryState.Delivered, s.State));
        Assert.InRange(server.MostOpen, 1, 3); // One that was closed may not be gone yet.
    }

    [Fact]
    public async Task An_account_keeps_to_one_source_address_and_several_share_them()
    {
        await using var server = new ScriptedSmtpServer(Plain, _time);
        ConcurrentQueue<IPAddress?> from = [];
        await using var outbound = new Outbound(
            "mx", 25, OneDomain, _time, receivers: "[default]\nsource-addresses = 127.0.0.5 127.0.0.6\nmessages-per-connection = 1",
            dialFrom: (_, source, cancel) =>
            {
                from.Enqueue(source);
                return ConnectionOpener.DialAsync(server.EndPoint, null, cancel);
            });
        await outbound.StartAsync();
        Dictionary<int, IPAddress?> used = [];
        for (var account = 0; account < 12; account++)
        {
            for (var i = 0; i < 2; i++)
            {
                var owner = new AccountRegion(AccountId.Parse($"1111222233{account:00}"), Region.Default);
                outbound.Put(Deliveries.Message("a@dest.test") with { Owner = owner });
                await outbound.WaitForResultsAsync(1);
                Assert.True(from.TryDequeue(out var source));
                Assert.Equal(used.TryAdd(account, source) ? source : used[account], source);
            }
        }

        Assert.Equal(["127.0.0.5", "127.0.0.6"], used.Values.Distinct().Select(a => $"{a}").Order());
    }

    [Fact]
    public async Task A_host_of_the_other_version_of_IP_than_the_source_addresses_is_not_connected_to()
    {
        await using var server = new ScriptedSmtpServer(Plain, _time);
        ConcurrentQueue<IPAddress> dialled = [];
        await using var outbound = new Outbound(
            "mx", 25, "dest.test MX 10 mx.test\nmx.test AAAA ::1\nmx.test A 127.0.0.1", _time, receivers: "[default]\nsource-addresses = 127.0.0.1",
            dial: (to, cancel) =>
            {
                dialled.Enqueue(to.Address);
                return ConnectionOpener.DialAsync(server.EndPoint, null, cancel);
            });
        await outbound.StartAsync();

        outbound.Put(Deliveries.Message("a@dest.test"));
        await outbound.WaitForResultsAsync(1);

        Assert.Equal(DeliveryState.Delivered, Assert.Single(outbound.Queue.Results).State);
        Assert.Equal([IPAddress.Loopback], dialled);
    }

    [Fact]
    public async Task Nothing_is_known_of_the_room_that_an_unknown_destination_has()
    {
        await using var outbound = new Outbound("mx", 25, OneDomain, _time);

        Assert.Equal(20, outbound.RoomFor("dest.test"));
    }

    [Fact]
    public async Task Look_ups_and_what_waits_for_them_are_bounded()
    {
        var dns = new FakeDns(string.Concat(Enumerable.Range(0, 9).Select(d => $"d{d}.test MX 1 mx{d}.test\nmx{d}.test A 127.0.0.1\n")));
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new ScriptedSmtpServer(Plain, _time);
        await using var outbound = new Outbound(
            "mx", server.EndPoint.Port, "", _time, new DestinationLimits { Lookups = 1, BatchesWithoutHosts = 4 }, dns: dns);
        dns.BeforeAnswer = () => answer.Task;
        await outbound.StartAsync();

        foreach (var domain in new[] { 0, 0, 1, 2, 3 })
        {
            outbound.Put(Deliveries.Message($"a@d{domain}.test"));
        }

        await Eventually.TrueAsync(() => outbound.Queue.Postponed.Count == 1);
        Assert.Equal(["MX d0.test"], dns.Asked);
        answer.SetResult();
        await outbound.WaitForResultsAsync(4);
        Assert.Single(dns.Asked, q => q == "MX d0.test");
        await outbound.RoomAsync(1_000);
    }

    private async Task<Outbound> StartAsync(ScriptedSmtpServer server, string zone, string receivers = "")
    {
        var outbound = new Outbound(
            "mx", 25, zone, _time, receivers: receivers, dial: (_, cancel) => ConnectionOpener.DialAsync(server.EndPoint, null, cancel));
        await outbound.StartAsync();
        return outbound;
    }
}
