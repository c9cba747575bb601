using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Signet.Tests.Fakes;

/// <summary>
/// An HTTP server on loopback that answers by path with what the test says, one request a connection, and keeps what it was asked.
/// </summary>
public sealed class ScriptedHttpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, string?> _answer;
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;

    /// <param name="answer">
    /// From <c>METHOD /path</c> to the status line and header fields, without the empty line; null for no answer at all.
    /// </param>
    public ScriptedHttpServer(Func<string, string?> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Every request as <c>METHOD /path</c>.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (_stop.IsCancellationRequested
            && e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over; the listener may have been stopped before it was asked for the next connection.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            await using var stream = connection.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var request = string.Join(' ', (await reader.ReadLineAsync(_stop.Token) ?? "").Split(' ').Take(2));
            while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 })
            {
                // The header is of no interest.
            }

            Asked.Enqueue(request);
            if (_answer(request) is { } answer)
            {
                await stream.WriteAsync(Encoding.Latin1.GetBytes($"HTTP/1.1 {answer}\r\nConnection: close\r\n\r\n"), _stop.Token);
            }
            else
            {
                await Task.Delay(Timeout.Infinite, _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The other side or the test has gone.
        }
    }
}
