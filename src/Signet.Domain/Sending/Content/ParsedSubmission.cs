using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Signet.Addresses;
using Signet.Messages;
using Signet.Policies;

namespace Signet.Sending.Content;

/// <summary>
/// A submission whose own form is read and checked: addresses, headers, MIME, tags and ARNs, and the limits on their number and length. It is
/// the same for every kind of content, so that no rule needs to know the kind.
/// </summary>
internal abstract record ParsedSubmission
{
    /// <summary>The Source parameter, or the first From where there is none.</summary>
    public required Mailbox Source { get; init; }

    /// <summary>The From header of a raw message; empty where Source becomes the From.</summary>
    public required IReadOnlyList<Mailbox> From { get; init; }

    public required Mailbox? Sender { get; init; }

    public required Mailbox? ReturnPath { get; init; }

    /// <summary>Where bounces and complaints go (SES Developer Guide, "Receiving Amazon SES notifications using email").</summary>
    public required EmailAddress Feedback { get; init; }

    /// <summary>The envelope, with repetitions.</summary>
    public required IReadOnlyList<Mailbox> Recipients { get; init; }

    public required string Subject { get; init; }

    public required IReadOnlyList<MessageTag> Tags { get; init; }

    /// <summary>The name of the configuration set that is asked for; null for none.</summary>
    public required string? ConfigurationSet { get; init; }

    public required NamedArn? SourceArn { get; init; }

    public required NamedArn? FromArn { get; init; }

    public required NamedArn? ReturnPathArn { get; init; }

    /// <summary>What its sender should know although it is accepted (<see cref="SendDecision.Remark"/>).</summary>
    public string? Remark { get; init; }

    /// <summary>Makes the bytes to be stored and delivered. A kind of content that needs a store for it waits for the store here.</summary>
    public abstract ValueTask<ReadOnlyMemory<byte>> ComposeAsync(MessageStamp stamp, CancellationToken cancel);

    /// <summary>Reads and checks a submission, in the order in which SES finds fault.</summary>
    /// <param name="request">What was submitted.</param>
    /// <param name="maxBytes">The size limit, of raw messages here; a composed one has no size yet.</param>
    /// <param name="parsed">What was read.</param>
    /// <param name="refusal">The first fault.</param>
    public static bool TryRead(
        SubmissionRequest request, int maxBytes, [NotNullWhen(true)] out ParsedSubmission? parsed, [NotNullWhen(false)] out Refusal? refusal)
    {
        try
        {
            parsed = request.Content switch
            {
                SubmissionContent.Parts parts => Composed.Read(request, parts),
                SubmissionContent.Raw raw => Raw.Read(request, raw, maxBytes),
                _ => throw new UnreachableException(),
            };
            refusal = null;
            return true;
        }
        catch (RefusedException e)
        {
            parsed = null;
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
}
