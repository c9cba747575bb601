using System.Text;
using Signet.Addresses;

namespace Signet.Identities;

/// <summary>The last confirmation mail that an account requested for a mailbox, and how long the account waits for the next one.</summary>
/// <param name="SentAt">When it was sent.</param>
/// <param name="Wait">Twice the previous wait, from <see cref="Shortest"/> to <see cref="Longest"/>.</param>
public sealed record ConfirmationPace(DateTimeOffset SentAt, TimeSpan Wait)
{
    /// <summary>The wait after an account's first mail, and between any two mails to one mailbox, whoever asks.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(5);

    /// <summary>As long as a link works: whoever lost the mail can get another one when its link expires.</summary>
    public static readonly TimeSpan Longest = VerificationRules.AddressTerm;

    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    /// <summary>When the account may request the next mail.</summary>
    public DateTimeOffset NextAt => SentAt + Wait;

    /// <summary>When the account starts again with the shortest wait.</summary>
    public DateTimeOffset ForgottenAt => NextAt + Memory;
}

/// <summary>
/// The confirmation mails sent to one mailbox, as they limit one account. An account that keeps asking waits twice as long each time, so it
/// can neither flood a stranger's mailbox nor keep other accounts from an address.
/// </summary>
/// <param name="Own">The account's last one; null for none.</param>
/// <param name="LastSentAt">When the last one was sent, whoever asked; null for never.</param>
public sealed record MailboxPace(ConfirmationPace? Own, DateTimeOffset? LastSentAt)
{
    /// <summary>
    /// One key for all spellings of a mailbox: lower case, no quotes, no label. Mailboxes that differ only in case count as one, because
    /// nearly every mail server treats them so.
    /// </summary>
    public static string MailboxOf(EmailAddress address)
    {
        var local = Unquoted(address.LocalPart).ToLowerInvariant();
        var plus = local.IndexOf('+', StringComparison.Ordinal);
        return $"{(plus > 0 ? local[..plus] : local)}@{address.Domain}";
    }

    /// <summary>How long the account has to wait; null when a mail may go out now.</summary>
    public TimeSpan? WaitAt(DateTimeOffset now)
    {
        var all = LastSentAt + ConfirmationPace.Shortest;
        var next = Own?.NextAt > all ? Own.NextAt : all;
        return next > now ? next - now : null;
    }

    /// <summary>The account's pace after a mail that is sent now.</summary>
    public ConfirmationPace NextAt(DateTimeOffset now)
    {
        var wait = Own is { } own && own.ForgottenAt > now ? own.Wait * 2 : ConfirmationPace.Shortest;
        return new ConfirmationPace(now, wait < ConfirmationPace.Longest ? wait : ConfirmationPace.Longest);
    }

    // RFC 5321 §4.1.2: quotes and backslashes are spelling, not part of the mailbox's name.
    private static string Unquoted(string localPart)
    {
        if (localPart is not ['"', .., '"'])
        {
            return localPart;
        }

        var plain = new StringBuilder();
        for (var i = 1; i < localPart.Length - 1; i++)
        {
            if (localPart[i] == '\\')
            {
                i++;
            }

            plain.Append(localPart[i]);
        }

        return plain.ToString();
    }
}
