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

    /// <summary>
    /// The latest times at which this mail and those before it can have been sent, newest first: the wait doubles, so before this mail there
    /// was at least half of it.
    /// </summary>
    public IEnumerable<DateTimeOffset> LatestTimes()
    {
        var (at, wait) = (SentAt, Wait);
        yield return at;
        while (wait > Shortest)
        {
            wait /= 2;
            at -= wait;
            yield return at;
        }
    }
}

/// <summary>
/// The confirmation mails that one account requested, to whatever mailboxes and from whatever regions. Their number is limited because
/// nobody knows which addresses a receiver takes for one mailbox, and a stranger's mailbox is a stranger's whichever it is.
/// </summary>
/// <param name="Last">The account's last mail to each mailbox: the <see cref="MaxPerHour"/> newest.</param>
public sealed record AccountPace(IReadOnlyList<ConfirmationPace> Last)
{
    /// <summary>
    /// More than a person verifies by hand in an hour, and few enough that an account's flood does no harm to the server's reputation.
    /// Whoever sends from many addresses verifies their domain.
    /// </summary>
    public const int MaxPerHour = 50;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>How long the account has to wait; null when a mail may go out now.</summary>
    public TimeSpan? WaitAt(DateTimeOffset now)
    {
        List<DateTimeOffset> recent = [.. Last.SelectMany(pace => pace.LatestTimes()).Where(at => at > now - Hour).OrderDescending()];
        return recent.Count < MaxPerHour ? null : recent[MaxPerHour - 1] + Hour - now;
    }
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
