using Microsoft.Extensions.Time.Testing;
using Signet.Delivery;
using Signet.Identities;
using Signet.Queue;
using Signet.Tests.Fakes;
using Signet.Tests.Queue;

namespace Signet.Tests.Delivery;

/// <summary>
/// Servers that misbehave. A case file is the server's script; the file of the same name that ends in <c>.result</c> is what must be
/// recorded for two recipients: state, attempt and event.
/// </summary>
public sealed class DialogueTests
{
    private const string Zone = """
        dest.test MX 10 mx.dest.test
        mx.dest.test A 127.0.0.1
        """;

    public static TheoryData<string> Cases() => Golden.Names(Golden.Folder("Dialogues"), "*.script");

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_a_server_does_is_recorded_recorded_and_told(string file)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddMinutes(10));
        var path = Path.Combine(Golden.Folder("Dialogues"), file);
        await using var server = new ScriptedSmtpServer(
            await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), time);
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var outbound = new Outbound("mx", server.EndPoint.Port, Zone, time, dial: async (to, cancel) =>
        {
            var stream = await ConnectionOpener.DialAsync(to, null, cancel);
            connected.TrySetResult();
            return stream;
        });
        await outbound.StartAsync();

        outbound.Put(Deliveries.Message("a@dest.test", "b@dest.test"));
        await outbound.WaitForResultsAsync(2, Task.WhenAll(server.Stalling.Task, connected.Task));

        Golden.Matches(Path.ChangeExtension(path, ".result"), outbound.Told());
    }

    [Theory]
    [InlineData("250 2.0.0 taken", DeliveryState.Delivered)]
    [InlineData("451 4.7.1 greylisted", DeliveryState.Deferred)]
    [InlineData("554 5.7.1 spam", DeliveryState.Failed)]
    public async Task A_server_that_quotes_the_link_of_a_confirmation_mail_in_pieces_does_not_make_it_known(string reply, DeliveryState state)
    {
        var pieces = ConfirmationToken.New().Chunk(16).Select(c => new string(c)).ToList();
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddMinutes(10));
        var lines = pieces.SkipLast(1).Select(p => $"{reply[..3]}-{reply[4..]} {p}").Append($"{reply} {pieces[^1]}");
        await using var server = new ScriptedSmtpServer($"DOT: {string.Join('|', lines)}", time);
        await using var outbound = new Outbound("mx", server.EndPoint.Port, Zone, time);
        await outbound.StartAsync();

        outbound.Put(Deliveries.Message("a@dest.test") with { Owner = null });
        outbound.Put(Deliveries.Message("a@dest.test"));
        await outbound.WaitForResultsAsync(2);

        var told = outbound.Queue.Results.OrderBy(s => s.Event!.Owner is null).ToList();
        Assert.All(told, s => Assert.Equal(state, s.State));
        Assert.All(pieces, p => Assert.Contains(p, $"{told[0]} {told[0].Attempt} {told[0].Event}", StringComparison.Ordinal));
        Assert.All(pieces, p => Assert.DoesNotContain(p, $"{told[1]} {told[1].Attempt} {told[1].Event}", StringComparison.Ordinal));
        Assert.Equal($"{reply[..9]} [the reply is not kept]", told[1].Result);
        Assert.Equal(told[1].Result, told[1].Attempt!.Reply);
    }
}
