using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Signet.Bench.Scenarios;

/// <summary>What connections that do nothing cost: 5,000 of clients, each of which has had an answer.</summary>
internal sealed class IdleScenario(PublishedSignet program, WorkDirectory work)
{
    private const int Connections = 5_000;

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancel)
    {
        await using var signet = await program.StartAsync(work.NewFolder("idle"), cancel);
        List<Socket> sockets = [];
        try
        {
            await OpenAsync(signet.Url, sockets, 100, cancel);
            var before = signet.ResidentMegabytes;
            await OpenAsync(signet.Url, sockets, Connections, cancel);
            await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System, cancel);
            var added = signet.ResidentMegabytes - before;
            return
            [
                new ResultRow(
                    "Resident memory that 5,000 idle connections of clients add",
                    string.Create(CultureInfo.InvariantCulture, $"{added:0} MB"),
                    string.Create(CultureInfo.InvariantCulture, $"{before:0} MB before"), ResultRow.None, "written down", "idle"),
            ];
        }
        finally
        {
            sockets.ForEach(s => s.Dispose());
        }
    }

    private static async Task OpenAsync(Uri url, List<Socket> sockets, int count, CancellationToken cancel)
    {
        var request = Encoding.ASCII.GetBytes($"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1:{url.Port}\r\n\r\n");
        var answer = new byte[16 * 1024];
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            sockets.Add(socket);
            await socket.ConnectAsync(IPAddress.Loopback, url.Port, cancel);
            await socket.SendAsync(request, cancel);
            await socket.ReceiveAsync(answer, cancel);
        }
    }
}
