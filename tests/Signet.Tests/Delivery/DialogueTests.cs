using Microsoft.Extensions.Time.Testing;
using Signet.Delivery;
using Signet.Tests.Fakes;
using Signet.Tests.Queue;

namespace Signet.Tests.Delivery;

/// <summary>
/// Servers that misbehave. A case file is the server's script; the file of the same name that ends in <c>.result</c> is what must be
/// settled for two recipients: state, attempt and event.
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
    public async Task What_a_server_does_is_settled_recorded_and_told(string file)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddMinutes(10));
        var path = Path.Combine(Golden.Folder("Dialogues"), file);
        await using var server = new ScriptedSmtpServer(
            await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), time);
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var outbound = new Outbound("mx", server.EndPoint.Port, Zone, time, dial: async (to, cancel) =>
        {
            var stream = await HopConnector.DialAsync(to, cancel);
            connected.TrySetResult();
            return stream;
        });
        await outbound.StartAsync();

        outbound.Put(Deliveries.Message("a@dest.test", "b@dest.test"));
        await outbound.SettledAsync(2, Task.WhenAll(server.Stalling.Task, connected.Task));

        Golden.Matches(Path.ChangeExtension(path, ".result"), outbound.Told());
    }
}
