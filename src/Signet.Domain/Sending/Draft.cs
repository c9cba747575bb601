using System.Diagnostics.CodeAnalysis;
using Signet.Addresses;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;

namespace Signet.Sending;

/// <summary>
/// What is handed in at the door, read and checked but for the right to send it: the form of addresses, headers, MIME, tags and
/// ARNs, and the limits on their number and size. The same for both kinds of content, so that nothing after it needs to know
/// which it was.
/// </summary>
internal sealed record Draft
{
    // Headers that ask SES for what Signet does not have: refused, for removing them in silence would look as if it had been done.
    private static readonly string[] UnsupportedHeaders = ["X-SES-LIST-MANAGEMENT-OPTIONS", "X-SES-TENANT"];

    /// <summary>The Source parameter, or the first From where there is none.</summary>
    public required Mailbox Source { get; init; }

    /// <summary>The From header of a raw message; empty where Source becomes the From.</summary>
    public required IReadOnlyList<Mailbox> From { get; init; }

    public required Mailbox? Sender { get; init; }

    public required Mailbox? ReturnPath { get; init; }

    /// <summary>Where feedback goes (ses/sending.md §6, address precedence).</summary>
    public required EmailAddress Feedback { get; init; }

    /// <summary>The envelope, with repetitions.</summary>
    public required IReadOnlyList<Mailbox> Recipients { get; init; }

    public required string Subject { get; init; }

    public required IReadOnlyList<MessageTag> Tags { get; init; }

    public required NamedArn? SourceArn { get; init; }

    public required NamedArn? FromArn { get; init; }

    public required NamedArn? ReturnPathArn { get; init; }

    /// <summary>What its sender should know although it is accepted (<see cref="SendDecision.Remark"/>).</summary>
    public string? Remark { get; init; }

    /// <summary>Makes the bytes to be stored and delivered.</summary>
    public required Func<MessageStamp, ReadOnlyMemory<byte>> Compose { get; init; }

    /// <summary>Reads and checks, in the order in which SES finds fault (ses/sending.md §9).</summary>
    /// <param name="request">What was handed in.</param>
    /// <param name="maxBytes">The size limit, of raw messages here; a composed one has no size yet.</param>
    /// <param name="draft">The draft.</param>
    /// <param name="refusal">The first fault.</param>
    public static bool TryRead(
        SubmissionRequest request, int maxBytes, [NotNullWhen(true)] out Draft? draft, [NotNullWhen(false)] out Refusal? refusal)
    {
        try
        {
            draft = request.Content switch
            {
                SubmissionContent.Parts parts => OfParts(request, parts),
                SubmissionContent.Raw raw => OfRaw(request, raw, maxBytes),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
            refusal = null;
            return true;
        }
        catch (RefusedException e)
        {
            draft = null;
            refusal = e.Refusal;
            return false;
        }
    }

    /// <summary>What authorization is asked.</summary>
    public SendAttempt ToAttempt(SubmissionRequest request, DateTimeOffset time) => new()
    {
        Caller = request.Caller,
        Action = request.Action,
        Time = time,
        Source = request.Source,
        From = From,
        Sender = Sender,
        ReturnPath = ReturnPath,
        Feedback = Feedback,
        Recipients = Recipients,
        SourceArn = SourceArn,
        FromArn = FromArn,
        ReturnPathArn = ReturnPathArn,
    };

    private static Draft OfParts(SubmissionRequest request, SubmissionContent.Parts parts)
    {
        var source = request.Source ?? throw new ArgumentException("a message made of parts needs a source", nameof(request));
        IReadOnlyList<Mailbox> recipients = [.. parts.To, .. parts.Cc, .. parts.Bcc];
        CheckRecipients(recipients);
        CheckNumber(MailboxLimit.ReplyTo, parts.ReplyTo.Count);
        CheckConfigurationSet(request.ConfigurationSet);
        CheckLengths([source, .. recipients, .. parts.ReplyTo, .. One(request.ReturnPath)]);
        if (parts.Text is null && parts.Html is null)
        {
            throw Invalid("Message body must have a Text or an Html part.");
        }

        return new Draft
        {
            Source = source,
            From = [],
            Sender = null,
            ReturnPath = request.ReturnPath,
            Feedback = (request.ReturnPath ?? source).Address,
            Recipients = recipients,
            Subject = parts.Subject.Data,
            Tags = Checked(request.Tags ?? []),
            SourceArn = Read("SourceArn", request.SourceArn),
            FromArn = Read("FromArn", request.FromArn),
            ReturnPathArn = Read("ReturnPathArn", request.ReturnPathArn),
            Compose = stamp => MessageComposer.Compose(
                new MessageParts
                {
                    From = source,
                    ReplyTo = parts.ReplyTo,
                    To = parts.To,
                    Cc = parts.Cc,
                    Subject = parts.Subject,
                    Text = parts.Text,
                    Html = parts.Html,
                },
                stamp),
        };
    }

    private static Draft OfRaw(SubmissionRequest request, SubmissionContent.Raw raw, int maxBytes)
    {
        if (raw.Data.Length > maxBytes)
        {
            throw new RefusedException(Refusal.Invalid.TooLarge(raw.Data.Length, maxBytes));
        }

        if (!RawMessage.TryRead(raw.Data, out var message, out var problem)
            || !message.TryReadAddresses(out var addresses, out problem)
            || !message.TryCheck(request.Source is not null, raw.Destinations.Count > 0, out problem))
        {
            throw Invalid(problem);
        }

        if (UnsupportedHeaders.FirstOrDefault(name => message.Value(name) is not null) is { } unsupported)
        {
            throw Invalid($"Signet does not support the header '{unsupported}'.");
        }

        // INVARIANT: without a Source there is a From that names somebody, as was checked.
        var source = request.Source ?? addresses.From[0];
        var recipients = raw.Destinations.Count > 0 ? raw.Destinations : [.. addresses.To, .. addresses.Cc, .. addresses.Bcc];
        CheckRecipients(recipients);
        CheckConfigurationSet(request.ConfigurationSet ?? message.Value("X-SES-CONFIGURATION-SET"));
        CheckLengths(
            [source, .. addresses.From, .. recipients, .. One(addresses.ReturnPath), .. addresses.ReplyTo, .. One(addresses.Sender)]);
        return new Draft
        {
            Source = source,
            From = addresses.From,
            Sender = addresses.Sender,
            ReturnPath = addresses.ReturnPath,
            Feedback = (request.Source ?? addresses.ReturnPath ?? source).Address,
            Recipients = recipients,
            Subject = message.Subject,
            Tags = request.Tags is { } tags ? Checked(tags) : HeaderTags(message),
            SourceArn = Read("SourceArn", request.SourceArn) ?? ReadHeader(message, "X-SES-SOURCE-ARN"),
            FromArn = Read("FromArn", request.FromArn) ?? ReadHeader(message, "X-SES-FROM-ARN"),
            ReturnPathArn = Read("ReturnPathArn", request.ReturnPathArn) ?? ReadHeader(message, "X-SES-RETURN-PATH-ARN"),
            Remark = message.LongLines is { } lines ? $"{lines} The message leaves as it is, and a receiver may refuse it or break the line." : null,
            Compose = stamp => message.ToOutgoing(stamp, request.Source),
        };
    }

    private static void CheckRecipients(IReadOnlyList<Mailbox> recipients)
    {
        if (recipients.Count == 0)
        {
            throw Invalid("The message has no recipients.");
        }

        CheckNumber(MailboxLimit.Recipients, recipients.Count);
    }

    private static void CheckNumber(MailboxLimit limit, int count)
    {
        if (limit.ProblemOf(count) is { } problem)
        {
            throw Invalid(problem);
        }
    }

    // There are none yet, so a named one is one that does not exist: never taken as if it had been applied.
    private static void CheckConfigurationSet(string? name)
    {
        if (!string.IsNullOrEmpty(name))
        {
            throw new RefusedException(new Refusal.NoSuchConfigurationSet(name));
        }
    }

    private static void CheckLengths(IEnumerable<Mailbox> mailboxes)
    {
        if (mailboxes.Select(m => m.LengthProblem()).FirstOrDefault(p => p is not null) is { } problem)
        {
            throw Invalid(problem);
        }
    }

    private static IReadOnlyList<MessageTag> Checked(IReadOnlyList<MessageTag> tags) =>
        MessageTags.TryCheck(tags, out var problem) ? tags : throw Invalid(problem);

    private static IReadOnlyList<MessageTag> HeaderTags(RawMessage message) =>
        message.Value("X-SES-MESSAGE-TAGS") is not { } header ? []
        : MessageTags.TryParse(header, out var tags, out var problem) ? tags
        : throw Invalid(problem);

    private static NamedArn? ReadHeader(RawMessage message, string name) =>
        message.Value(name) is { } value ? Read(name, new ArnText(value)) : null;

    private static NamedArn? Read(string namedBy, ArnText? text) =>
        text is not { } arn ? null
        : IdentityArn.TryParse(arn.Value, out var identity) ? new NamedArn(namedBy, identity)
        : throw Invalid($"{namedBy} is not the ARN of an identity: <{arn.Value}>.");

    private static IEnumerable<Mailbox> One(Mailbox? mailbox) => mailbox is null ? [] : [mailbox];

    private static RefusedException Invalid(string problem) => new(new Refusal.Invalid(problem));

    /// <summary>Leaves the reading at the first fault; caught in <see cref="TryRead"/> and nowhere else.</summary>
    private sealed class RefusedException(Refusal refusal) : Exception
    {
        public Refusal Refusal { get; } = refusal;
    }
}
