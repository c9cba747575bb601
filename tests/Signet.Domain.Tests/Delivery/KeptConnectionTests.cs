using Microsoft.Extensions.Time.Testing;
using Signet.Delivery;
using Signet.Queue;
using Signet.Tests.Fakes;
using Signet.Tests.Queue;

namespace Signet.Tests.Delivery;

/// <summary>What a server says to a connection that it kept for a while is news of the connection, not of the next message.</summary>
public sealed class KeptConnectionTests
{
    private const string Plain = "EHLO: 250-mx.test|250 PIPELINING";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddMinutes(1));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("DOT: once 250 2.0.0 taken|451 4.4.2 idle for too long")]
    [InlineData("DOT: once 250 2.0.0 taken|451 timeout, goodbye")]
    [InlineData("DOT: once 250 2.0.0 taken|421 4.4.2 idle for too long")]
    [InlineData("DOT: once 250 2.0.0 taken|250 2.0.0 taken")]
    [InlineData("MAIL: once 250 ok\nMAIL: once 451 4.4.2 idle for too long")]
    [InlineData("MAIL: once 250 ok\nMAIL: once 421 4.4.2 idle for too long")]
    [InlineData("MAIL: once 250 ok\nMAIL: once 451 4.4.2 idle for too long|250 ok")] // Unasked, and on its way when MAIL was sent.
    [InlineData("MAIL: once 250 ok\nMAIL: once close")]
    [InlineData("RCPT: once 250 ok\nRCPT: once 421 4.7.0 too many messages on this connection")]
    [InlineData("RCPT: once 250 ok\nRCPT: once close")]
    [InlineData("DATA: once 354 go on\nDATA: once close")]
    [InlineData("DOT: once 250 ok\nDOT: once 421 4.7.0 too many messages on this connection")]
    public async Task The_next_message_goes_over_a_new_connection(string trouble)
    {
        await using var server = new ScriptedSmtpServer($"{Plain}\n{trouble}", _time);
        await using var outbound = await StartAsync(server);

        await SendTwoAsync(outbound);

        Assert.Equal(2, server.ConnectionCount);
        Assert.All(outbound.Queue.Results, s => Assert.Equal((DeliveryState.Delivered, 1), (s.State, s.Attempt!.Number)));
        Assert.Equal(2, server.Commands.Count(c => c == "MAIL FROM:<return@signet.test>") - ExtraMails(trouble));
    }

    [Fact]
    public async Task What_is_said_while_nothing_is_asked_is_no_answer_to_the_next_transaction()
    {
        await using var server = new ScriptedSmtpServer(Plain, _time);
        await using var outbound = await StartAsync(server);

        outbound.Put(Deliveries.Message("a@dest.test"));
        await outbound.WaitForResultsAsync(1);
        await server.SayAsync("451 4.4.2 idle for too long");
        outbound.Put(Deliveries.Message("b@dest.test"));
        await outbound.WaitForResultsAsync(1);

        Assert.All(outbound.Queue.Results, s => Assert.Equal(DeliveryState.Delivered, s.State));
        Assert.Equal(2, server.ConnectionCount);
    }

    [Theory]
    [InlineData("DOT: once 250 ok\nDOT: once close")]
    [InlineData("MAIL: once 250 ok\nMAIL: 451 4.3.0 not now")]
    [InlineData("RCPT: once 250 ok\nRCPT: 450 4.2.0 not now")]
    public async Task An_answer_to_the_message_itself_and_a_lost_one_to_the_final_dot_are_none_of_it(string trouble)
    {
        await using var server = new ScriptedSmtpServer($"{Plain}\n{trouble}", _time);
        await using var outbound = await StartAsync(server);

        await SendTwoAsync(outbound);

        Assert.Equal(1, server.ConnectionCount);
        Assert.Equal([DeliveryState.Delivered, DeliveryState.Deferred], outbound.Queue.Results.Select(s => s.State));
    }

    // A transaction over the kept connection began before it was lost.
    private static int ExtraMails(string trouble) => trouble.StartsWith("DOT: once 250 2.0.0 taken|", StringComparison.Ordinal) ? 0 : 1;

    private static async Task SendTwoAsync(Outbound outbound)
    {
        outbound.Put(Deliveries.Message("a@dest.test"));
        await outbound.WaitForResultsAsync(1);
        outbound.Put(Deliveries.Message("b@dest.test"));
        await outbound.WaitForResultsAsync(1);
    }

    private async Task<Outbound> StartAsync(ScriptedSmtpServer server)
    {
        // One connection: a second message that comes before the first connection is kept must not get another.
        var outbound = new Outbound(
            $"smtp://127.0.0.1:{server.EndPoint.Port}", 25, "", _time, limits: DestinationLimits.Default with { SmarthostConnections = 1 });
        await outbound.StartAsync();
        return outbound;
    }
}
