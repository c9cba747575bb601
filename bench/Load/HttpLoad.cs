using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Signet.Bench.Load;

/// <summary>
/// Sends ready-made requests over kept connections, each waiting for its answer before the next, and counts. Bare sockets: the
/// generator shares the machine with what is measured.
/// </summary>
internal static class HttpLoad
{
    public const int Connections = 64;

    /// <summary>Sends for a time.</summary>
    /// <returns>Answers per second.</returns>
    /// <exception cref="InvalidOperationException">An answer was not 200: the message has it.</exception>
    public static async Task<double> RunForAsync(Uri url, IReadOnlyList<byte[]> requests, TimeSpan span, CancellationToken cancel)
    {
        var begun = Stopwatch.GetTimestamp();
        var sent = await RunAsync(url, requests, Connections, _ => Stopwatch.GetElapsedTime(begun) < span, cancel);
        return sent / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    /// <summary>Sends so many, and ends when all are answered.</summary>
    /// <inheritdoc cref="RunForAsync" path="/exception"/>
    public static Task SendAsync(
        Uri url, IReadOnlyList<byte[]> requests, int count, CancellationToken cancel, int connections = Connections) =>
        RunAsync(url, requests, connections, number => number <= count, cancel);

    private static async Task<int> RunAsync(
        Uri url, IReadOnlyList<byte[]> requests, int connections, Func<int, bool> more, CancellationToken cancel)
    {
        var number = 0;
        var answered = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(ConnectionAsync, cancel)));
        return answered.Sum();

        async Task<int> ConnectionAsync()
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, url.Port, cancel);
            var buffer = new byte[16 * 1024];
            for (var done = 0; ; done++)
            {
                var mine = Interlocked.Increment(ref number);
                if (!more(mine))
                {
                    return done;
                }

                await socket.SendAsync(requests[mine % requests.Count], cancel);
                await ReceiveAsync(socket, buffer, cancel);
            }
        }
    }

    private static async Task ReceiveAsync(Socket socket, byte[] buffer, CancellationToken cancel)
    {
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
            length += read;
            if (read == 0 || IsWhole(buffer.AsSpan(0, length)))
            {
                break;
            }
        }

        if (!buffer.AsSpan(0, length).StartsWith("HTTP/1.1 200"u8))
        {
            throw new InvalidOperationException($"the answer was no success: {Encoding.UTF8.GetString(buffer, 0, length)}");
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        foreach (var line in answer[..head].Split("\r\n"u8))
        {
            var field = answer[line];
            if (field.Length > 16 && Ascii.EqualsIgnoreCase(field[..15], "Content-Length:"u8))
            {
                return answer.Length >= head + 4 + int.Parse(field[15..].Trim((byte)' '), System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        throw new InvalidOperationException("an answer without Content-Length: the generator cannot tell its end");
    }
}
