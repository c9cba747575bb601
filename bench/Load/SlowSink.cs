using System.Net;
using System.Net.Sockets;

namespace Signet.Bench.Load;

/// <summary>
/// An SMTP server that answers the end of each message after a while and remembers how many connections it had at once. It offers
/// no extension, so that a message is one transaction of known steps. It may allow some connections only, and answers 421 to others.
/// </summary>
internal sealed class SlowSink : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeSpan _delay;
    private readonly int _maxConnections;
    private readonly Task _accepting;
    private int _messages;
    private int _open;
    private int _mostOpen;

    /// <param name="delay">Before the answer to each message.</param>
    /// <param name="address">Where it listens; null for 127.0.0.1.</param>
    /// <param name="port">0 for any.</param>
    /// <param name="maxConnections">How many it allows at once.</param>
    public SlowSink(TimeSpan delay, IPAddress? address = null, int port = 0, int maxConnections = int.MaxValue)
    {
        (_delay, _maxConnections) = (delay, maxConnections);
        _listener = new TcpListener(address ?? IPAddress.Loopback, port);
        _listener.Start(1000);
        _accepting = AcceptAsync(_stop.Token);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Messages => Volatile.Read(ref _messages);

    /// <summary>The most connections that were open at once.</summary>
    public int MostOpen => Volatile.Read(ref _mostOpen);

    /// <summary>Called with the subject of each message that it takes.</summary>
    public Action<string>? Arrived { get; init; }

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
            if (open > _maxConnections)
            {
                await writer.WriteLineAsync("421 4.7.0 too many connections from your address");
                return;
            }

            await writer.WriteLineAsync("220 sink.example.com ESMTP");
            while (await reader.ReadLineAsync(cancel) is { } command)
            {
                if (command.StartsWith("DATA", StringComparison.OrdinalIgnoreCase))
                {
                    await writer.WriteLineAsync("354 go on");
                    var subject = "";
                    while (await reader.ReadLineAsync(cancel) is { } line && line != ".")
                    {
                        subject = subject.Length == 0 && line.StartsWith("Subject: ", StringComparison.Ordinal) ? line[9..] : subject;
                    }

                    await Task.Delay(_delay, TimeProvider.System, cancel);
                    Interlocked.Increment(ref _messages);
                    Arrived?.Invoke(subject);
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
