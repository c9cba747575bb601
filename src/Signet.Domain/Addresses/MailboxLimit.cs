namespace Signet.Addresses;

/// <summary>
/// How many addresses a message may name in one place. Each costs work: a From address is judged by every policy. SES tells its limit of
/// recipients only; the others are ours.
/// </summary>
/// <param name="What">What is counted, as a refusal begins.</param>
/// <param name="Max">How many there may be.</param>
public sealed record MailboxLimit(string What, int Max)
{
    /// <summary>To, Cc and Bcc together (SES).</summary>
    public static MailboxLimit Recipients { get; } = new("Recipient", 50);

    /// <summary>Mail of several authors is rare (RFC 5322 §3.6.2), and large receivers refuse it.</summary>
    public static MailboxLimit From { get; } = new("From address", 10);

    public static MailboxLimit ReplyTo { get; } = new("Reply-To address", 50);

    /// <summary>The refusal of so many; null when they are not too many.</summary>
    public string? ProblemOf(int count) => count > Max ? $"{What} count exceeds {Max}." : null;
}
