using Microsoft.Extensions.Logging;
using Signet.Accounts;
using Signet.Addresses;
using Signet.Identities;
using Signet.Messages;
using Signet.Queue;
using Signet.Sending.Content;
using Signet.Sending.Limits;

namespace Signet.Sending;

/// <summary>
/// Accepts mail: every message, from any entry point, is checked, authorised, composed and stored here. Each rule about accepting mail is
/// one of the list below. What it leaves to others: speaking a protocol before it, delivering after it.
/// </summary>
/// <param name="authorization">May it be sent?</param>
/// <param name="accounts">Settings of accounts.</param>
/// <param name="rate">Holds accounts to their rate.</param>
/// <param name="refusals">Where refusals are recorded.</param>
/// <param name="queue">Where messages are stored.</param>
/// <param name="suspensions">Say which deliveries are held from the beginning.</param>
/// <param name="active">Where they wait for this node's delivery.</param>
/// <param name="node">This node.</param>
/// <param name="capture">Ends what goes no further than the archive.</param>
/// <param name="options">What an operator sets.</param>
/// <param name="time">The time of acceptance.</param>
/// <param name="random">For MessageIds.</param>
/// <param name="logger">Gets a line for each message that is accepted or throttled.</param>
public sealed class Submission(
    SendAuthorization authorization,
    AccountRegistry accounts,
    SendRate rate,
    RefusalLog refusals,
    IMessageQueue queue,
    ISuspensions suspensions,
    ActiveQueue active,
    Node node,
    CaptureMessage capture,
    SendingOptions options,
    TimeProvider time,
    Random random,
    ILogger<Submission> logger)
{
    private readonly IReadOnlyList<ISendRule> _rules =
    [
        new SendingPause(accounts),
        new ConfigurationSets(),
        new Authorization(authorization),
        new Composition(options.Hostname, random),
        new MessageSize(options.MaxMessageBytes),
        rate,
    ];

    private readonly Enqueuing _enqueuing = new(queue, suspensions, active, node, capture, options, logger);

    /// <summary>
    /// Checks, authorises, composes and stores one message. When the result is <see cref="SubmissionResult.Accepted"/>, message,
    /// deliveries, quota use and Send event are on stable storage. A refusal stores nothing but its reason, unless it is one of too many
    /// (<see cref="RefusalLimit"/>) or a matter of pace, which the next try may pass.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot take the message now; the caller is to try again.</exception>
    public async Task<SubmissionResult> AcceptAsync(SubmissionRequest request, CancellationToken cancel)
    {
        if (!ParsedSubmission.TryRead(request, options.MaxMessageBytes, out var parsed, out var unreadable))
        {
            await refusals.RecordAsync(Refused(request, unreadable, request.Content.Recipients), cancel);
            return new SubmissionResult.Refused(unreadable, null);
        }

        var send = new Send(request, parsed, time.GetUtcNow());
        foreach (var rule in _rules)
        {
            if (await rule.CheckAsync(send, cancel) is { } refusal)
            {
                return await RefuseAsync(send, refusal, cancel);
            }
        }

        return await _enqueuing.StoreAsync(send.Message, SendQuota.LimitOf(send.Settings), cancel) == EnqueueResult.Stored
            ? new SubmissionResult.Accepted(send.Message.Id, send.Decision)
            : await RefuseAsync(send, new Refusal.QuotaExceeded(), cancel);
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
        await _enqueuing.StoreAsync(message, null, cancel);
    }

    private async Task<SubmissionResult> RefuseAsync(Send send, Refusal refusal, CancellationToken cancel)
    {
        if (refusal.IsPace)
        {
            var level = options.Console is null ? LogLevel.Debug : LogLevel.Information;
            Log.Throttled(logger, level, send.Request.Action, send.Request.Caller.Principal.Arn, refusal.Text);
            return new SubmissionResult.Refused(refusal, null);
        }

        var decision = refusal.IsOfAuthorization ? send.Decision : null;
        var record = Refused(send.Request, refusal, send.Parsed.Recipients) with
        {
            Decision = decision,
        };
        var isRecorded = await refusals.RecordAsync(record, cancel);
        return new SubmissionResult.Refused(isRecorded || decision is null ? refusal : new Refusal.TooManyRefused(refusal), decision);
    }

    private RefusedRequest Refused(SubmissionRequest request, Refusal refusal, IEnumerable<Mailbox> recipients) =>
        RefusedRequest.Of(time.GetUtcNow(), request.Caller, request.Action, refusal.Code, refusal.Status, refusal.Text) with
        {
            Recipients = [.. recipients.Take(MailboxLimit.Recipients.Max).Select(r => r.ToShortText())],
        };
}
