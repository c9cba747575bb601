using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Signet.Delivery;
using Signet.Events;
using Signet.Names;
using Signet.Queue;
using Signet.Tests.Fakes;
using Signet.Tests.Queue;

namespace Signet.Tests.Delivery;

public sealed class QueueingTests
{
    private const string Plain = "EHLO: 250-mx.test|250 PIPELINING";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddMinutes(1));
    private int _dialled;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_connection_serves_message_after_message()
    {
        await using var server = new ScriptedSmtpServer(Plain, _time);
        await using var outbound = await StartAsync($"smtp://127.0.0.1:{server.EndPoint.Port}");

        for (var i = 0; i < 5; i++)
        {
            outbound.Put(Deliveries.Message($"a@{i}.test"));
            await outbound.WaitForResultsAsync(1);
        }

        Assert.Equal(1, server.ConnectionCount);
        Assert.All(outbound.Queue.Results, s => Assert.Equal(DeliveryState.Delivered, s.State));
    }

    [Fact]
    public async Task No_more_connections_are_open_than_allowed()
    {
        await using var server = new ScriptedSmtpServer(Plain, _time);
        await using var outbound = await StartAsync(
            $"smtp://127.0.0.1:{server.EndPoint.Port}", limits: DestinationLimits.Default with { SmarthostConnections = 3 });

        for (var i = 0; i < 200; i++)
        {
            outbound.Put(Deliveries.Message("a@dest.test"));
        }

        await outbound.WaitForResultsAsync(200);
        Assert.InRange(server.ConnectionCount, 1, 3);
        await outbound.RoomAsync(1_000);
    }

    [Fact]
    public async Task All_destinations_together_keep_to_one_number_of_connections_and_each_has_its_turn()
    {
        await using var server = new ScriptedSmtpServer(Plain, _time);
        var zone = string.Concat(Enumerable.Range(0, 8).Select(d => $"d{d}.test MX 1 mx.d{d}.test\nmx.d{d}.test A 127.0.0.1\n"));
        var open = new OpenConnections();
        await using var outbound = await StartAsync(
            "mx", zone: zone, limits: DestinationLimits.Default with { Connections = 3 }, dial: (_, cancel) => open.DialAsync(server.EndPoint, cancel));

        for (var i = 0; i < 400; i++)
        {
            outbound.Put(Deliveries.Message($"a@d{i % 8}.test"));
        }

        await outbound.WaitForResultsAsync(400);
        Assert.All(outbound.Queue.Results, s => Assert.Equal(DeliveryState.Delivered, s.State));
        Assert.Equal(3, open.Most);
    }

    [Fact]
    public async Task A_connection_is_left_after_so_many_messages()
    {
        await using var server = new ScriptedSmtpServer(Plain, _time);
        await using var outbound = await StartAsync(
            $"smtp://127.0.0.1:{server.EndPoint.Port}", limits: DestinationLimits.Default with { SmarthostConnections = 1, SmarthostMessages = 2 });

        for (var i = 0; i < 6; i++)
        {
            outbound.Put(Deliveries.Message("a@dest.test"));
        }

        await outbound.WaitForResultsAsync(6);
        Assert.Equal(3, server.ConnectionCount);
    }

    [Fact]
    public async Task A_server_that_hung_up_meanwhile_gets_a_new_connection_and_the_message_no_blame()
    {
        await using var server = new ScriptedSmtpServer($"{Plain}\nMAIL FROM:<return@signet.test>: once 250 ok\nMAIL: once close", _time);
        await using var outbound = await StartAsync($"smtp://127.0.0.1:{server.EndPoint.Port}");

        outbound.Put(Deliveries.Message("a@dest.test"));
        await outbound.WaitForResultsAsync(1);
        outbound.Put(Deliveries.Message("b@dest.test"));
        await outbound.WaitForResultsAsync(1);

        Assert.Equal(2, server.ConnectionCount);
        Assert.All(outbound.Queue.Results, s => Assert.Equal((DeliveryState.Delivered, 1), (s.State, s.Attempt!.Number)));
    }

    [Fact]
    public async Task The_next_host_is_tried_when_the_first_does_not_answer()
    {
        await using var server = new ScriptedSmtpServer(Plain, _time);
        const string zone = """
            dest.test MX 10 dead.test
            dest.test MX 20 alive.test
            dead.test A 127.0.0.9
            alive.test A 127.0.0.1
            """;
        await using var outbound = await StartAsync("mx", server.EndPoint.Port, zone);

        outbound.Put(Deliveries.Message("a@dest.test"));
        await outbound.WaitForResultsAsync(1);

        var result = Assert.Single(outbound.Queue.Results);
        Assert.Equal((DeliveryState.Delivered, "alive.test"), (result.State, result.Attempt!.Host));
    }

    [Fact]
    public async Task A_message_whose_time_is_over_bounces_with_its_last_error()
    {
        _time.Advance(TimeSpan.FromHours(14));
        await using var outbound = await StartAsync("smtp://relay.test", dial: RefuseAsync);

        outbound.Put(Deliveries.Message("a@dest.test"));
        await outbound.WaitForResultsAsync(1);

        var result = Assert.Single(outbound.Queue.Results);
        Assert.Equal((DeliveryState.Failed, EventType.Bounce), (result.State, result.Event!.Type));
        Assert.StartsWith("550 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.1 Failed to establish", result.Result, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, DeliveryState.Deferred)]
    [InlineData(2, DeliveryState.Failed)]
    public async Task A_missing_domain_is_believed_after_some_attempts(int attempts, DeliveryState state)
    {
        await using var outbound = await StartAsync("mx");
        var message = Deliveries.Message("a@missing.test");

        outbound.Put(message with { Deliveries = [message.Deliveries[0] with { Attempts = attempts }] });
        await outbound.WaitForResultsAsync(1);

        Assert.Equal(state, Assert.Single(outbound.Queue.Results).State);
    }

    [Theory]
    [InlineData("250 PIPELINING", "Content-Transfer-Encoding: quoted-printable\r\n\r\nmostly plain =C3=A9\r\n")]
    [InlineData("250 8BITMIME", "\r\n\r\nmostly plain \u00e9\r\n")]
    public async Task Content_beyond_ascii_is_converted_for_a_server_that_takes_none(string capability, string end)
    {
        await using var server = new ScriptedSmtpServer($"EHLO: 250-mx.test|{capability}", _time);
        await using var outbound = await StartAsync($"smtp://127.0.0.1:{server.EndPoint.Port}");

        outbound.Put(Deliveries.Message("a@dest.test") with { Content = Encoding.UTF8.GetBytes("Subject: x\r\n\r\nmostly plain \u00e9\r\n") });
        await outbound.WaitForResultsAsync(1);

        Assert.Equal(DeliveryState.Delivered, Assert.Single(outbound.Queue.Results).State);
        Assert.EndsWith(end, Encoding.UTF8.GetString(Assert.Single(server.Contents)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_converted_is_prepared_once_whatever_the_number_of_such_servers()
    {
        await using var server = new ScriptedSmtpServer(Plain, _time);
        var zone = string.Concat(Enumerable.Range(0, 5).Select(d => $"d{d}.test MX 1 mx.d{d}.test\nmx.d{d}.test A 127.0.0.1\n"));
        List<byte[]> prepared = [];
        await using var outbound = new Outbound("mx", server.EndPoint.Port, zone, _time, sign: (message, _) =>
        {
            lock (prepared)
            {
                prepared.Add(message.Content.ToArray());
            }

            return Task.FromResult<ReadOnlyMemory<byte>>("Signed: yes\r\n"u8.ToArray());
        });
        await outbound.StartAsync();

        outbound.Put(Deliveries.Message([.. Enumerable.Range(0, 5).Select(d => $"a@d{d}.test")]) with
        {
            Content = Encoding.UTF8.GetBytes("Subject: x\r\n\r\n\u00e9\r\n"),
        });
        await outbound.WaitForResultsAsync(5);

        Assert.Equal([false, true], prepared.Select(p => System.Text.Ascii.IsValid(p)).Order());
        Assert.All(server.Contents, c => Assert.StartsWith("Signed: yes\r\nSubject: x\r\nMIME-Version: 1.0\r\n", Encoding.UTF8.GetString(c), StringComparison.Ordinal));
        Assert.Equal(5, server.Contents.Count);
    }

    [Fact]
    public async Task A_server_that_takes_no_such_messages_is_not_taken_for_one_that_does_not_answer()
    {
        await using var server = new ScriptedSmtpServer("EHLO: 250-mx.test|250 SIZE 30", _time);
        await using var outbound = await StartAsync(
            $"smtp://127.0.0.1:{server.EndPoint.Port}", limits: DestinationLimits.Default with { SmarthostConnections = 1 });
        for (var i = 0; i < 5; i++)
        {
            outbound.Put(Deliveries.Message("a@dest.test") with { Content = "Subject: x\r\n\r\nmore than thirty bytes\r\n"u8.ToArray() });
        }

        outbound.Put(Deliveries.Message("b@dest.test"));
        await outbound.WaitForResultsAsync(6);

        Assert.Equal(DeliveryState.Delivered, outbound.Queue.Results[^1].State);
        Assert.All(outbound.Queue.Results.SkipLast(1), s => Assert.StartsWith("552 5.3.4", s.Result, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Signed_content_beyond_ascii_goes_to_another_exchanger_that_takes_it_or_fails()
    {
        await using var plain = new ScriptedSmtpServer(Plain, _time);
        await using var eightBit = new ScriptedSmtpServer("EHLO: 250-mx.test|250 8BITMIME", _time);
        const string zone = """
            one.test MX 10 plain.test
            two.test MX 10 plain.test
            two.test MX 20 eightbit.test
            plain.test A 127.0.0.1
            eightbit.test A 127.0.0.2
            """;
        await using var outbound = await StartAsync(
            "mx", zone: zone,
            dial: (to, cancel) => ConnectionOpener.DialAsync(to.Address.Equals(IPAddress.Loopback) ? plain.EndPoint : eightBit.EndPoint, null, cancel));

        outbound.Put(Deliveries.Message("a@one.test", "a@two.test") with
        {
            Content = Encoding.UTF8.GetBytes("Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n\u00e9\r\n--b--\r\n"),
        });
        await outbound.WaitForResultsAsync(2);

        var results = outbound.Queue.Results.OrderBy(s => s.Ordinal).ToList();
        Assert.Equal([DeliveryState.Failed, DeliveryState.Delivered], results.Select(s => s.State));
        Assert.StartsWith("554 5.6.2", results[0].Result, StringComparison.Ordinal);
        Assert.Empty(plain.Contents);
    }

    [Fact]
    public async Task A_silent_destination_holds_up_nobody_else_and_does_not_fill_the_memory()
    {
        var silent = new ScriptedSmtpServer("GREETING: silent", _time);
        await using var server = new ScriptedSmtpServer(Plain, _time);
        await using var outbound = await StartAsync(
            "mx", zone: "slow.test MX 1 slow.test\nslow.test A 127.0.0.1\nfast.test MX 1 fast.test\nfast.test A 127.0.0.2",
            dial: (to, cancel) => ConnectionOpener.DialAsync(to.Address.Equals(IPAddress.Loopback) ? silent.EndPoint : server.EndPoint, null, cancel),
            windowSize: 40);

        for (var i = 0; i < 35; i++)
        {
            outbound.Put(Deliveries.Message("a@slow.test"));
        }

        await silent.Stalling.Task.InTimeAsync();
        outbound.Put(Deliveries.Message("a@fast.test"));
        await outbound.WaitForResultsAsync(1);
        Assert.Equal(DeliveryState.Delivered, Assert.Single(outbound.Queue.Results).State);

        _time.Advance(TimeSpan.FromSeconds(5));
        outbound.Put(Deliveries.Message("late@slow.test"));
        await Eventually.TrueAsync(() => outbound.Queue.Postponed.Count == 1);
        Assert.True(outbound.Queue.Postponed[0].Until > _time.GetUtcNow());

        // Lets those go that are being talked to, or stopping would wait for them.
        await silent.DisposeAsync();
    }

    [Fact]
    public async Task What_is_on_its_way_is_not_taken_again_when_its_claim_was_lost()
    {
        await using var server = new ScriptedSmtpServer($"{Plain}\nDOT: silent", _time);
        await using var outbound = await StartAsync($"smtp://127.0.0.1:{server.EndPoint.Port}");
        var message = Deliveries.Message("a@dest.test");

        outbound.Put(message);
        await server.Stalling.Task.InTimeAsync();
        outbound.Queue.Waiting.Add(message);
        outbound.Queue.Waiting.Add(message with { Deliveries = [.. message.Deliveries, message.Deliveries[0] with { Ordinal = 1 }] });
        await outbound.FillAsync();

        await outbound.RoomAsync(998);
        await outbound.WaitForResultsAsync(2, server.Stalling.Task);
        Assert.Equal([0, 1], outbound.Queue.Results.Select(s => s.Ordinal).Order());
    }

    [Fact]
    public async Task What_breaks_while_a_message_is_prepared_defers_it_and_no_other_and_ends_with_its_time()
    {
        await using var server = new ScriptedSmtpServer(Plain, _time);
        var (bad, old, good) = (Deliveries.Message("a@dest.test"), Deliveries.Message("b@dest.test"), Deliveries.Message("c@dest.test"));
        old = old with { AcceptedAt = _time.GetUtcNow() - RetrySchedule.MaxAge };
        await using var outbound = await StartAsync(
            $"smtp://127.0.0.1:{server.EndPoint.Port}", limits: DestinationLimits.Default with { SmarthostConnections = 1 },
            configure: options => options with
            {
                Sign = (message, _) => message.Id == good.Id ? Task.FromResult(ReadOnlyMemory<byte>.Empty) : throw new CryptographicException("secret"),
            });

        outbound.Put(bad);
        outbound.Put(old);
        outbound.Put(good);
        await outbound.WaitForResultsAsync(3);

        var results = outbound.Queue.Results.ToDictionary(s => s.MessageId);
        var deferred = results[bad.Id];
        Assert.Equal(DeliveryState.Deferred, deferred.State);
        Assert.Equal("451 4.3.0 internal error while delivering (see the log, CryptographicException)", deferred.Result);
        Assert.Equal((1, DeliveryState.Deferred), (deferred.Attempt!.Number, deferred.Attempt.Outcome));
        Assert.Contains("InternalFailure", deferred.Event!.Detail, StringComparison.Ordinal);
        Assert.Equal((DeliveryState.Failed, EventType.Bounce), (results[old.Id].State, results[old.Id].Event!.Type));
        Assert.Equal(DeliveryState.Delivered, results[good.Id].State);
        Assert.Equal(1, server.ConnectionCount);
    }

    [Fact]
    public async Task A_time_out_inside_a_library_defers_like_any_failure()
    {
        await using var outbound = await StartAsync(
            "smtp://relay.test", configure: options => options with { Sign = (_, _) => throw new TaskCanceledException("no answer in time") });

        outbound.Put(Deliveries.Message("a@dest.test"));
        await outbound.WaitForResultsAsync(1);

        Assert.Contains("TaskCanceledException", Assert.Single(outbound.Queue.Results).Result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recipient_that_no_route_is_for_is_deferred_and_the_others_are_delivered()
    {
        await using var server = new ScriptedSmtpServer(Plain, _time);
        await using var outbound = await StartAsync($"good.test=smtp://127.0.0.1:{server.EndPoint.Port}");

        outbound.Put(Deliveries.Message("a@bad.test", "b@good.test"));
        await outbound.WaitForResultsAsync(2);

        var results = outbound.Queue.Results.OrderBy(s => s.Ordinal).ToList();
        Assert.Equal([DeliveryState.Deferred, DeliveryState.Delivered], results.Select(s => s.State));
        Assert.Equal("451 4.3.0 internal error while delivering (see the log, InvalidOperationException)", results[0].Result);
        await outbound.RoomAsync(1_000);
    }

    [Fact]
    public async Task A_store_that_is_away_is_no_attempt()
    {
        await using var outbound = await StartAsync(
            "smtp://relay.test", configure: options => options with { Sign = (_, _) => throw new StoreUnavailableException("the disk is full") });

        outbound.Put(Deliveries.Message("a@dest.test"));
        await Eventually.TrueAsync(() => outbound.Queue.Postponed.Count == 1);

        Assert.Empty(outbound.Queue.Results);
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromMinutes(1), outbound.Queue.Postponed[0].Until);
    }

    [Fact]
    public async Task A_large_content_is_read_when_its_turn_comes_and_not_kept()
    {
        await using var server = new ScriptedSmtpServer(Plain, _time);
        await using var outbound = await StartAsync($"smtp://127.0.0.1:{server.EndPoint.Port}");
        var large = Large("a@dest.test", 100_000, outbound);
        var gone = Large("b@dest.test", 100_000, outbound);
        outbound.Queue.Contents.Remove(gone.Id);

        outbound.Put(large);
        outbound.Put(gone);
        await outbound.WaitForResultsAsync(2);

        Assert.Equal(DeliveryState.Delivered, outbound.Queue.Results.Single(s => s.MessageId == large.Id).State);
        Assert.Equal(100_000, Assert.Single(server.Contents).Length);
        Assert.Contains("InvalidDataException", outbound.Queue.Results.Single(s => s.MessageId == gone.Id).Result, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(100_000)] // More than there is room for before the content.
    public async Task Large_contents_go_one_after_the_other_with_their_signatures_on_top(int signature)
    {
        await using var server = new ScriptedSmtpServer(Plain, _time);
        await using var outbound = await StartAsync(
            $"smtp://127.0.0.1:{server.EndPoint.Port}", limits: DestinationLimits.Default with { SmarthostConnections = 1 },
            configure: options => options with
            {
                Sign = (message, _) => Task.FromResult<ReadOnlyMemory<byte>>(
                    Encoding.ASCII.GetBytes($"Signed: {message.Id} {new string('x', signature)}\r\n")),
            });
        ClaimedMessage[] messages = [.. Enumerable.Range(1, 5).Select(i => Large($"a{i}@dest.test", 300_000 - (i * 40_000), outbound))];
        foreach (var message in messages)
        {
            outbound.Put(message);
        }

        await outbound.WaitForResultsAsync(messages.Length);

        Assert.All(outbound.Queue.Results, s => Assert.Equal(DeliveryState.Delivered, s.State));
        Assert.Equal(
            messages.Select(m => $"Signed: {m.Id} {new string('x', signature)}\r\n{Encoding.ASCII.GetString(outbound.Queue.Contents[m.Id].Span)}")
                .Order(StringComparer.Ordinal),
            server.Contents.Select(Encoding.ASCII.GetString).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Large_contents_keep_to_their_memory_and_small_ones_pass_them()
    {
        var silent = new ScriptedSmtpServer("GREETING: silent", _time);
        await using var server = new ScriptedSmtpServer(Plain, _time);
        var held = 0L;
        await using var outbound = await StartAsync(
            "mx", zone: "slow.test MX 1 slow.test\nslow.test A 127.0.0.1\nfast.test MX 1 fast.test\nfast.test A 127.0.0.2",
            dial: (to, cancel) => ConnectionOpener.DialAsync(to.Address.Equals(IPAddress.Loopback) ? silent.EndPoint : server.EndPoint, null, cancel),
            configure: options => options with
            {
                ContentBudget = 1_000_000,
                Sign = (message, _) =>
                {
                    Interlocked.Add(ref held, message.Content.Length);
                    return Task.FromResult(ReadOnlyMemory<byte>.Empty);
                },
            });

        // Of two accounts: each may have half of the memory.
        for (var i = 0; i < 20; i++)
        {
            outbound.Put(Large("a@slow.test", 200_000, outbound));
        }

        var other = Large("b@fast.test", 200_000, outbound);
        outbound.Put(other with { Owner = new AccountRegion(AccountId.Parse("444455556666"), Region.Default) });
        outbound.Put(Deliveries.Message("c@fast.test"));
        await outbound.WaitForResultsAsync(2);

        Assert.All(outbound.Queue.Results, s => Assert.Equal(DeliveryState.Delivered, s.State));
        Assert.InRange(held, 200_000, 600_100);

        // Lets those go that are being talked to: nobody answers there any more, so the others go back to the store.
        await silent.DisposeAsync();
        await Eventually.TrueAsync(() => outbound.Queue.Results.Count + outbound.Queue.Postponed.Count == 22);
        await outbound.RoomAsync(1_000);
    }

    [Fact]
    public async Task Each_destination_of_a_large_message_gets_it_whenever_its_turn_comes()
    {
        await using var server = new ScriptedSmtpServer(Plain, _time);
        var zone = string.Concat(Enumerable.Range(0, 8).Select(d => $"d{d}.test MX 1 mx.d{d}.test\nmx.d{d}.test A 127.0.0.1\n"));
        await using var outbound = await StartAsync(
            "mx", server.EndPoint.Port, zone, limits: DestinationLimits.Default with { Connections = 2 },
            configure: options => options with { ContentBudget = 150_000 });
        for (var i = 0; i < 4; i++)
        {
            outbound.Put(Large(string.Join(' ', Enumerable.Range(0, 8).Select(d => $"a@d{d}.test")), 100_000, outbound));
        }

        await outbound.WaitForResultsAsync(32);

        Assert.All(outbound.Queue.Results, s => Assert.Equal(DeliveryState.Delivered, s.State));
        await outbound.RoomAsync(1_000);
    }

    [Fact]
    public async Task What_waits_in_memory_is_given_up_when_an_operator_asks_and_what_is_on_its_way_is_not()
    {
        await using var server = new ScriptedSmtpServer($"{Plain}\nDOT: silent", _time);
        await using var outbound = await StartAsync(
            $"smtp://127.0.0.1:{server.EndPoint.Port}", limits: DestinationLimits.Default with { SmarthostConnections = 1 });
        var (first, second, third) = (Deliveries.Message("a@dest.test"), Deliveries.Message("a@dest.test", "b@dest.test"), Deliveries.Message("a@dest.test"));
        outbound.Put(first);
        await server.Stalling.Task.InTimeAsync();
        outbound.Put(second);
        outbound.Put(third);
        await Eventually.TrueAsync(() => outbound.InMemory == 4);
        outbound.Requests.OfNode.AddRange([new(first.Id, 0), new(second.Id, 1), new(third.Id, 0), new(Deliveries.Message().Id, 0)]);

        await outbound.LookAsync();

        Assert.Equal(
            new HashSet<(string?, DeliveryKey)> { ("node", new(second.Id, 1)), ("node", new(third.Id, 0)) }, outbound.Requests.Fulfilled.ToHashSet());
        await outbound.WaitForResultsAsync(2, server.Stalling.Task);
        Assert.Equal([(first.Id, 0), (second.Id, 0)], outbound.Queue.Results.Select(s => (s.MessageId, s.Ordinal)));
        Assert.DoesNotContain("RCPT TO:<b@dest.test>", server.Commands);
    }

    [Fact]
    public async Task What_no_node_has_is_given_up_unless_it_is_on_its_way_here()
    {
        await using var server = new ScriptedSmtpServer($"{Plain}\nDOT: silent", _time);
        await using var outbound = await StartAsync($"smtp://127.0.0.1:{server.EndPoint.Port}");
        var (here, elsewhere) = (Deliveries.Message("a@dest.test"), Deliveries.Message("a@dest.test"));
        outbound.Put(here);
        await server.Stalling.Task.InTimeAsync();
        outbound.Requests.OfNode.Add(new(here.Id, 0));
        outbound.Requests.Unclaimed.AddRange([new(here.Id, 0), new(elsewhere.Id, 0)]);

        await outbound.LookAsync();

        Assert.Equal([(null, new DeliveryKey(elsewhere.Id, 0))], outbound.Requests.Fulfilled);
        await outbound.WaitForResultsAsync(1, server.Stalling.Task);
    }

    [Fact]
    public async Task What_waits_is_not_attempted_when_the_node_was_taken_for_dead()
    {
        await using var server = new ScriptedSmtpServer($"{Plain}\nDOT: silent", _time);
        await using var outbound = await StartAsync(
            $"smtp://127.0.0.1:{server.EndPoint.Port}", limits: DestinationLimits.Default with { SmarthostConnections = 1 });
        var (first, lost) = (Deliveries.Message("a@dest.test"), Deliveries.Message("b@dest.test"));
        outbound.Put(first);
        await server.Stalling.Task.InTimeAsync();
        outbound.Put(lost);
        await Eventually.TrueAsync(() => outbound.InMemory == 2);

        outbound.Forget();

        Assert.Equal(1, outbound.InMemory);
        await outbound.WaitForResultsAsync(1, server.Stalling.Task);
        await outbound.RoomAsync(1_000);
        Assert.Equal([first.Id], outbound.Queue.Results.Select(s => s.MessageId));
        Assert.Empty(outbound.Queue.Postponed);
    }

    [Fact]
    public async Task A_node_that_the_store_has_not_heard_of_for_too_long_begins_nothing_and_gives_it_back()
    {
        await using var server = new ScriptedSmtpServer(Plain, _time);
        await using var outbound = await StartAsync(
            $"smtp://127.0.0.1:{server.EndPoint.Port}", configure: o => o with { MayBegin = () => false });
        var message = Deliveries.Message("a@dest.test");

        outbound.Put(message);

        await Eventually.TrueAsync(() => outbound.Queue.Postponed.Count > 0, () => _time.Advance(TimeSpan.FromMilliseconds(20)));
        Assert.Equal((new DeliveryKey(message.Id, 0), message.AcceptedAt), Assert.Single(outbound.Queue.Postponed));
        Assert.Empty(outbound.Queue.Results);
    }

    private static ClaimedMessage Large(string recipients, int size, Outbound outbound)
    {
        var content = new byte[size];
        Array.Fill(content, (byte)'x');
        "Subject: x\r\n\r\n"u8.CopyTo(content);
        for (var i = 78; i + 2 <= size; i += 80)
        {
            "\r\n"u8.CopyTo(content.AsSpan(i));
        }

        "\r\n"u8.CopyTo(content.AsSpan(size - 2));
        var message = Deliveries.Message(recipients.Split(' '));
        outbound.Queue.Contents[message.Id] = content;
        return message with { Content = default, Size = size };
    }

    private async Task<Outbound> StartAsync(
        string route, int mxPort = 25, string zone = "", DestinationLimits? limits = null,
        Func<IPEndPoint, CancellationToken, Task<Stream>>? dial = null, int windowSize = 1_000,
        Func<DeliveryOptions, DeliveryOptions>? configure = null)
    {
        var outbound = new Outbound(route, mxPort, zone, _time, limits, dial, windowSize, configure: configure);
        await outbound.StartAsync();
        return outbound;
    }

    private Task<Stream> RefuseAsync(IPEndPoint to, CancellationToken cancel)
    {
        Interlocked.Increment(ref _dialled);
        return Task.FromException<Stream>(new IOException("Connection refused"));
    }

    /// <summary>Counts what is open, as the side that opens sees it.</summary>
    private sealed class OpenConnections
    {
        private readonly Lock _lock = new();
        private int _open;

        public int Most { get; private set; }

        public async Task<Stream> DialAsync(IPEndPoint to, CancellationToken cancel)
        {
            lock (_lock)
            {
                Most = Math.Max(Most, ++_open);
            }

            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(to, cancel);
            return new Counted(socket, this);
        }

        private sealed class Counted(Socket socket, OpenConnections all) : NetworkStream(socket, ownsSocket: true)
        {
            private bool _closed;

            protected override void Dispose(bool disposing)
            {
                lock (all._lock)
                {
                    all._open -= _closed ? 0 : 1;
                    _closed = true;
                }

                base.Dispose(disposing);
            }
        }
    }
}
