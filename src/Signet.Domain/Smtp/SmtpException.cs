namespace Signet.Smtp;

/// <summary>How far a conversation with a server had come.</summary>
public enum SmtpStage
{
    Connect,
    Greeting,
    Hello,
    Tls,
    Auth,
    Mail,
    Recipient,
    Data,

    /// <summary>The content was being sent.</summary>
    Content,

    /// <summary>The final dot was sent, its reply awaited: the server may have the message.</summary>
    FinalDot,
}

/// <summary>What went wrong, when it was not a reply that said no.</summary>
public enum SmtpFailure
{
    /// <summary>No TCP connection.</summary>
    Unreachable,

    /// <summary>The server did not answer in time.</summary>
    TimedOut,

    /// <summary>The connection broke.</summary>
    Closed,

    /// <summary>What came was not SMTP.</summary>
    Protocol,

    /// <summary>
    /// The server's TLS does not work, its certificate is not valid, or TLS is required and it has none. A handshake that timed out or broke off is
    /// <see cref="TimedOut"/> or <see cref="Closed"/>.
    /// </summary>
    Tls,
}

/// <summary>A conversation with a server ended prematurely; the connection cannot be reused.</summary>
public sealed class SmtpException : Exception
{
    public SmtpException(SmtpStage stage, SmtpFailure failure, string message, Exception? inner = null)
        : base(message, inner) => (Stage, Failure) = (stage, failure);

    private SmtpException(SmtpStage stage, SmtpReply reply)
        : base(reply.ToString()) => (Stage, Reply) = (stage, reply);

    public SmtpStage Stage { get; }

    /// <summary>Null when a reply ended it.</summary>
    public SmtpFailure? Failure { get; }

    /// <summary>The reply with which the server turned us away before any message; null when it was a failure.</summary>
    public SmtpReply? Reply { get; }

    /// <summary>What was wrong with the certificate, when that ended it.</summary>
    public string? Certificate { get; init; }

    public static SmtpException Refused(SmtpStage stage, SmtpReply reply) => new(stage, reply);
}
