using System.Globalization;
using Microsoft.Extensions.Logging;
using Signet.Display;
using Signet.Names;

namespace Signet.Queue;

/// <summary>
/// The mail log: one line for each attempt to deliver to one recipient, found by MessageId and by address. The fields are those that
/// Postfix writes for a delivery, where it has them. Never more of a message than its id and the recipient.
/// </summary>
public static class MailLog
{
    /// <summary>Characters of a reply; the whole is kept with the attempt.</summary>
    public const int MaxReply = 200;

    private const string None = "none";

    /// <summary>Writes the line of a result. Costs nothing while nobody listens, or when the result has no <see cref="DeliveryResult.Line"/>.</summary>
    public static void Write(ILogger logger, DeliveryResult result)
    {
        if (result.Line is not { } line || !logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        var account = line.Owner?.Account.Value ?? None;
        var region = line.Owner?.Region.Value ?? None;
        var relay = RelayOf(result.Attempt);
        var tls = result.Attempt?.Tls ?? None;
        var certificate = result.Attempt?.Certificate ?? None;
        var policy = result.Attempt?.TlsPolicy ?? None;
        var delay = Seconds(result.SinceAccepted);
        var duration = Seconds(result.Attempt?.Duration);
        var reply = VisibleText.Cut(result.Result, MaxReply);
        switch (result.State)
        {
            case DeliveryState.Delivered:
                Log.Delivered(
                    logger, result.MessageId, line.Recipient, account, region, relay, tls, certificate, policy, line.Attempt, delay, duration,
                    line.Code, line.Status,
                    "delivered", reply);
                break;
            case DeliveryState.Deferred:
                Log.Deferred(
                    logger, result.MessageId, line.Recipient, account, region, relay, tls, certificate, policy, line.Attempt, delay, duration,
                    line.Code, line.Status,
                    result.NextAttemptAt?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? None, "deferred", reply);
                break;
            case DeliveryState.Failed:
                Log.Failed(
                    logger, result.MessageId, line.Recipient, account, region, relay, tls, certificate, policy, line.Attempt, delay, duration,
                    line.Code, line.Status,
                    "failed", reply);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(result), result.State, "an attempt does not end so");
        }
    }

    private static string RelayOf(Attempt? attempt) =>
        attempt?.Host is not { } host ? None : attempt.Address is { } address ? $"{host}[{address}]" : $"{host}[{None}]";

    private static double Seconds(TimeSpan? span) => Math.Round(span.GetValueOrDefault().TotalSeconds, 3);
}

/// <summary>What the mail log says of a result beyond the result itself.</summary>
/// <param name="Recipient">RCPT TO.</param>
/// <param name="Owner">Who sent it; null for <see cref="ServerMail"/>.</param>
/// <param name="Attempt">The number of the attempt, from 1.</param>
/// <param name="Code">The SMTP code that decided, or the one that a failure without a reply is put into.</param>
/// <param name="Status">The enhanced code, <c>2.0.0</c>; <c>CLASS.0.0</c> when the server gave none.</param>
public sealed record MailLine(string Recipient, AccountRegion? Owner, int Attempt, int Code, string Status);
