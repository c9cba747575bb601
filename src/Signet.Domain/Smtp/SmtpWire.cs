using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Signet.Smtp;

/// <summary>
/// Bytes to and from a server: commands gather until they are flushed in one write, replies are read with a time limit each. What
/// goes wrong is an <see cref="SmtpException"/> of the stage at hand.
/// </summary>
internal sealed class SmtpWire(Stream stream, TimeProvider time) : IAsyncDisposable
{
    private const int InputSize = 4 * 1024;
    private const int MaxBlock = 64 * 1024;

    private readonly SmtpReplyParser _parser = new();
    private readonly byte[] _input = new byte[InputSize];
    private readonly ArrayBufferWriter<byte> _output = new(InputSize);
    private readonly CancellationTokenSource _deadline = new(Timeout.InfiniteTimeSpan, time);
    private Stream _stream = stream;
    private int _start;
    private int _end;
    private Task<int>? _listening;

    /// <summary>The encryption; null in clear.</summary>
    public TlsSession? Tls { get; private set; }

    /// <summary>Cuts all time limits, but for that of the answer to a final dot.</summary>
    public Patience? Patience { get; set; }

    /// <summary>True when the server has sent something that nobody has read yet.</summary>
    public bool HasUnread => _start < _end;

    /// <summary>Adds a command, to be flushed later.</summary>
    public void Write(string command)
    {
        Encoding.ASCII.GetBytes(command, _output);
        _output.Write("\r\n"u8);
    }

    /// <summary>Sends what was added.</summary>
    public async ValueTask FlushAsync(SmtpStage stage, TimeSpan timeout, CancellationToken cancel)
    {
        await WriteThroughAsync(_output.WrittenMemory, stage, timeout, cancel);
        _output.ResetWrittenCount();
    }

    /// <summary>
    /// Sends content with its dots stuffed and the final dot. A small one goes out in one write; of a large one nothing is copied
    /// but the ends of its pieces.
    /// </summary>
    public async ValueTask SendContentAsync(MailData data, TimeSpan blockTimeout, CancellationToken cancel)
    {
        await AddStuffedAsync(data.Added, blockTimeout, cancel);
        await AddStuffedAsync(data.Message, blockTimeout, cancel);
        _output.Write(DotStuffing.End((data.Message.IsEmpty ? data.Added : data.Message).Span));
        await FlushAsync(SmtpStage.Content, blockTimeout, cancel);
    }

    /// <summary>The next reply.</summary>
    public async ValueTask<SmtpReply> ReadAsync(SmtpStage stage, TimeSpan timeout, CancellationToken cancel)
    {
        try
        {
            _parser.PassesOverNoise = stage >= SmtpStage.Mail;
            if (TryTake() is { } ready)
            {
                return ready;
            }

            using var armed = Arm(stage == SmtpStage.FinalDot ? timeout : Cut(timeout), cancel);
            while (true)
            {
                (_start, _end) = (0, await ReadBytesAsync());
                if (_end == 0)
                {
                    throw new EndOfStreamException("the server closed the connection");
                }

                if (TryTake() is { } reply)
                {
                    return reply;
                }
            }
        }
        catch (Exception e) when (IsExpected(e))
        {
            throw Told(e, stage, cancel);
        }
    }

    /// <summary>
    /// Waits in the background for what the server says unasked. This keeps a read under way, since looking at the socket does not
    /// tell: in TLS, bytes come in that are no data.
    /// </summary>
    public void Listen()
    {
        if (!HasUnread)
        {
            _listening ??= ListenAsync();
        }
    }

    /// <summary>Checks that the server has said nothing unasked, which would be taken for the answer to what comes next.</summary>
    /// <exception cref="SmtpException">It has, or it hung up.</exception>
    public void CheckSilence()
    {
        if (HasUnread || _listening is { IsCompleted: true })
        {
            throw new SmtpException(SmtpStage.Mail, SmtpFailure.Closed, "the server ended the connection while nothing was asked of it");
        }
    }

    /// <summary>Encrypts what follows.</summary>
    public async Task EncryptAsync(SmtpClientOptions options, CancellationToken cancel)
    {
        var encrypted = new SslStream(_stream);
        string? certificate = null;
        try
        {
            using var armed = Arm(Cut(options.Timeouts.Handshake), cancel);
            await encrypted.AuthenticateAsClientAsync(HandshakeOptions(options, found => certificate = found), _deadline.Token);
        }
        catch (Exception e) when (IsExpected(e) || e is AuthenticationException)
        {
            await encrypted.DisposeAsync();
            cancel.ThrowIfCancellationRequested();
            throw e is AuthenticationException && certificate is not null and not ServerCertificate.Valid && options.CheckCertificate
                ? TlsFailures.NotValid(options, certificate)
                : TlsFailures.Broken(options, FailureOf(e), HandshakeReason(e), e);
        }

        _stream = encrypted;
        var version = encrypted.SslProtocol switch
        {
            SslProtocols.Tls13 => "TLSv1.3",
            SslProtocols.Tls12 => "TLSv1.2",
            var other => other.ToString(),
        };
        Tls = new TlsSession(version, encrypted.NegotiatedCipherSuite.ToString(), certificate ?? ServerCertificate.Missing);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _deadline.Dispose();

        // The read that was under way ends with the stream, and nobody waits for it.
        _ = _listening?.ContinueWith(
            static read => read.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private async Task<int> ListenAsync() => await _stream.ReadAsync(_input);

    private async ValueTask<int> ReadBytesAsync()
    {
        if (_listening is not { } listening)
        {
            return await _stream.ReadAsync(_input, _deadline.Token);
        }

        var read = await listening.WaitAsync(_deadline.Token);
        _listening = null;
        return read;
    }

    private TimeSpan Cut(TimeSpan timeout) => Patience?.Cut(timeout) ?? timeout;

    private async ValueTask AddStuffedAsync(ReadOnlyMemory<byte> rest, TimeSpan blockTimeout, CancellationToken cancel)
    {
        for (var atLineStart = true; ; atLineStart = false)
        {
            var plain = DotStuffing.PlainPrefix(rest.Span, atLineStart);
            await AddAsync(rest[..plain], blockTimeout, cancel);
            rest = rest[plain..];
            if (rest.IsEmpty)
            {
                break;
            }

            _output.Write("."u8);
        }
    }

    private async ValueTask AddAsync(ReadOnlyMemory<byte> piece, TimeSpan timeout, CancellationToken cancel)
    {
        if (_output.WrittenCount + piece.Length <= MaxBlock)
        {
            _output.Write(piece.Span);
            return;
        }

        await FlushAsync(SmtpStage.Content, timeout, cancel);
        for (; piece.Length > MaxBlock; piece = piece[MaxBlock..])
        {
            await WriteThroughAsync(piece[..MaxBlock], SmtpStage.Content, timeout, cancel);
        }

        _output.Write(piece.Span);
    }

    private async ValueTask WriteThroughAsync(ReadOnlyMemory<byte> bytes, SmtpStage stage, TimeSpan timeout, CancellationToken cancel)
    {
        try
        {
            using var armed = Arm(Cut(timeout), cancel);
            await _stream.WriteAsync(bytes, _deadline.Token);
        }
        catch (Exception e) when (IsExpected(e))
        {
            throw Told(e, stage, cancel);
        }
    }

    private SmtpReply? TryTake()
    {
        if (_start == _end)
        {
            return null;
        }

        var reply = _parser.Read(_input.AsSpan(_start.._end), out var eaten);
        _start += eaten;
        return reply;
    }

    private Armed Arm(TimeSpan timeout, CancellationToken cancel)
    {
        _deadline.CancelAfter(timeout);
        return new Armed(_deadline, cancel.UnsafeRegister(static d => ((CancellationTokenSource)d!).Cancel(), _deadline));
    }

    // TLS 1.2 at least; which ciphers is left to the system. Opportunistic TLS takes any certificate: the alternative is no TLS.
    private SslClientAuthenticationOptions HandshakeOptions(SmtpClientOptions options, Action<string> found) => new()
    {
        TargetHost = options.ServerName,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateChainPolicy = ServerCertificate.Policy(options.TrustedRoots, time.GetUtcNow()),
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            found(ServerCertificate.Describe(certificate, chain, errors));
            return errors == SslPolicyErrors.None || !options.CheckCertificate;
        },
    };

    private static string HandshakeReason(Exception e) => e switch
    {
        AuthenticationException => e.GetBaseException().Message.ReplaceLineEndings(" ").TrimEnd('.'),
        IOException { InnerException: null } => "the server closed the connection",
        _ => Reason(e),
    };

    // A handshake that the network broke off says nothing about the server's TLS.
    private static SmtpFailure FailureOf(Exception e) => e switch
    {
        OperationCanceledException => SmtpFailure.TimedOut,
        AuthenticationException or FormatException => SmtpFailure.Tls,
        _ => SmtpFailure.Closed,
    };

    private static bool IsExpected(Exception e) =>
        e is IOException or SocketException or FormatException or OperationCanceledException or ObjectDisposedException;

    private static SmtpException Told(Exception e, SmtpStage stage, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return e switch
        {
            OperationCanceledException => new SmtpException(stage, SmtpFailure.TimedOut, "the server did not answer in time", e),
            FormatException => new SmtpException(stage, SmtpFailure.Protocol, e.Message, e),
            EndOfStreamException => new SmtpException(stage, SmtpFailure.Closed, e.Message, e),
            _ => new SmtpException(stage, SmtpFailure.Closed, $"the connection broke: {Reason(e)}", e),
        };
    }

    private static string Reason(Exception e) => e switch
    {
        OperationCanceledException => "the server did not answer in time",
        { InnerException: SocketException socket } => socket.Message,
        _ => e.Message.ReplaceLineEndings(" "),
    };

    /// <summary>A running time limit; disposing stops it.</summary>
    private readonly struct Armed(CancellationTokenSource deadline, CancellationTokenRegistration registration) : IDisposable
    {
        public void Dispose()
        {
            registration.Dispose();
            deadline.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }
}
