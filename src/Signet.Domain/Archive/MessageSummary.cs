using Signet.Messages;
using Signet.Names;
using Signet.Queue;

namespace Signet.Archive;

/// <summary>A message as one line of a list.</summary>
/// <param name="Id">The message.</param>
/// <param name="Owner">Who sent it; null for <see cref="ServerMail"/>.</param>
/// <param name="AcceptedAt">When.</param>
/// <param name="Principal">ARN of the caller.</param>
/// <param name="Operation">SES's name of the action.</param>
/// <param name="Source">As written.</param>
/// <param name="SourceArn">ARN of the identity that let it be sent; null for <see cref="ServerMail"/>.</param>
/// <param name="Subject">Decoded.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Tags">Message tags.</param>
/// <param name="HasContent">False once the content is forgotten.</param>
/// <param name="Recipients">The first few.</param>
/// <param name="RecipientCount">Of all.</param>
/// <param name="State">Of its deliveries' states the one that calls most for a look.</param>
public sealed record MessageSummary(
    MessageId Id,
    AccountRegion? Owner,
    DateTimeOffset AcceptedAt,
    string Principal,
    string Operation,
    string Source,
    string? SourceArn,
    string Subject,
    int Size,
    IReadOnlyList<MessageTag> Tags,
    bool HasContent,
    IReadOnlyList<string> Recipients,
    int RecipientCount,
    DeliveryState State)
{
    /// <summary>How many recipients are named.</summary>
    public const int MaxRecipients = 3;

    private static readonly DeliveryState[] MostTellingFirst =
        [DeliveryState.Failed, DeliveryState.Held, DeliveryState.Deferred, DeliveryState.Queued, DeliveryState.Delivered];

    /// <summary>
    /// What a line shows of deliveries that may stand differently. Of none, as when no row of them can be read, deferred: so are deliveries
    /// that cannot be read.
    /// </summary>
    public static DeliveryState Overall(IReadOnlyCollection<DeliveryState> states) =>
        states.Count == 0 ? DeliveryState.Deferred : MostTellingFirst.First(states.Contains);
}
