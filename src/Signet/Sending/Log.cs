using Microsoft.Extensions.Logging;
using Signet.Messages;
using Signet.Names;

namespace Signet.Sending;

/// <summary>Event ids 200 to 299. A decision names addresses; the start of it is logged with a refusal all the same, as it is the reason for it.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 200, Message = "{MessageId}: from={From}, account={Account}, region={Region}, principal={Principal}, operation={Operation}, size={Size}, nrcpt={Nrcpt} (accepted)")]
    public static partial void Accepted(
        ILogger logger, LogLevel level, MessageId messageId, string from, string account, string region, string principal, string operation, int size,
        int nrcpt);

    [LoggerMessage(201, LogLevel.Debug, "{Action} by {Principal} refused: {Refusal}")]
    public static partial void Refused(ILogger logger, string action, string principal, string refusal);

    [LoggerMessage(202, LogLevel.Warning, "{Action} by {Principal} not authorised, refusal {Refusal}: {Decision}")]
    public static partial void NotAuthorised(ILogger logger, string action, string principal, Guid refusal, string decision);

    [LoggerMessage(203, LogLevel.Error, "a refusal could not be recorded ({Reason}): {Cause}")]
    public static partial void RefusalNotRecorded(ILogger logger, string reason, string cause);

    [LoggerMessage(204, LogLevel.Warning, "{Count} more sends of account {Account} were refused; they were answered with Throttling and are not recorded")]
    public static partial void RefusalsLeftOut(ILogger logger, AccountId account, int count);

    [LoggerMessage(205, LogLevel.Warning, "{Count} more sends of {Accounts} other accounts were refused; they were answered with Throttling and are not recorded")]
    public static partial void MoreRefusalsLeftOut(ILogger logger, int accounts, long count);
}
