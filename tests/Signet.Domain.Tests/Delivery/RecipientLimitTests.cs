using Microsoft.Extensions.Time.Testing;
using Signet.Delivery;
using Signet.Queue;
using Signet.Tests.Fakes;
using Signet.Tests.Queue;

namespace Signet.Tests.Delivery;

/// <summary>Servers that take only so many recipients in one transaction (RFC 5321 §4.5.3.1.10).</summary>
public sealed class RecipientLimitTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddMinutes(1));

    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(7, true)]
    [InlineData(49, false)]
    [InlineData(50, true)]
    public async Task All_are_served_in_one_attempt_over_one_connection(int limit, bool pipelining)
    {
        await using var server = new ScriptedSmtpServer($"EHLO: 250-mx.test|250 {(pipelining ? "PIPELINING" : "HELP")}", _time) { MaxRecipients = limit };
        await using var outbound = await StartAsync(server);

        outbound.Put(Deliveries.Message(Fifty));
        await outbound.WaitForResultsAsync(50);

        Assert.All(outbound.Queue.Results, s => Assert.Equal((DeliveryState.Delivered, 1), (s.State, s.Attempt!.Number)));
        Assert.Equal((50 + limit - 1) / limit, server.Contents.Count);
        Assert.Equal(1, server.ConnectionCount);

        // The first transaction finds the limit, the others keep to it.
        Assert.Equal(50 + 50 - limit, server.Commands.Count(c => c.StartsWith("RCPT", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_server_that_hangs_up_after_so_many_refusals_is_asked_for_fewer()
    {
        await using var server = new ScriptedSmtpServer("EHLO: 250-mx.test|250 PIPELINING", _time) { MaxRecipients = 1, MaxRefusals = 20 };
        await using var outbound = await StartAsync(server);

        outbound.Put(Deliveries.Message(Fifty));
        await outbound.WaitForResultsAsync(50);

        Assert.All(outbound.Queue.Results, s => Assert.Equal(DeliveryState.Delivered, s.State));
        Assert.Equal(50, server.Contents.Count);
        Assert.Equal(2, server.ConnectionCount);
    }

    [Fact]
    public async Task The_next_message_over_the_connection_keeps_to_what_was_found()
    {
        await using var server = new ScriptedSmtpServer("EHLO: 250-mx.test|250 PIPELINING", _time) { MaxRecipients = 10 };
        await using var outbound = await StartAsync(server);

        outbound.Put(Deliveries.Message(Fifty));
        await outbound.WaitForResultsAsync(50);
        outbound.Put(Deliveries.Message(Fifty));
        await outbound.WaitForResultsAsync(50);

        Assert.Equal(10, server.Contents.Count);
        Assert.Equal(140, server.Commands.Count(c => c.StartsWith("RCPT", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_full_mailbox_that_says_no_more_than_452_holds_up_nobody_else()
    {
        await using var server = new ScriptedSmtpServer("EHLO: 250-mx.test|250 PIPELINING\nRCPT TO:<b@: 452 mailbox full", _time);
        await using var outbound = await StartAsync(server);

        outbound.Put(Deliveries.Message("a@dest.test", "b@dest.test", "c@dest.test"));
        await outbound.WaitForResultsAsync(3);

        Assert.Equal(
            [DeliveryState.Delivered, DeliveryState.Deferred, DeliveryState.Delivered],
            outbound.Queue.Results.OrderBy(s => s.Ordinal).Select(s => s.State));
        Assert.Equal(2, server.Commands.Count(c => c.StartsWith("RCPT TO:<b@", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_full_mailbox_is_not_taken_for_a_limit_once_it_was_asked_for_alone()
    {
        await using var server = new ScriptedSmtpServer("EHLO: 250-mx.test|250 PIPELINING\nRCPT TO:<full@: 452 mailbox full", _time);
        await using var outbound = await StartAsync(server);

        outbound.Put(Deliveries.Message("a@dest.test", "full@dest.test"));
        await outbound.WaitForResultsAsync(2);
        outbound.Put(Deliveries.Message("a@dest.test", "b@dest.test"));
        await outbound.WaitForResultsAsync(2);

        Assert.Equal(3, server.Commands.Count(c => c.StartsWith("MAIL", StringComparison.Ordinal)));
        Assert.Equal(1, server.ConnectionCount);
    }

    private static string[] Fifty => [.. Enumerable.Range(0, 50).Select(i => $"r{i}@dest.test")];

    private async Task<Outbound> StartAsync(ScriptedSmtpServer server)
    {
        // One connection: a second message that comes before the first connection is kept must not get another.
        var outbound = new Outbound(
            $"smtp://127.0.0.1:{server.EndPoint.Port}", 25, "", _time, DestinationLimits.Default with { SmarthostConnections = 1 });
        await outbound.StartAsync();
        return outbound;
    }
}
