using Microsoft.Extensions.Logging;
using Signet.Messages;

namespace Signet.Queue;

/// <summary>Event ids 300 to 399.</summary>
internal static partial class Log
{
    private const string Attempted =
        "to=<{Recipient}>, account={Account}, region={Region}, relay={Relay}, tls={Tls}, certificate={Certificate}, tls-policy={TlsPolicy}, attempt={Attempt}, delay={Delay}, duration={Duration}, "
        + "code={Code}, dsn={Dsn}, ";

    [LoggerMessage(300, LogLevel.Warning, "the store is unavailable ({User}: {Count} since the last line): {Cause}")]
    public static partial void StoreUnavailable(ILogger logger, StoreUser user, long count, string cause);

    [LoggerMessage(301, LogLevel.Warning, "the queue cannot be counted, the next try is in {Delay}: {Cause}")]
    public static partial void StoreAway(ILogger logger, TimeSpan delay, string cause);

    [LoggerMessage(302, LogLevel.Error, "counting the queue broke; the next try is in {Delay}")]
    public static partial void QueueNotCounted(ILogger logger, TimeSpan delay, Exception exception);

    [LoggerMessage(310, LogLevel.Information, "{MessageId}: " + Attempted + "status={Status} ({Reply})")]
    public static partial void Delivered(
        ILogger logger, MessageId messageId, string recipient, string account, string region, string relay, string tls, string certificate,
        string tlsPolicy, int attempt,
        double delay, double duration, int code, string dsn, string status, string reply);

    [LoggerMessage(311, LogLevel.Information, "{MessageId}: " + Attempted + "next={Next}, status={Status} ({Reply})")]
    public static partial void Deferred(
        ILogger logger, MessageId messageId, string recipient, string account, string region, string relay, string tls, string certificate,
        string tlsPolicy, int attempt,
        double delay, double duration, int code, string dsn, string next, string status, string reply);

    [LoggerMessage(312, LogLevel.Information, "{MessageId}: " + Attempted + "status={Status} ({Reply})")]
    public static partial void Failed(
        ILogger logger, MessageId messageId, string recipient, string account, string region, string relay, string tls, string certificate,
        string tlsPolicy, int attempt,
        double delay, double duration, int code, string dsn, string status, string reply);
}
