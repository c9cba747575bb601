using System.Globalization;
using System.Text;

namespace Signet.Smtp;

/// <summary>
/// A connection to an SMTP server, for one transaction after another (RFC 5321). Not for concurrent use. Every method but
/// <see cref="QuitAsync"/> throws for cancellation, after which the connection cannot be used again.
/// </summary>
public sealed class SmtpConnection : IAsyncDisposable
{
    private const int Closing = 421;

    private readonly SmtpWire _wire;
    private readonly SmtpSession _session;
    private bool _needsReset;

    private SmtpConnection(SmtpWire wire, SmtpSession session)
    {
        (_wire, _session) = (wire, session);
        _wire.Patience = session.Patience;
    }

    /// <summary>What the server can do.</summary>
    public SmtpCapabilities Capabilities { get; private set; } = SmtpCapabilities.None;

    /// <summary><c>TLSv1.3</c> or <c>TLSv1.2</c>; null in clear.</summary>
    public string? Tls => _wire.Tls;

    /// <summary>True when the conversation is in clear although the server offers STARTTLS.</summary>
    public bool IsDowngraded => Tls is null && Capabilities.StartTls;

    /// <summary>Cuts all time limits from now on, but for that of the answer to a final dot.</summary>
    public Patience? Patience
    {
        set => _wire.Patience = value;
    }

    /// <summary>False once the server has hung up, or cannot be understood any more.</summary>
    public bool IsUsable { get; private set; } = true;

    /// <summary>Reads the greeting, says hello, starts TLS and logs in as the session asks for.</summary>
    /// <param name="stream">Connected to the server; the connection's from now on, also when this fails.</param>
    /// <param name="session">How.</param>
    /// <param name="time">The clock of time limits.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="SmtpException">The server does not want us, or cannot be talked to.</exception>
    public static async Task<SmtpConnection> OpenAsync(
        Stream stream, SmtpSession session, TimeProvider time, CancellationToken cancel)
    {
        var connection = new SmtpConnection(new SmtpWire(stream, time), session);
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
    public async Task<SmtpTransaction> SendAsync(SmtpEnvelope envelope, CancellationToken cancel)
    {
        var transaction = new SmtpTransaction(envelope.Recipients.Count);
        try
        {
            _wire.CheckSilence();
            if (Capabilities.Pipelining)
            {
                await SendPipelinedAsync(envelope, transaction, cancel);
            }
            else
            {
                await SendStepByStepAsync(envelope, transaction, cancel);
            }

            if (IsUsable)
            {
                _wire.Listen();
            }
        }
        catch (SmtpException e)
        {
            IsUsable = false;
            transaction.BreakOff(e);
        }
        catch (OperationCanceledException)
        {
            IsUsable = false;
            throw;
        }

        return transaction;
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
            await _wire.FlushAsync(SmtpStage.Hello, _session.Timeouts.Quit, cancel);
            await _wire.ReadAsync(SmtpStage.Hello, _session.Timeouts.Quit, cancel);
        }
        catch (Exception e) when (e is SmtpException or OperationCanceledException)
        {
            // Nothing depends on the farewell: every transaction has had its answer.
        }
    }

    public ValueTask DisposeAsync() => _wire.DisposeAsync();

    private async Task BeginAsync(CancellationToken cancel)
    {
        if (_session.Tls == TlsUse.Implicit)
        {
            await _wire.EncryptAsync(_session, cancel);
        }

        var greeting = await _wire.ReadAsync(SmtpStage.Greeting, _session.Timeouts.Greeting, cancel);
        if (!greeting.IsPositive)
        {
            throw SmtpException.Refused(SmtpStage.Greeting, greeting);
        }

        await HelloAsync(cancel);
        if (_session.Tls is TlsUse.IfOffered or TlsUse.Required && Capabilities.StartTls)
        {
            await StartTlsAsync(cancel);
        }

        if (_session.Tls == TlsUse.Required && Tls is null)
        {
            throw new SmtpException(SmtpStage.Tls, SmtpFailure.Tls, "TLS is required, and the server does not offer it");
        }

        if (_session.Login is { } login)
        {
            await LogInAsync(login, cancel);
        }
    }

    private async Task HelloAsync(CancellationToken cancel)
    {
        var reply = await AskAsync($"EHLO {_session.Hostname}", SmtpStage.Hello, cancel);
        if (reply.IsPositive)
        {
            Capabilities = SmtpCapabilities.Of(reply);
            return;
        }

        Capabilities = SmtpCapabilities.None;
        if (reply.Code >= 500)
        {
            reply = await AskAsync($"HELO {_session.Hostname}", SmtpStage.Hello, cancel);
        }

        if (!reply.IsPositive)
        {
            throw SmtpException.Refused(SmtpStage.Hello, reply);
        }
    }

    private async Task StartTlsAsync(CancellationToken cancel)
    {
        var reply = await AskAsync("STARTTLS", SmtpStage.Tls, cancel);
        if (reply.Code == Closing)
        {
            throw SmtpException.Refused(SmtpStage.Tls, reply);
        }

        // A server that offers STARTTLS and then refuses it is talked to in clear, where that is allowed.
        if (!reply.IsPositive)
        {
            return;
        }

        // What came in clear behind the reply was put there by somebody between us (RFC 3207 §6).
        if (_wire.HasUnread)
        {
            throw new SmtpException(SmtpStage.Tls, SmtpFailure.Protocol, "the server went on in clear after STARTTLS");
        }

        await _wire.EncryptAsync(_session, cancel);
        await HelloAsync(cancel);
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
    private async Task SendPipelinedAsync(SmtpEnvelope envelope, SmtpTransaction transaction, CancellationToken cancel)
    {
        var timeouts = _session.Timeouts;
        var resets = _needsReset;
        if (resets)
        {
            _wire.Write("RSET");
        }

        _wire.Write(Mail(envelope));
        foreach (var recipient in envelope.Recipients)
        {
            _wire.Write($"RCPT TO:<{recipient}>");
        }

        _wire.Write("DATA");
        _needsReset = true;
        await _wire.FlushAsync(SmtpStage.Mail, timeouts.Mail, cancel);
        if (resets)
        {
            Close(transaction, SmtpStage.Mail, await _wire.ReadAsync(SmtpStage.Mail, timeouts.Command, cancel));
        }

        if (IsUsable)
        {
            transaction.Mail(Close(transaction, SmtpStage.Mail, await _wire.ReadAsync(SmtpStage.Mail, timeouts.Mail, cancel)));
        }

        for (var i = 0; i < envelope.Recipients.Count && IsUsable; i++)
        {
            var reply = await _wire.ReadAsync(SmtpStage.Recipient, timeouts.Recipient, cancel);
            transaction.Recipient(i, Close(transaction, SmtpStage.Recipient, reply));
        }

        if (IsUsable)
        {
            var data = await _wire.ReadAsync(SmtpStage.Data, timeouts.Data, cancel);
            await ContentAsync(envelope, transaction, Close(transaction, SmtpStage.Data, data), cancel);
        }
    }

    private async Task SendStepByStepAsync(SmtpEnvelope envelope, SmtpTransaction transaction, CancellationToken cancel)
    {
        if (_needsReset)
        {
            Close(transaction, SmtpStage.Mail, await AskAsync("RSET", SmtpStage.Mail, cancel));
        }

        _needsReset = true;
        if (IsUsable)
        {
            transaction.Mail(Close(transaction, SmtpStage.Mail, await AskAsync(Mail(envelope), SmtpStage.Mail, cancel)));
        }

        for (var i = 0; i < envelope.Recipients.Count && IsUsable && transaction.IsOpen; i++)
        {
            var reply = await AskAsync($"RCPT TO:<{envelope.Recipients[i]}>", SmtpStage.Recipient, cancel);
            transaction.Recipient(i, Close(transaction, SmtpStage.Recipient, reply));
        }

        if (IsUsable && transaction.HasAccepted)
        {
            var data = Close(transaction, SmtpStage.Data, await AskAsync("DATA", SmtpStage.Data, cancel));
            await ContentAsync(envelope, transaction, data, cancel);
        }
    }

    private async Task ContentAsync(SmtpEnvelope envelope, SmtpTransaction transaction, SmtpReply data, CancellationToken cancel)
    {
        if (!data.IsIntermediate)
        {
            // A 2yz is no answer to DATA (RFC 5321 §4.3.2): the replies are a step behind, and the server may be waiting for content.
            IsUsable &= !data.IsPositive;
            transaction.Finish(SmtpStage.Data, data);
            return;
        }

        // Nobody was accepted and the server wants content all the same: it gets none (RFC 2920 §3.1).
        await _wire.SendContentAsync(
            transaction.HasAccepted ? envelope.Data : new MailData(default, default, false), _session.Timeouts.Block, cancel);
        var reply = await _wire.ReadAsync(SmtpStage.FinalDot, _session.Timeouts.FinalDot, cancel);
        transaction.Finish(SmtpStage.FinalDot, Close(transaction, SmtpStage.FinalDot, reply));
        _needsReset = false;
    }

    /// <summary>421 at any time means that the server hangs up: it is the answer for all who have none.</summary>
    private SmtpReply Close(SmtpTransaction transaction, SmtpStage stage, SmtpReply reply)
    {
        if (reply.Code == Closing)
        {
            IsUsable = false;
            transaction.AnswerAll(stage, reply);
        }

        return reply;
    }

    private async ValueTask<SmtpReply> AskAsync(string command, SmtpStage stage, CancellationToken cancel)
    {
        var timeout = stage switch
        {
            SmtpStage.Mail => _session.Timeouts.Mail,
            SmtpStage.Recipient => _session.Timeouts.Recipient,
            SmtpStage.Data => _session.Timeouts.Data,
            _ => _session.Timeouts.Command,
        };
        _wire.Write(command);
        await _wire.FlushAsync(stage, timeout, cancel);
        return await _wire.ReadAsync(stage, timeout, cancel);
    }

    private string Mail(SmtpEnvelope envelope) => string.Create(
        CultureInfo.InvariantCulture,
        $"MAIL FROM:<{envelope.From}>{Size(envelope)}{(Capabilities.EightBitMime && envelope.Data.IsEightBit ? " BODY=8BITMIME" : null)}");

    private string? Size(SmtpEnvelope envelope) =>
        Capabilities.Size ? string.Create(CultureInfo.InvariantCulture, $" SIZE={envelope.Data.Length}") : null;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
