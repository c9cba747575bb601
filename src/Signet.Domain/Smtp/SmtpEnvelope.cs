using Signet.Addresses;

namespace Signet.Smtp;

/// <summary>One transaction: who sends what to whom.</summary>
/// <param name="From">MAIL FROM.</param>
/// <param name="Recipients">RCPT TO, at least one.</param>
/// <param name="Content">Header and body; every line ends with CRLF, and no CR or LF stands alone.</param>
public sealed record SmtpEnvelope(EmailAddress From, IReadOnlyList<EmailAddress> Recipients, ReadOnlyMemory<byte> Content)
{
    /// <summary>Whether the content has bytes beyond ASCII, which a server without 8BITMIME must not get (RFC 6152 §3).</summary>
    public bool IsEightBit { get; } = !System.Text.Ascii.IsValid(Content.Span);
}

/// <summary>What the server said to one recipient of a transaction, and where.</summary>
/// <param name="Stage">Whose reply it is; a reply to <see cref="SmtpStage.FinalDot"/> is for everybody who was accepted.</param>
/// <param name="Reply">That reply.</param>
public readonly record struct SmtpAnswer(SmtpStage Stage, SmtpReply Reply);
