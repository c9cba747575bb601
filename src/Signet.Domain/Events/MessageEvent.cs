using Signet.Messages;
using Signet.Names;

namespace Signet.Events;

/// <summary>Something that happened to a message.</summary>
/// <param name="Id">Made by us; grows with time.</param>
/// <param name="MessageId">The message.</param>
/// <param name="Owner">The account and region that sent it; null for mail of the server itself.</param>
/// <param name="At">When.</param>
/// <param name="Type">What.</param>
/// <param name="Recipients">Whom it concerns: all recipients for Send, some for the rest.</param>
/// <param name="Detail">What else is to be said, as a JSON object: the reply and host of a Delivery, the status of a Bounce.</param>
public sealed record MessageEvent(
    Guid Id,
    MessageId MessageId,
    AccountRegion? Owner,
    DateTimeOffset At,
    EventType Type,
    IReadOnlyList<string> Recipients,
    string Detail)
{
    /// <summary>
    /// An id for what happened at a time: a UUID of version 7 (RFC 9562 §5.7), of those of one millisecond the Send the least, for
    /// nothing comes before it.
    /// </summary>
    public static Guid NewId(DateTimeOffset at, EventType type)
    {
        const int version = 6;
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(at).TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[version] = type == EventType.Send ? (byte)0x70 : (byte)(bytes[version] | 0x08);
        return new Guid(bytes, bigEndian: true);
    }
}

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
