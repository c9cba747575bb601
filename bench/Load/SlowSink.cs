using System.Net;
using System.Net.Sockets;

namespace Signet.Bench.Load;

/// <summary>
/// An SMTP server that answers the end of each message after a while and remembers how many connections it had at once. It offers
/// no extension, so that a message is one transaction of known steps.
/// </summary>
internal sealed class SlowSink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeSpan _delay;
    private readonly Task _accepting;
    private int _messages;
    private int _open;
    private int _mostOpen;

    public SlowSink(TimeSpan delay)
    {
        _delay = delay;
        _listener.Start(1000);
        _accepting = AcceptAsync(_stop.Token);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Messages => Volatile.Read(ref _messages);

    /// <summary>The most connections that were open at once.</summary>
    public int MostOpen => Volatile.Read(ref _mostOpen);

    /// <summary>Ends when it has taken so many.</summary>
    public async Task ReachAsync(int messages, CancellationToken cancel)
    {
        while (Messages < messages)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync(CancellationToken cancel)
    {
        List<Task> sessions = [];
        try
        {
            while (true)
            {
                sessions.Add(ServeAsync(await _listener.AcceptTcpClientAsync(cancel), cancel));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken cancel)
    {
        using var _ = client;
        client.NoDelay = true;
        var open = Interlocked.Increment(ref _open);
        InterlockedMax(ref _mostOpen, open);
        try
        {
            using var reader = new StreamReader(client.GetStream());
            await using var writer = new StreamWriter(client.GetStream()) { AutoFlush = true, NewLine = "\r\n" };
            await writer.WriteLineAsync("220 sink.example.com ESMTP");
            while (await reader.ReadLineAsync(cancel) is { } command)
            {
                if (command.StartsWith("DATA", StringComparison.OrdinalIgnoreCase))
                {
                    await writer.WriteLineAsync("354 go on");
                    while (await reader.ReadLineAsync(cancel) is { } line && line != ".")
                    {
                    }

                    await Task.Delay(_delay, TimeProvider.System, cancel);
                    Interlocked.Increment(ref _messages);
                }

                await writer.WriteLineAsync("250 ok");
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client or the benchmark has ended: there is nobody to tell.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private static void InterlockedMax(ref int place, int value)
    {
        for (var seen = Volatile.Read(ref place); seen < value; seen = Volatile.Read(ref place))
        {
            Interlocked.CompareExchange(ref place, value, seen);
        }
    }
}
