using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>A message as the sink took it.</summary>
/// <param name="Subject">What tells messages of a test apart.</param>
/// <param name="Recipient">RCPT TO.</param>
/// <param name="Life">Which life of the sender its transaction began in: a redelivery after a kill begins in a later one.</param>
/// <param name="Header">The header as it came.</param>
/// <param name="Client">The name that the sender gave of itself.</param>
internal sealed record Receipt(string Subject, string Recipient, int Life, string Header, string Client);

/// <summary>
/// An SMTP server of a few lines that takes everything and remembers it. It shares no code with the program: what it says was
/// received is evidence.
/// </summary>
internal sealed class SmtpSink : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;
    private int _waiting;

    private SmtpSink() => _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>What was received, in the order of the final replies.</summary>
    public ConcurrentQueue<Receipt> Receipts { get; } = new();

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Counted up by the test with each kill of a sender.</summary>
    public int Life { get; set; }

    /// <summary>Where a test wants to have a message under way: the final reply waits for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>How many final replies wait for the <see cref="Gate"/>.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public static SmtpSink Start()
    {
        var sink = Away();
        sink.Open();
        return sink;
    }

    /// <summary>One whose port is its own, and refuses connections until <see cref="Open"/>.</summary>
    public static SmtpSink Away() => new();

    public void Open()
    {
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // The listener goes last: between two connections the loop would else ask one that listens no more.
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync(_stop.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            List<string> recipients = [];
            var life = Life;
            var name = "";
            await ReplyAsync(stream, "220 sink");
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                var verb = line.Split(' ', ':')[0].ToUpperInvariant();
                if (verb is "EHLO" or "HELO")
                {
                    name = line[(verb.Length + 1)..];
                }

                if (verb == "MAIL")
                {
                    life = Life;
                }

                if (verb == "RCPT")
                {
                    recipients.Add(line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.LastIndexOf('>')]);
                }

                if (verb == "DATA")
                {
                    await ReplyAsync(stream, "354 go on");
                    var message = await ReadMessageAsync(reader);
                    if (message is not var (subject, header))
                    {
                        return;
                    }

                    Interlocked.Increment(ref _waiting);
                    await Gate.WaitAsync(_stop.Token);
                    Interlocked.Decrement(ref _waiting);
                    await ReplyAsync(stream, "250 2.0.0 taken");
                    recipients.ForEach(r => Receipts.Enqueue(new Receipt(subject, r, life, header, name)));
                    recipients.Clear();
                    continue;
                }

                await ReplyAsync(stream, verb == "EHLO" ? "250-sink\r\n250-PIPELINING\r\n250 8BITMIME" : verb == "QUIT" ? "221 bye" : "250 ok");
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // The other side was killed, which is what the tests are about.
        }
    }

    // Null when the connection ends before the dot.
    private async Task<(string Subject, string Header)?> ReadMessageAsync(StreamReader reader)
    {
        var subject = "";
        var header = new StringBuilder();
        var inHeader = true;
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            if (line == ".")
            {
                return (subject, header.ToString());
            }

            inHeader &= line.Length > 0;
            if (inHeader)
            {
                header.Append(line).Append("\r\n");
            }

            if (inHeader && line.StartsWith("Subject: ", StringComparison.Ordinal))
            {
                subject = line["Subject: ".Length..];
            }
        }

        return null;
    }

    private async Task ReplyAsync(NetworkStream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"), _stop.Token);
}
