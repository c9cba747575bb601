using Microsoft.Extensions.Logging;
using Signet.Messages;

namespace Signet.Sending;

/// <summary>Event ids 200 to 299. A decision names addresses; it is logged with a refusal all the same, as it is the reason for it.</summary>
internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Debug, "{MessageId}: accepted by {Operation} from {Principal}, {Recipients} recipients, {Size} bytes")]
    public static partial void Accepted(
        ILogger logger, MessageId messageId, string operation, string principal, int recipients, int size);

    [LoggerMessage(201, LogLevel.Debug, "{Action} by {Principal} refused: {Refusal}")]
    public static partial void Refused(ILogger logger, string action, string principal, string refusal);

    [LoggerMessage(202, LogLevel.Warning, "{Action} by {Principal} not authorised: {Reason} Decision: {Decision}")]
    public static partial void NotAuthorised(ILogger logger, string action, string principal, string reason, string decision);

    [LoggerMessage(203, LogLevel.Error, "a refusal could not be recorded ({Reason}): {Cause}")]
    public static partial void RefusalNotRecorded(ILogger logger, string reason, string cause);
}
