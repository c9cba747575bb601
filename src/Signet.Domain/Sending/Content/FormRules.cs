using Signet.Addresses;
using Signet.Messages;
using Signet.Names;

namespace Signet.Sending.Content;

/// <summary>The checks of form that every kind of content has. Each throws <see cref="RefusedException"/> at a fault.</summary>
internal static class FormRules
{
    public static void CheckRecipients(IReadOnlyList<Mailbox> recipients)
    {
        if (recipients.Count == 0)
        {
            throw RefusedException.Invalid("The message has no recipients.");
        }

        CheckNumber(MailboxLimit.Recipients, recipients.Count);
    }

    public static void CheckNumber(MailboxLimit limit, int count)
    {
        if (limit.ProblemOf(count) is { } problem)
        {
            throw RefusedException.Invalid(problem);
        }
    }

    public static void CheckLengths(IEnumerable<Mailbox> mailboxes)
    {
        if (mailboxes.Select(m => m.LengthProblem()).FirstOrDefault(p => p is not null) is { } problem)
        {
            throw RefusedException.Invalid(problem);
        }
    }

    public static IReadOnlyList<MessageTag> Checked(IReadOnlyList<MessageTag> tags) =>
        MessageTags.TryCheck(tags, out var problem) ? tags : throw RefusedException.Invalid(problem);

    /// <summary>The identity that a parameter or header names; null when it is not given.</summary>
    public static NamedArn? Read(string namedBy, ArnText? text) =>
        text is not { } arn ? null
        : IdentityArn.TryParse(arn.Value, out var identity) ? new NamedArn(namedBy, identity)
        : throw RefusedException.Invalid($"{namedBy} is not the ARN of an identity: <{arn.Value}>.");

    public static IEnumerable<Mailbox> One(Mailbox? mailbox) => mailbox is null ? [] : [mailbox];
}
