using Signet.Addresses;

namespace Signet.Smtp;

/// <summary>One transaction: sender, recipients and content.</summary>
/// <param name="From">MAIL FROM.</param>
/// <param name="Recipients">RCPT TO, at least one.</param>
/// <param name="Data">Header and body.</param>
public sealed record MailTransaction(EmailAddress From, IReadOnlyList<EmailAddress> Recipients, MailData Data);

/// <summary>What the server said to one recipient of a transaction, and where.</summary>
/// <param name="Stage">Whose reply it is; a reply to <see cref="SmtpStage.FinalDot"/> is for everybody who was accepted.</param>
/// <param name="Reply">That reply.</param>
public readonly record struct SmtpAnswer(SmtpStage Stage, SmtpReply Reply);
