using Microsoft.Extensions.Logging;
using Signet.Accounts;
using Signet.Addresses;
using Signet.Display;
using Signet.Identities;
using Signet.Messages;
using Signet.Policies;
using Signet.Queue;

namespace Signet.Sending;

/// <summary>
/// The one door in: every message, whichever way in it came by, is checked, authorised, composed and stored here, and everything
/// that is a rule about accepting mail lives behind <see cref="AcceptAsync"/>. What it leaves to others: speaking a protocol
/// before it, delivering after it.
/// </summary>
/// <param name="authorization">May it be sent?</param>
/// <param name="accounts">Settings of accounts.</param>
/// <param name="rate">Holds accounts to their rate.</param>
/// <param name="refusals">Where refusals are recorded.</param>
/// <param name="queue">Where messages are stored.</param>
/// <param name="window">Where they wait for this node's delivery.</param>
/// <param name="node">This node.</param>
/// <param name="options">What an operator sets.</param>
/// <param name="time">The time of acceptance.</param>
/// <param name="random">For MessageIds.</param>
/// <param name="logger">Gets a line for what is accepted.</param>
public sealed class Submission(
    SendAuthorization authorization,
    AccountRegistry accounts,
    SendRate rate,
    RefusalLog refusals,
    IMessageQueue queue,
    DeliveryWindow window,
    Node node,
    SendingOptions options,
    TimeProvider time,
    Random random,
    ILogger<Submission> logger)
{
    private const int MostShown = 3;

    // As many as a message may have: one that is refused for having more is kept as far.
    private const int MaxKeptRecipients = 50;

    /// <summary>
    /// Checks, authorises, composes and stores one message. When the result is <see cref="SubmissionResult.Accepted"/>, message,
    /// deliveries, quota use and Send event are on stable storage. A refusal stores nothing but its reason, unless it is one of too many
    /// (<see cref="RefusalLimit"/>) or a matter of pace, which the next try may pass.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot take the message now; the caller is to try again.</exception>
    public async Task<SubmissionResult> AcceptAsync(SubmissionRequest request, CancellationToken cancel)
    {
        if (!Draft.TryRead(request, options.MaxMessageBytes, out var draft, out var refusal))
        {
            return await RefuseAsync(request, refusal, cancel);
        }

        var caller = request.Caller;
        var (settings, pause) = await accounts.StandingAsync(caller.Scope, cancel);
        if (pause is not null)
        {
            return await RefuseAsync(request, new Refusal.AccountPaused(), cancel);
        }

        if (!settings.SendingEnabled)
        {
            return await RefuseAsync(request, new Refusal.SendingPaused(), cancel);
        }

        var now = time.GetUtcNow();
        var decision = await authorization.DecideAsync(draft.ToAttempt(request, now), settings, cancel) with { Remark = draft.Remark };
        if (!decision.Allowed)
        {
            return await RefuseAsync(request, draft, decision, cancel);
        }

        var message = Compose(request, draft, decision, now);
        if (message.Content.Length > options.MaxMessageBytes)
        {
            return await RefuseAsync(request, Refusal.Invalid.TooLarge(message.Content.Length, options.MaxMessageBytes), cancel);
        }

        if (RawMessage.HeaderProblem(message.Content) is { } problem)
        {
            return await RefuseAsync(request, new Refusal.Invalid(problem), cancel);
        }

        if (!rate.TryTake(caller.Scope, settings.MaxSendRate, message.Recipients.Count))
        {
            return Throttle(request, new Refusal.RateExceeded());
        }

        double? quota = settings.Max24HourSend < 0 ? null : settings.Max24HourSend;
        if (await StoreAsync(message, quota, cancel) == EnqueueResult.QuotaExceeded)
        {
            return Throttle(request, new Refusal.QuotaExceeded());
        }

        return new SubmissionResult.Accepted(message.Id, decision);
    }

    /// <summary>
    /// Stores a confirmation mail. It is <see cref="ServerMail"/>: it needs no identity, and no account's quota, rate, sandbox or statistics
    /// apply to it.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot take it now.</exception>
    public async Task SendAsync(ConfirmationMail mail, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var message = ConfirmationMessage.Of(
            mail, new MessageStamp(MessageId.New(mail.Owner.Region, now, random), options.Hostname, now));
        await StoreAsync(message, null, cancel);
    }

    private NewMessage Compose(SubmissionRequest request, Draft draft, SendDecision decision, DateTimeOffset now)
    {
        var caller = request.Caller;
        var id = MessageId.New(caller.Region, now, random);
        IReadOnlyList<EmailAddress> recipients = [.. draft.Recipients.Select(r => r.Address).Distinct()];
        return new NewMessage
        {
            Id = id,
            Owner = caller.Scope,
            AcceptedAt = now,
            Principal = caller.Principal.Arn,
            Operation = request.Action[(request.Action.IndexOf(':', StringComparison.Ordinal) + 1)..],
            Source = draft.Source.AsWritten,
            SourceArn = decision.Checks.Count > 0 ? decision.Checks[0].Identity : null,
            FeedbackAddress = draft.Feedback,
            EnvelopeFrom = new EmailAddress(id.Value, options.Hostname),
            Subject = VisibleText.Cut(draft.Subject, MessageLimits.MaxKeptSubject),
            SourceIp = caller.SourceIp?.ToString(),
            Tags = draft.Tags,
            Decision = decision,
            Content = draft.Compose(new MessageStamp(id, options.Hostname, now)),
            Recipients = recipients,
            QuotaUse = recipients.Count(r => !MailboxSimulator.Has(r)),
        };
    }

    // The room is reserved before the commit, so that what is leased to this node is surely taken by its workers; the message goes
    // to them only after it.
    private async Task<EnqueueResult> StoreAsync(NewMessage message, double? quota, CancellationToken cancel)
    {
        message = message with { Captured = options.Capture(message) };
        if (message.Captured.Count == message.Recipients.Count)
        {
            return Told(message, await queue.EnqueueAsync(message, quota, null, cancel));
        }

        var reserved = window.TryReserve();
        var handedOver = false;
        try
        {
            var result = Told(
                message, await queue.EnqueueAsync(message, quota, reserved ? node.LeaseFrom(message.AcceptedAt) : null, cancel));
            handedOver = reserved && result == EnqueueResult.Stored && window.Add(LeasedMessage.Of(message));
            return result;
        }
        finally
        {
            if (reserved && !handedOver)
            {
                window.Done();
            }
        }
    }

    // Before delivery has the message, so that its lines come after this one. The lines of what is captured say that it was accepted, too.
    private EnqueueResult Told(NewMessage message, EnqueueResult result)
    {
        if (result == EnqueueResult.Stored && options.Console is { } console && message.Captured.Count == message.Recipients.Count)
        {
            Log.Captured(logger, message.Id, message.Source, Shown(message.Recipients), new Uri(console, $"messages/{message.Id}"));
        }
        else if (result == EnqueueResult.Stored)
        {
            var level = message.Captured.Count < message.Recipients.Count ? LogLevel.Information : LogLevel.Debug;
            if (logger.IsEnabled(level))
            {
                Log.Accepted(
                    logger, level, message.Id, $"{LeasedMessage.SenderOf(message.Decision)?.From ?? message.EnvelopeFrom}", message.Owner?.Account.Value ?? "none",
                    message.Owner?.Region.Value ?? "none", message.Principal, message.Operation, message.Content.Length, message.Recipients.Count);
            }

            foreach (var captured in message.Captured)
            {
                MailLog.Write(logger, captured);
            }
        }

        return result;
    }

    private static string Shown(IReadOnlyList<EmailAddress> recipients) =>
        string.Join(", ", recipients.Take(MostShown)) + (recipients.Count > MostShown ? $" and {recipients.Count - MostShown} more" : "");

    private SubmissionResult.Refused Throttle(SubmissionRequest request, Refusal refusal)
    {
        Log.Throttled(logger, options.Console is null ? LogLevel.Debug : LogLevel.Information, request.Action, request.Caller.Principal.Arn, refusal.Text);
        return new SubmissionResult.Refused(refusal, null);
    }

    private async Task<SubmissionResult> RefuseAsync(SubmissionRequest request, Refusal refusal, CancellationToken cancel)
    {
        await refusals.RecordAsync(Refused(request, refusal, request.Content.Recipients), cancel);
        return new SubmissionResult.Refused(refusal, null);
    }

    private async Task<SubmissionResult> RefuseAsync(SubmissionRequest request, Draft draft, SendDecision decision, CancellationToken cancel)
    {
        var refusal = Refusal.Of(decision);
        var isRecorded = await refusals.RecordAsync(
            Refused(request, refusal, draft.Recipients) with { Decision = BoundedDecision.Of(decision, BoundedDecision.Kept) }, cancel);
        return new SubmissionResult.Refused(isRecorded ? refusal : new Refusal.TooManyRefused(refusal), decision);
    }

    private RefusedRequest Refused(SubmissionRequest request, Refusal refusal, IEnumerable<Mailbox> recipients) =>
        RefusedRequest.Of(time.GetUtcNow(), request.Caller, request.Action, refusal.Code, refusal.Status, refusal.Text) with
        {
            Recipients = [.. recipients.Take(MaxKeptRecipients).Select(r => r.ToShortText())],
        };
}
