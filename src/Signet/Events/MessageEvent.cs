using Signet.Messages;
using Signet.Names;

namespace Signet.Events;

/// <summary>Something that happened to a message.</summary>
/// <param name="Id">Made by us; grows with time.</param>
/// <param name="MessageId">The message.</param>
/// <param name="Owner">The account and region that sent it.</param>
/// <param name="At">When.</param>
/// <param name="Type">What.</param>
/// <param name="Recipients">Whom it concerns: all recipients for Send, some for the rest.</param>
/// <param name="Detail">What else is to be said, as a JSON object: the reply and host of a Delivery, the status of a Bounce.</param>
public sealed record MessageEvent(
    Guid Id,
    MessageId MessageId,
    AccountRegion Owner,
    DateTimeOffset At,
    EventType Type,
    IReadOnlyList<string> Recipients,
    string Detail);

/// <summary>SES event types, spelled as they are in event records.</summary>
public enum EventType
{
    Send,
    Reject,
    Delivery,
    DeliveryDelay,
    Bounce,
    Complaint,
}
