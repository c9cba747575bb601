using Microsoft.Extensions.Logging;
using Signet.Messages;

namespace Signet.Delivery;

/// <summary>Event ids 400 to 499.</summary>
internal static partial class Log
{
    [LoggerMessage(400, LogLevel.Error, "{MessageId}: delivering it broke; it is deferred")]
    public static partial void DeliveryBroke(ILogger logger, MessageId messageId, Exception exception);

    [LoggerMessage(401, LogLevel.Warning, "{Count} delivery results could not be written and are kept, next try in {Delay}: {Cause}")]
    public static partial void ResultsNotWritten(ILogger logger, int count, TimeSpan delay, string cause);

    [LoggerMessage(402, LogLevel.Warning, "the queue could not be read: {Cause}")]
    public static partial void NothingClaimed(ILogger logger, string cause);

    [LoggerMessage(403, LogLevel.Warning, "deliveries that do not fit could not be given back to the store, next try in {Delay}: {Cause}")]
    public static partial void ClaimsNotGivenBack(ILogger logger, TimeSpan delay, string cause);

    [LoggerMessage(404, LogLevel.Warning,
        "this node could not say that it is alive, next try in {Delay}; when the store has not heard of it for {Life}, others may deliver what it has: {Cause}")]
    public static partial void NotHeard(ILogger logger, TimeSpan delay, TimeSpan life, string cause);

    [LoggerMessage(405, LogLevel.Error, "a delivery of {MessageId} is deferred because {What} cannot be read: another version wrote it, or it was changed by hand")]
    public static partial void DeliveryUnreadable(ILogger logger, string messageId, string what);

    [LoggerMessage(406, LogLevel.Error, "claiming deliveries broke; the next try is in {Delay}")]
    public static partial void ClaimingBroke(ILogger logger, TimeSpan delay, Exception exception);

    [LoggerMessage(407, LogLevel.Error, "a connection to {Destination} broke by an error of this program; what waits for it gets another")]
    public static partial void ConnectionBroke(ILogger logger, string destination, Exception exception);

    [LoggerMessage(408, LogLevel.Warning, "messages wait because the store could not be asked about them: {Cause}")]
    public static partial void GivenBack(ILogger logger, string cause);

    [LoggerMessage(409, LogLevel.Error, "the result of {MessageId}, delivery {Ordinal}, could not be stored in full: {What}")]
    public static partial void ResultCut(ILogger logger, MessageId messageId, int ordinal, string what, Exception exception);

    [LoggerMessage(410, LogLevel.Error,
        "the result of {MessageId}, delivery {Ordinal}, cannot be stored and is dropped; this process does not deliver it again, another may when this one has ended")]
    public static partial void ResultDropped(ILogger logger, MessageId messageId, int ordinal, Exception exception);

    [LoggerMessage(411, LogLevel.Warning, "operators' requests to hold, drop or reroute could not be seen to; the next try is in {Delay}: {Cause}")]
    public static partial void RequestsNotSeen(ILogger logger, TimeSpan delay, string cause);

    [LoggerMessage(412, LogLevel.Warning, "{Count} deliveries wait for a request of an operator that this version does not know; `signet queue retry` calls such requests off")]
    public static partial void RequestsUnknown(ILogger logger, int count);

    [LoggerMessage(413, LogLevel.Warning, "this node was taken for dead, as the store had not heard of it; what waited in its memory is left to all nodes")]
    public static partial void TakenForDead(ILogger logger);

    [LoggerMessage(414, LogLevel.Warning, "{Count} deliveries are free again that a node had which is gone")]
    public static partial void ClaimsFreed(ILogger logger, int count);

    [LoggerMessage(415, LogLevel.Warning, "mail to {Host} ({EndPoint}) goes in clear text although the host offers STARTTLS: {Cause}")]
    public static partial void Downgraded(ILogger logger, string host, System.Net.IPEndPoint endPoint, string cause);

    [LoggerMessage(416, LogLevel.Warning, "this node could not give back its claims at its end; others free them within {Life}: {Cause}")]
    public static partial void NotLeft(ILogger logger, TimeSpan life, string cause);

    [LoggerMessage(417, LogLevel.Information, "{Destination} lets nobody in; its mail waits until {Until}, when one connection tries again: {Cause}")]
    public static partial void BacksOff(ILogger logger, string destination, DateTimeOffset until, string cause);

    [LoggerMessage(418, LogLevel.Warning, "deliveries whose time is over could not be ended; the next try is in {Delay}: {Cause}")]
    public static partial void NotExpired(ILogger logger, TimeSpan delay, string cause);

    [LoggerMessage(419, LogLevel.Warning, "which hosts serve domains could not be recorded; the next try is in {Delay}: {Cause}")]
    public static partial void DestinationsNotRecorded(ILogger logger, TimeSpan delay, string cause);

    [LoggerMessage(420, LogLevel.Warning, "mail that ended suspensions hold could not be released; the next try is in {Delay}: {Cause}")]
    public static partial void LeftoversNotReleased(ILogger logger, TimeSpan delay, string cause);
}
