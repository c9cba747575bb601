using Microsoft.Extensions.Logging;
using Signet.Addresses;
using Signet.Queue;

namespace Signet.Sending;

/// <summary>Stores accepted messages, and hands them to this node's delivery.</summary>
internal sealed class Enqueuing(
    IMessageQueue queue, ISuspensions suspensions, ActiveQueue active, Node node, CaptureMessage capture, SendingOptions options, ILogger logger)
{
    private const int MostShown = 3;

    /// <summary>
    /// Stores a message with its deliveries, quota use and Send event in one transaction. All of it is on stable storage when this returns
    /// <see cref="EnqueueResult.Stored"/>; else nothing is.
    /// </summary>
    /// <param name="message">What is stored.</param>
    /// <param name="quota">Recipients that the account may send to in 24 hours; null for no limit.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store cannot take the message now; the caller is to try again.</exception>
    public async Task<EnqueueResult> StoreAsync(NewMessage message, double? quota, CancellationToken cancel)
    {
        message = message with { Captured = capture(message) };
        if (IsCaptured(message))
        {
            return Told(message, await queue.EnqueueAsync(message, quota, null, cancel));
        }

        message = message with { Held = (await suspensions.InForceAsync(cancel)).Of(message) };
        if (message.Captured.Count + message.Held.Count == message.Recipients.Count)
        {
            return Told(message, await queue.EnqueueAsync(message, quota, null, cancel));
        }

        // The room is reserved before the commit, so that what this node has claimed is surely taken by its workers. The message goes to them
        // only after it.
        var reserved = active.TryReserve(message, out var isUrgent);
        var handedOver = false;
        try
        {
            var result = Told(
                message, await queue.EnqueueAsync(message, quota, reserved ? node.Name : null, cancel));
            handedOver = reserved && result == EnqueueResult.Stored && active.Add(ClaimedMessage.Of(message) with { IsUrgent = isUrgent });
            return result;
        }
        finally
        {
            if (reserved && !handedOver)
            {
                active.Forgo(message, isUrgent);
            }
        }
    }

    private static bool IsCaptured(NewMessage message) => message.Captured.Count == message.Recipients.Count;

    // Before delivery has the message, so that its lines come after this one.
    private EnqueueResult Told(NewMessage message, EnqueueResult result)
    {
        if (result == EnqueueResult.Stored && options.Console is { } console && IsCaptured(message))
        {
            Log.Captured(logger, message.Id, message.Source, Shown(message.Recipients), new Uri(console, $"messages/{message.Id}"));
        }
        else if (result == EnqueueResult.Stored)
        {
            Tell(message);
        }

        return result;
    }

    // The lines of what is captured say that it was accepted, too.
    private void Tell(NewMessage message)
    {
        var level = IsCaptured(message) ? LogLevel.Debug : LogLevel.Information;
        if (logger.IsEnabled(level))
        {
            Log.Accepted(
                logger, level, message.Id, $"{ClaimedMessage.SenderOf(message.Decision)?.From ?? message.EnvelopeFrom}", message.Owner?.Account.Value ?? "none",
                message.Owner?.Region.Value ?? "none", message.Principal, message.Operation, message.Content.Length, message.Recipients.Count);
        }

        foreach (var suspension in message.Held.GroupBy(h => h.Suspension))
        {
            Log.Suspended(logger, message.Id, suspension.Count(), suspension.Key);
        }

        foreach (var captured in message.Captured)
        {
            MailLog.Write(logger, captured);
        }
    }

    private static string Shown(IReadOnlyList<EmailAddress> recipients) =>
        string.Join(", ", recipients.Take(MostShown)) + (recipients.Count > MostShown ? $" and {recipients.Count - MostShown} more" : "");
}
