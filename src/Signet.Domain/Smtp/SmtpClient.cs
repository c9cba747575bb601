using System.Globalization;
using System.Text;

namespace Signet.Smtp;

/// <summary>
/// A connection to an SMTP server, for one transaction after another (RFC 5321). Not for concurrent use. Every method but
/// <see cref="QuitAsync"/> throws for cancellation, after which the connection cannot be used again.
/// </summary>
public sealed class SmtpClient : IAsyncDisposable
{
    private const int Closing = 421;

    private readonly SmtpWire _wire;
    private readonly SmtpClientOptions _options;
    private bool _needsReset;

    private SmtpClient(SmtpWire wire, SmtpClientOptions options)
    {
        (_wire, _options) = (wire, options);
        _wire.Patience = options.Patience;
    }

    /// <summary>What the server can do.</summary>
    public SmtpCapabilities Capabilities { get; private set; } = SmtpCapabilities.None;

    /// <summary>The encryption; null in clear.</summary>
    public TlsSession? Tls => _wire.Tls;

    /// <summary>True when the conversation is in clear although the server offers STARTTLS.</summary>
    public bool IsDowngraded => Tls is null && Capabilities.StartTls;

    /// <summary>Cuts all time limits from now on, but for that of the answer to a final dot.</summary>
    public Patience? Patience
    {
        set => _wire.Patience = value;
    }

    /// <summary>False once the server has hung up, or cannot be understood any more.</summary>
    public bool IsUsable { get; private set; } = true;

    /// <summary>Reads the greeting, says hello, starts TLS and logs in as the options ask.</summary>
    /// <param name="stream">Connected to the server; the connection's from now on, also when this fails.</param>
    /// <param name="options">How.</param>
    /// <param name="time">The clock of time limits.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="SmtpException">The server does not want us, or cannot be talked to.</exception>
    public static async Task<SmtpClient> OpenAsync(
        Stream stream, SmtpClientOptions options, TimeProvider time, CancellationToken cancel)
    {
        var connection = new SmtpClient(new SmtpWire(stream, time), options);
        try
        {
            await connection.BeginAsync(cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// One transaction. Replies that refuse are answers, not exceptions; when the conversation breaks off, whoever had no answer
    /// yet has none, and the connection is not usable any more.
    /// </summary>
    public async Task<TransactionResult> SendAsync(MailTransaction transaction, CancellationToken cancel)
    {
        var result = new TransactionResult(transaction.Recipients.Count);
        try
        {
            _wire.CheckSilence();
            if (Capabilities.Pipelining)
            {
                await SendPipelinedAsync(transaction, result, cancel);
            }
            else
            {
                await SendStepByStepAsync(transaction, result, cancel);
            }

            if (IsUsable)
            {
                _wire.Listen();
            }
        }
        catch (SmtpException e)
        {
            IsUsable = false;
            result.BreakOff(e);
        }
        catch (OperationCanceledException)
        {
            IsUsable = false;
            throw;
        }

        return result;
    }

    /// <summary>Sends QUIT; waits only briefly for the reply.</summary>
    public async Task QuitAsync(CancellationToken cancel)
    {
        if (!IsUsable)
        {
            return;
        }

        IsUsable = false;
        try
        {
            _wire.Write("QUIT");
            await _wire.FlushAsync(SmtpStage.Hello, _options.Timeouts.Quit, cancel);
            await _wire.ReadAsync(SmtpStage.Hello, _options.Timeouts.Quit, cancel);
        }
        catch (Exception e) when (e is SmtpException or OperationCanceledException)
        {
            // Nothing depends on the farewell: every result has had its answer.
        }
    }

    public ValueTask DisposeAsync() => _wire.DisposeAsync();

    private async Task BeginAsync(CancellationToken cancel)
    {
        if (_options.Tls == TlsUse.Implicit)
        {
            await _wire.EncryptAsync(_options, cancel);
        }

        var greeting = await _wire.ReadAsync(SmtpStage.Greeting, _options.Timeouts.Greeting, cancel);
        if (!greeting.IsPositive)
        {
            throw SmtpException.Refused(SmtpStage.Greeting, greeting);
        }

        await HelloAsync(cancel);
        if (_options.Tls is TlsUse.IfOffered or TlsUse.Required && Capabilities.StartTls)
        {
            await StartTlsAsync(cancel);
        }

        if (_options.Tls == TlsUse.Required && Tls is null)
        {
            throw TlsFailures.NotStarted(_options, "does not offer it");
        }

        if (_options.Login is { } login)
        {
            await LogInAsync(login, cancel);
        }
    }

    private async Task HelloAsync(CancellationToken cancel)
    {
        var reply = await AskAsync($"EHLO {_options.Hostname}", SmtpStage.Hello, cancel);
        if (reply.IsPositive)
        {
            Capabilities = SmtpCapabilities.Of(reply);
            return;
        }

        Capabilities = SmtpCapabilities.None;
        if (reply.Code >= 500)
        {
            reply = await AskAsync($"HELO {_options.Hostname}", SmtpStage.Hello, cancel);
        }

        if (!reply.IsPositive)
        {
            throw SmtpException.Refused(SmtpStage.Hello, reply);
        }
    }

    private async Task StartTlsAsync(CancellationToken cancel)
    {
        var reply = await TowardsTlsAsync("", () => AskAsync("STARTTLS", SmtpStage.Tls, cancel).AsTask());
        if (reply.Code == Closing)
        {
            throw SmtpException.Refused(SmtpStage.Tls, reply);
        }

        // A server that offers STARTTLS and then refuses it is talked to in clear, where that is allowed.
        if (!reply.IsPositive)
        {
            if (_options.Tls == TlsUse.Required)
            {
                throw TlsFailures.NotStarted(_options, $"refuses it: {reply}");
            }

            return;
        }

        // What came in clear behind the reply was put there by somebody between us (RFC 3207 §6).
        if (_wire.HasUnread)
        {
            throw TlsFailures.Broken(_options, SmtpFailure.Protocol, "the server went on in clear after STARTTLS");
        }

        await _wire.EncryptAsync(_options, cancel);

        // In TLS 1.3 a server may find fault with the handshake when the client takes it for done.
        await TowardsTlsAsync("the handshake was done, then ", async () =>
        {
            await HelloAsync(cancel);
            return reply;
        });
    }

    /// <summary>A step without which there is no TLS: a connection that breaks off is a failure of TLS.</summary>
    private async Task<SmtpReply> TowardsTlsAsync(string begin, Func<Task<SmtpReply>> stepAsync)
    {
        try
        {
            return await stepAsync();
        }
        catch (SmtpException e) when (e.Failure is { } failure)
        {
            throw TlsFailures.Broken(_options, failure, begin + e.Message, e);
        }
    }

    private async Task LogInAsync(SmtpLogin login, CancellationToken cancel)
    {
        SmtpReply reply;
        if (Capabilities.Auth.Contains("PLAIN"))
        {
            reply = await AskAsync($"AUTH PLAIN {Base64($"\0{login.User}\0{login.Password}")}", SmtpStage.Auth, cancel);
        }
        else if (Capabilities.Auth.Contains("LOGIN"))
        {
            reply = await AskAsync("AUTH LOGIN", SmtpStage.Auth, cancel);
            foreach (var word in new[] { login.User, login.Password })
            {
                if (reply.IsIntermediate)
                {
                    reply = await AskAsync(Base64(word), SmtpStage.Auth, cancel);
                }
            }
        }
        else
        {
            throw new SmtpException(SmtpStage.Auth, SmtpFailure.Protocol, "the server offers neither AUTH PLAIN nor AUTH LOGIN");
        }

        if (!reply.IsPositive)
        {
            throw SmtpException.Refused(SmtpStage.Auth, reply);
        }
    }

    // One flight, then every reply to it. Nothing is sent before the last reply of the flight has come.
    private async Task SendPipelinedAsync(MailTransaction transaction, TransactionResult result, CancellationToken cancel)
    {
        var timeouts = _options.Timeouts;
        var resets = _needsReset;
        if (resets)
        {
            _wire.Write("RSET");
        }

        _wire.Write(Mail(transaction));
        foreach (var recipient in transaction.Recipients)
        {
            _wire.Write($"RCPT TO:<{recipient}>");
        }

        _wire.Write("DATA");
        _needsReset = true;
        await _wire.FlushAsync(SmtpStage.Mail, timeouts.Mail, cancel);
        if (resets)
        {
            Close(result, SmtpStage.Mail, await _wire.ReadAsync(SmtpStage.Mail, timeouts.Command, cancel));
        }

        if (IsUsable)
        {
            result.Mail(Close(result, SmtpStage.Mail, await _wire.ReadAsync(SmtpStage.Mail, timeouts.Mail, cancel)));
        }

        for (var i = 0; i < transaction.Recipients.Count && IsUsable; i++)
        {
            var reply = await _wire.ReadAsync(SmtpStage.Recipient, timeouts.Recipient, cancel);
            result.Recipient(i, Close(result, SmtpStage.Recipient, reply));
        }

        if (IsUsable)
        {
            var data = await _wire.ReadAsync(SmtpStage.Data, timeouts.Data, cancel);
            await ContentAsync(transaction, result, Close(result, SmtpStage.Data, data), cancel);
        }
    }

    private async Task SendStepByStepAsync(MailTransaction transaction, TransactionResult result, CancellationToken cancel)
    {
        if (_needsReset)
        {
            Close(result, SmtpStage.Mail, await AskAsync("RSET", SmtpStage.Mail, cancel));
        }

        _needsReset = true;
        if (IsUsable)
        {
            result.Mail(Close(result, SmtpStage.Mail, await AskAsync(Mail(transaction), SmtpStage.Mail, cancel)));
        }

        for (var i = 0; i < transaction.Recipients.Count && IsUsable && result.IsOpen; i++)
        {
            var reply = await AskAsync($"RCPT TO:<{transaction.Recipients[i]}>", SmtpStage.Recipient, cancel);
            result.Recipient(i, Close(result, SmtpStage.Recipient, reply));
        }

        if (IsUsable && result.HasAccepted)
        {
            var data = Close(result, SmtpStage.Data, await AskAsync("DATA", SmtpStage.Data, cancel));
            await ContentAsync(transaction, result, data, cancel);
        }
    }

    private async Task ContentAsync(MailTransaction transaction, TransactionResult result, SmtpReply data, CancellationToken cancel)
    {
        if (!data.IsIntermediate)
        {
            // A 2yz is no answer to DATA (RFC 5321 §4.3.2): the replies are a step behind, and the server may be waiting for content.
            IsUsable &= !data.IsPositive;
            result.Finish(SmtpStage.Data, data);
            return;
        }

        // Nobody was accepted and the server wants content all the same: it gets none (RFC 2920 §3.1).
        await _wire.SendContentAsync(
            result.HasAccepted ? transaction.Data : new MailData(default, default, false), _options.Timeouts.Block, cancel);
        var reply = await _wire.ReadAsync(SmtpStage.FinalDot, _options.Timeouts.FinalDot, cancel);
        result.Finish(SmtpStage.FinalDot, Close(result, SmtpStage.FinalDot, reply));
        _needsReset = false;
    }

    /// <summary>421 at any time means that the server hangs up: it is the answer for all who have none.</summary>
    private SmtpReply Close(TransactionResult result, SmtpStage stage, SmtpReply reply)
    {
        if (reply.Code == Closing)
        {
            IsUsable = false;
            result.AnswerAll(stage, reply);
        }

        return reply;
    }

    private async ValueTask<SmtpReply> AskAsync(string command, SmtpStage stage, CancellationToken cancel)
    {
        var timeout = stage switch
        {
            SmtpStage.Mail => _options.Timeouts.Mail,
            SmtpStage.Recipient => _options.Timeouts.Recipient,
            SmtpStage.Data => _options.Timeouts.Data,
            _ => _options.Timeouts.Command,
        };
        _wire.Write(command);
        await _wire.FlushAsync(stage, timeout, cancel);
        return await _wire.ReadAsync(stage, timeout, cancel);
    }

    private string Mail(MailTransaction transaction) => string.Create(
        CultureInfo.InvariantCulture,
        $"MAIL FROM:<{transaction.From}>{Size(transaction)}{(Capabilities.EightBitMime && transaction.Data.IsEightBit ? " BODY=8BITMIME" : null)}");

    private string? Size(MailTransaction transaction) =>
        Capabilities.Size ? string.Create(CultureInfo.InvariantCulture, $" SIZE={transaction.Data.Length}") : null;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
