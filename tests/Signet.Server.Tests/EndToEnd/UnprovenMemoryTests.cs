using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Signet.Server.Tests.Clients;
using Signet.Server.Tests.Ses;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>The memory of the whole process while somebody who knows the id of a key, and no more, sends it all the bytes he can.</summary>
public sealed class UnprovenMemoryTests(ITestOutputHelper output)
{
    private const int Bodies = 15;
    private const int BodyLength = 41_900_000;

    /// <summary>The room of one client is 128 MB at most; unbounded, these bodies took 1,500.</summary>
    private const long MaxGrowth = 300L * 1024 * 1024;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("dev")]
    [InlineData("serve")]
    public async Task Fifteen_bodies_of_41_MB_that_are_held_open_take_what_one_client_may_have(string command)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "memory is read from /proc");
        var data = Directory.CreateTempSubdirectory("signet-test-").FullName;
        var key = "test";
        if (command == "serve")
        {
            await Command.RunAsync(["account", "create", "111122223333", "--data", data]);
            key = (await Command.RunAsync(["key", "create", "--account", "111122223333", "--data", data])).GetProperty("accessKeyId").GetString()!;
        }

        string[] options = command == "serve" ? ["--inspection", "127.0.0.1:0", "--route", "capture"] : [];
        await using var signet = await RunningSignet.StartAsync(data, [command, "--http", "127.0.0.1:0", "--smtp", "none", .. options]);
        var before = Memory(signet.ProcessId);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        done.CancelAfter(TimeSpan.FromMinutes(2));

        var strangers = Enumerable.Range(0, Bodies).Select(_ => SendAsync(new Uri(signet.Url), key, done.Token)).ToList();
        var most = before;
        while (strangers.Count(s => s.IsCompleted) < Bodies / 2)
        {
            most = Math.Max(most, Memory(signet.ProcessId));
            await Task.Delay(50, done.Token);
        }

        output.WriteLine($"{before >> 20} MB before, {most >> 20} MB at most");
        Assert.InRange(most - before, 0, MaxGrowth);
        Assert.Equal(503, await await Task.WhenAny(strangers));
        await done.CancelAsync();
        await Task.WhenAll(strangers);
        await signet.KillAsync();
        Directory.Delete(data, recursive: true);
    }

    private static long Memory(int process)
    {
        var line = File.ReadLines($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line["VmRSS:".Length..^"kB".Length].Trim(), CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Sends all of a body but its last byte, and gives the status of the answer; 0 if it was left alone.</summary>
    private static async Task<int> SendAsync(Uri url, string key, CancellationToken cancel)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(url.Host, url.Port, cancel);
        await using var stream = socket.GetStream();
        var date = TestSigner.Stamp(TimeProvider.System.GetUtcNow());
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST / HTTP/1.1\r\nHost: {url.Authority}\r\nX-Amz-Date: {date}\r\nAuthorization: AWS4-HMAC-SHA256 Credential={key}/{date[..8]}/us-east-1/ses/aws4_request, SignedHeaders=host;x-amz-date, Signature={new string('0', 64)}\r\nContent-Length: {BodyLength}\r\n\r\n");
        try
        {
            var answer = StatusAsync(stream, cancel);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head), cancel);
            var piece = new byte[100_000];
            for (var left = BodyLength - 1; left > 0 && !answer.IsCompleted; left -= piece.Length)
            {
                // Whoever is not read from cannot go on sending: it is the answer that it waits for.
                await Task.WhenAny(stream.WriteAsync(piece.AsMemory(0, Math.Min(left, piece.Length)), cancel).AsTask(), answer);
            }

            return await answer;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return 0;
        }
    }

    private static async Task<int> StatusAsync(NetworkStream stream, CancellationToken cancel)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        return await reader.ReadLineAsync(cancel) is { Length: > 12 } line ? int.Parse(line.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0;
    }
}
