using Microsoft.Extensions.Logging;
using Signet.Messages;

namespace Signet.Sending;

/// <summary>Event ids 200 to 299. The reason of a refusal may name an address; the whole decision is in the store.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 200, Message = "{MessageId}: from={From}, account={Account}, region={Region}, principal={Principal}, operation={Operation}, size={Size}, nrcpt={Nrcpt} (accepted)")]
    public static partial void Accepted(
        ILogger logger, LogLevel level, MessageId messageId, string from, string account, string region, string principal, string operation, int size,
        int nrcpt);

    [LoggerMessage(EventId = 201, Message = "{Action} by {Principal} refused: {Code}: {Refusal} ({Place})")]
    public static partial void Refused(ILogger logger, LogLevel level, string action, string principal, string code, string refusal, string place);

    [LoggerMessage(EventId = 207, Message = "{Action} by {Principal} throttled: {Refusal}")]
    public static partial void Throttled(ILogger logger, LogLevel level, string action, string principal, string refusal);

    [LoggerMessage(202, LogLevel.Warning, "{Action} by {Principal} not authorised: {Reason} ({Place})")]
    public static partial void NotAuthorised(ILogger logger, string action, string principal, string reason, string place);

    [LoggerMessage(203, LogLevel.Error, "a refusal could not be recorded ({Reason}): {Cause}")]
    public static partial void RefusalNotRecorded(ILogger logger, string reason, string cause);

    [LoggerMessage(204, LogLevel.Warning, "{Count} more refusals are not recorded: {Source}")]
    public static partial void RefusalsLeftOut(ILogger logger, RefusalSource source, int count);

    [LoggerMessage(205, LogLevel.Warning, "{Count} more refusals of {Sources} other sources are not recorded")]
    public static partial void MoreRefusalsLeftOut(ILogger logger, int sources, long count);

    [LoggerMessage(206, LogLevel.Information, "{MessageId}: from={From}, to={To} (captured, {Place})")]
    public static partial void Captured(ILogger logger, MessageId messageId, string from, string to, Uri place);

    [LoggerMessage(208, LogLevel.Information, "{MessageId}: {Count} deliveries are held by suspension {Suspension}")]
    public static partial void Suspended(ILogger logger, MessageId messageId, int count, long suspension);
}
