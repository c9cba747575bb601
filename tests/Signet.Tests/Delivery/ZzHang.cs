using Microsoft.Extensions.Time.Testing;
using Signet.Queue;
using Signet.Tests.Fakes;
using Signet.Tests.Queue;

namespace Signet.Tests.Delivery;

public sealed class ZzHang
{
    [Fact]
    public async Task Loop()
    {
        for (var i = 0; i < 300; i++)
        {
            var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddMinutes(1));
            var server = new ScriptedSmtpServer("EHLO: 250-mx.test|250 PIPELINING", time);
            var outbound = new Outbound($"smtp://127.0.0.1:{server.EndPoint.Port}", 25, "", time);
            var step = "start";
            var run = Task.Run(async () =>
            {
                await outbound.StartAsync();
                outbound.Put(Deliveries.Message("a@dest.test"));
                await outbound.SettledAsync(1);
                step = "say";
                await server.SayAsync("451 4.4.2 idle for too long");
                step = "put";
                outbound.Put(Deliveries.Message("b@dest.test"));
                await outbound.SettledAsync(1);
                step = "stop outbound";
                await outbound.DisposeAsync();
                step = "stop server";
                await server.DisposeAsync();
                step = "done";
            });
            await Task.WhenAny(run, Task.Delay(15000));
            if (step != "done")
            {
                Assert.Fail($"{i} {step}: {server.ConnectionCount} [{string.Join(" | ", server.Commands)}] {string.Join(" | ", outbound.Queue.Settled.Select(s => s.State + " " + s.Result))} contents {server.Contents.Count} run {run.Status} {run.Exception}");
            }
        }
    }
}
