using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Signet.Tests.Fakes;

/// <summary>
/// An SMTP server on loopback that is well-behaved but for what its script says: lines <c>COMMAND: action</c>, the first that the
/// command begins with counting (<c>GREETING</c> and <c>DOT</c> besides the commands). An action is a reply (<c>|</c> between its
/// lines), <c>close</c>, <c>reset</c>, <c>silent</c>, <c>trickle</c> (a byte a second), <c>late</c> (the usual reply after almost five
/// minutes), <c>huge</c> (100 KB) or <c>garbage</c>. Of STARTTLS, each after a 220: <c>drop</c> (the connection ends), <c>stall</c> (nothing
/// comes), <c>alert</c> (TLS's handshake_failure) or <c>babble</c> (the client's hello is taken for a command); <c>once</c> before it means the first
/// time only. It offers STARTTLS if it has a certificate, or the script says what becomes of it.
/// </summary>
public sealed class ScriptedSmtpServer : IAsyncDisposable
{
    private readonly List<(string Command, string Action, bool Once)> _script;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly ConcurrentDictionary<Lines, byte> _sessions = [];
    private readonly TimeProvider _time;
    private readonly X509Certificate2? _certificate;
    private readonly bool _speaksOfTls;
    private readonly Task _accepting;
    private int _turnedAway;
    private int _open;

    public ScriptedSmtpServer(string script, TimeProvider time, X509Certificate2? certificate = null)
    {
        (_time, _certificate) = (time, certificate);
        _script =
        [
            .. script.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line =>
            {
                var parts = line.Split(": ", 2);
                var once = parts[1].StartsWith("once ", StringComparison.Ordinal);
                return (parts[0], once ? parts[1][5..] : parts[1], once);
            }),
        ];
        _speaksOfTls = script.Contains("STARTTLS: ", StringComparison.Ordinal);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Every command that came, of all connections.</summary>
    public ConcurrentQueue<string> Commands { get; } = [];

    /// <summary>The contents that came, dots unstuffed, without the final one.</summary>
    public ConcurrentQueue<byte[]> Contents { get; } = [];

    /// <summary>Released with every content that came and was answered.</summary>
    public SemaphoreSlim Answered { get; } = new(0);

    /// <summary>Recipients taken in one transaction; the others get 452 4.5.3.</summary>
    public int MaxRecipients { get; init; } = int.MaxValue;

    /// <summary>How many 452 4.5.3 a connection gets before it is ended with 421.</summary>
    public int MaxRefusals { get; init; } = int.MaxValue;

    /// <summary>Connections at a time; the others are turned away with 421.</summary>
    public int MaxConnections { get; init; } = int.MaxValue;

    /// <summary>Messages on one connection, which is then ended with 421.</summary>
    public int MaxMessages { get; init; } = int.MaxValue;

    /// <summary>How many connections were open at a time.</summary>
    public int MostOpen { get; private set; }

    /// <summary>How many connections were turned away or ended because of <see cref="MaxConnections"/> and <see cref="MaxMessages"/>.</summary>
    public int TurnedAway => _turnedAway;

    /// <summary>How many connections were made.</summary>
    public int ConnectionCount { get; private set; }

    /// <summary>Ends when the server lets a client wait.</summary>
    public TaskCompletionSource Stalling { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool OffersTls => _certificate is not null || _speaksOfTls;

    /// <summary>Says something unasked to every client that is connected.</summary>
    public async Task SayAsync(string line)
    {
        foreach (var session in _sessions.Keys)
        {
            await session.WriteAsync(line + "\r\n", _stop.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The listener goes last: between two connections the loop would else ask one that listens no more.
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        await Task.WhenAll(_connections);
        Answered.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                socket.NoDelay = true;
                ConnectionCount++;
                _connections.Add(ServeAsync(socket));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        var isIn = false;
        try
        {
            using var session = new Lines(stream);
            _sessions.TryAdd(session, 0);
            using var gone = new Gone(() => _sessions.TryRemove(session, out _));
            var (taken, refused, messages) = (0, 0, 0);
            var going = await ActAsync(session, socket, "GREETING", (isIn = Enter()) ? "220 mx.test ESMTP" : "421 4.7.0 too many connections from your address");
            while (going && await session.ReadAsync(_stop.Token) is { } command)
            {
                Commands.Enqueue(command);
                if (command == "QUIT")
                {
                    // Before the client reads the reply and connects once more.
                    Leave(ref isIn);
                }

                var usual = command.Split(' ', ':')[0].ToUpperInvariant() switch
                {
                    "EHLO" => $"250-mx.test|250-PIPELINING|250-8BITMIME|250-SIZE 10000000|{(OffersTls ? "250-STARTTLS|" : "")}250 AUTH PLAIN LOGIN",
                    "STARTTLS" => "220 2.0.0 go ahead",
                    "AUTH" => "235 2.7.0 welcome",
                    "MAIL" when ++messages > MaxMessages => TurnAway("421 4.7.0 too many messages on this connection"),
                    "RCPT" when taken >= MaxRecipients => ++refused > MaxRefusals ? "421 4.7.0 too many errors" : "452 4.5.3 too many recipients",
                    "DATA" => "354 go on",
                    "QUIT" => "221 2.0.0 bye",
                    _ => "250 2.1.0 ok",
                };
                going = await ActAsync(session, socket, command, usual) && command != "QUIT";
                taken = !command.StartsWith("RCPT", StringComparison.Ordinal) ? 0 : session.LastReply.StartsWith("250", StringComparison.Ordinal) ? taken + 1 : taken;
                if (going && command == "STARTTLS" && session.LastReply.StartsWith("220", StringComparison.Ordinal))
                {
                    var encrypted = new SslStream(session.Stream);
                    await encrypted.AuthenticateAsServerAsync(_certificate ?? throw new IOException("no certificate"));
                    session.Stream = encrypted;
                }
                else if (going && command == "DATA" && session.LastReply.StartsWith('3'))
                {
                    Contents.Enqueue(await session.ReadContentAsync(_stop.Token));
                    going = await ActAsync(session, socket, "DOT", "250 2.0.0 taken");
                    Answered.Release();
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // The client has gone, or the test is over.
        }
        finally
        {
            Leave(ref isIn);
            await stream.DisposeAsync();
        }
    }

    /// <summary>Counts a connection that is let in, until it leaves.</summary>
    private bool Enter()
    {
        lock (_script)
        {
            if (_open >= MaxConnections)
            {
                TurnAway("");
                return false;
            }

            MostOpen = Math.Max(MostOpen, ++_open);
            return true;
        }
    }

    private void Leave(ref bool isIn)
    {
        lock (_script)
        {
            _open -= isIn ? 1 : 0;
            isIn = false;
        }
    }

    private string TurnAway(string reply)
    {
        Interlocked.Increment(ref _turnedAway);
        return reply;
    }

    /// <summary>False when the connection is over.</summary>
    private async Task<bool> ActAsync(Lines session, Socket socket, string command, string usual)
    {
        string action;
        lock (_script)
        {
            var index = _script.FindIndex(s => command.StartsWith(s.Command, StringComparison.OrdinalIgnoreCase));
            action = index < 0 ? usual : _script[index].Action;
            if (index >= 0 && _script[index].Once)
            {
                _script.RemoveAt(index);
            }
        }

        switch (action)
        {
            case "close":
                return false;
            case "late":
                Stalling.TrySetResult();
                await Task.Delay(TimeSpan.FromSeconds(290), _time, _stop.Token);
                await session.WriteAsync(usual + "\r\n", _stop.Token);
                return true;
            case "drop":
                await session.WriteAsync("220 2.0.0 go ahead\r\n", _stop.Token);
                return false;
            case "stall":
                await session.WriteAsync("220 2.0.0 go ahead\r\n", _stop.Token);
                Stalling.TrySetResult();
                await Task.Delay(Timeout.Infinite, _stop.Token);
                return false;
            case "alert":
            case "babble":
                await session.WriteAsync("220 2.0.0 go ahead\r\n", _stop.Token);
                await session.Stream.ReadAtLeastAsync(new byte[4096], 1, throwOnEndOfStream: false, _stop.Token);
                await session.Stream.WriteAsync(action == "alert" ? new byte[] { 21, 3, 3, 0, 2, 2, 40 } : "500 5.5.1 no such command\r\n"u8.ToArray(), _stop.Token);
                await session.Stream.ReadAtLeastAsync(new byte[4096], 1, throwOnEndOfStream: false, _stop.Token);
                return false;
            case "reset":
                socket.Close(0);
                return false;
            case "silent":
                Stalling.TrySetResult();
                await Task.Delay(Timeout.Infinite, _stop.Token);
                return false;
            case "trickle":
                while (true)
                {
                    await session.WriteAsync("2", _stop.Token);
                    Stalling.TrySetResult();
                    await Task.Delay(TimeSpan.FromSeconds(1), _time, _stop.Token);
                }

            case "huge":
                await session.WriteAsync(string.Concat(Enumerable.Repeat("250-" + new string('x', 96) + "\r\n", 1000)) + "250 ok\r\n", _stop.Token);
                return true;
            case "garbage":
                await session.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n", _stop.Token);
                return true;
            default:
                await session.WriteAsync(action.Replace("|", "\r\n", StringComparison.Ordinal) + "\r\n", _stop.Token);
                session.LastReply = action;
                return !action.StartsWith("421", StringComparison.Ordinal);
        }
    }

    private sealed class Gone(Action tell) : IDisposable
    {
        public void Dispose() => tell();
    }

    private sealed class Lines(Stream stream) : IDisposable
    {
        private readonly MemoryStream _line = new();
        private readonly byte[] _buffer = new byte[64 * 1024];
        private int _start;
        private int _end;

        public Stream Stream { get; set; } = stream;

        public string LastReply { get; set; } = "";

        public async Task WriteAsync(string text, CancellationToken cancel)
        {
            await Stream.WriteAsync(Encoding.Latin1.GetBytes(text), cancel);
            await Stream.FlushAsync(cancel);
        }

        public async Task<string?> ReadAsync(CancellationToken cancel) =>
            await ReadLineAsync(cancel) is { } line ? Encoding.Latin1.GetString(line) : null;

        public async Task<byte[]> ReadContentAsync(CancellationToken cancel)
        {
            using var content = new MemoryStream();
            while (await ReadLineAsync(cancel) is { } line && !line.AsSpan().SequenceEqual("."u8))
            {
                content.Write(line.AsSpan(line is [(byte)'.', ..] ? 1 : 0));
                content.Write("\r\n"u8);
            }

            return content.ToArray();
        }

        public void Dispose() => _line.Dispose();

        /// <summary>Without its CRLF, which alone ends it.</summary>
        private async Task<byte[]?> ReadLineAsync(CancellationToken cancel)
        {
            _line.SetLength(0);
            while (true)
            {
                while (_start < _end)
                {
                    _line.WriteByte(_buffer[_start++]);
                    if (_line.Length >= 2 && _line.GetBuffer().AsSpan(0, (int)_line.Length).EndsWith("\r\n"u8))
                    {
                        return _line.ToArray()[..^2];
                    }
                }

                (_start, _end) = (0, await Stream.ReadAsync(_buffer, cancel));
                if (_end == 0)
                {
                    return null;
                }
            }
        }
    }
}
