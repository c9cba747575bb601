using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>Whom a verdict is about, and so what can still be tried.</summary>
public enum VerdictScope
{
    /// <summary>One recipient; the others of the transaction have answers of their own.</summary>
    Recipient,

    /// <summary>Everybody in the transaction; another host would say the same.</summary>
    Transaction,

    /// <summary>The host: another host of the same destination may take the message now.</summary>
    Host,
}

/// <summary>
/// What a server's reply, or its silence, means. The one place that decides between trying again, trying elsewhere and giving up
/// (RFC 5321 §4.2.1, ses/delivery.md §4).
/// </summary>
/// <param name="Outcome">For those in the scope.</param>
/// <param name="Scope">Whom it is about.</param>
/// <param name="Stage">When it was said; what bounces are classified by, together with the reply.</param>
/// <param name="Reply">What was said; of a failure that no server told us of, in SMTP's terms.</param>
public sealed record Verdict(Outcome Outcome, VerdictScope Scope, SmtpStage Stage, SmtpReply Reply)
{
    private const int Closing = 421;
    private const int TooManyRecipients = 552;

    /// <summary>Of a reply.</summary>
    public static Verdict Of(SmtpStage stage, SmtpReply reply) => (stage, reply.Code / 100) switch
    {
        (SmtpStage.FinalDot, 2) => new(new Outcome.Delivered(), VerdictScope.Transaction, stage, reply),

        // What a smarthost thinks of our password is the operator's to mend; no message is at fault.
        (SmtpStage.Auth, _) => Deferred(VerdictScope.Host, stage, reply),
        ( < SmtpStage.Mail, 4 or 5) => reply.Code / 100 == 5 ? Failed(VerdictScope.Host, stage, reply) : Deferred(VerdictScope.Host, stage, reply),
        (SmtpStage.Mail, _) when reply.Code == Closing => Deferred(VerdictScope.Host, stage, reply),

        // RFC 5321 §4.5.3.1.10: as a reply to RCPT it may mean 452. A full mailbox that says so in the enhanced code is another thing.
        (SmtpStage.Recipient, 5) when reply.Code == TooManyRecipients && reply.Enhanced is null or { Subject: 5, Detail: 3 } =>
            Deferred(VerdictScope.Recipient, stage, reply),
        (SmtpStage.Recipient, 4) when reply.Code != Closing => Deferred(VerdictScope.Recipient, stage, reply),
        (SmtpStage.Recipient, 5) => Failed(VerdictScope.Recipient, stage, reply),
        (_, 4) => Deferred(VerdictScope.Transaction, stage, reply),
        (_, 5) => Failed(VerdictScope.Transaction, stage, reply),
        _ => Of(stage, SmtpFailure.Protocol, $"unexpected reply {reply}"),
    };

    /// <summary>Of a conversation that broke off.</summary>
    public static Verdict Of(SmtpException exception) =>
        exception.Reply is { } reply ? Of(exception.Stage, reply) : Of(exception.Stage, exception.Failure!.Value, exception.Message);

    /// <inheritdoc cref="Of(SmtpException)"/>
    public static Verdict Of(SmtpStage stage, SmtpFailure failure, string message)
    {
        // Once the message may be on its way another host would only make two of it.
        var scope = stage < SmtpStage.Mail ? VerdictScope.Host : VerdictScope.Transaction;
        var code = failure switch
        {
            SmtpFailure.Unreachable => "4.4.1",
            SmtpFailure.TimedOut or SmtpFailure.Closed when stage is SmtpStage.Connect or SmtpStage.Greeting => "4.4.1",
            SmtpFailure.TimedOut or SmtpFailure.Closed => "4.4.2",
            SmtpFailure.Protocol => "4.5.0",
            SmtpFailure.Tls => "4.7.5",
            _ => throw new System.Diagnostics.UnreachableException($"{failure}"),
        };
        return Deferred(scope, stage, SmtpReply.Of(Closing, $"{code} {message}"));
    }

    /// <summary>Why a message cannot go to a server that can do no more than this; null when it can (RFC 1870 §6.1, RFC 6152 §3).</summary>
    public static Verdict? OfCapabilities(SmtpCapabilities capabilities, SmtpEnvelope envelope) =>
        capabilities.MaxSize is { } limit && envelope.Content.Length > limit
            ? Failed(VerdictScope.Host, SmtpStage.Mail, SmtpReply.Of(552, $"5.3.4 the server takes messages of {limit} bytes at most"))
        : envelope.IsEightBit && !capabilities.EightBitMime
            ? Failed(VerdictScope.Host, SmtpStage.Mail, SmtpReply.Of(554, "5.6.3 the message has 8-bit content and the server takes none"))
        : null;

    /// <summary>Of two hosts that both did not take a message: as long as one of them may later, it is not given up.</summary>
    public static Verdict OfHosts(Verdict earlier, Verdict later) =>
        later.Outcome is Outcome.Failed && earlier.Outcome is Outcome.Deferred ? earlier : later;

    private static Verdict Deferred(VerdictScope scope, SmtpStage stage, SmtpReply reply) => new(new Outcome.Deferred(), scope, stage, reply);

    private static Verdict Failed(VerdictScope scope, SmtpStage stage, SmtpReply reply) => new(new Outcome.Failed(), scope, stage, reply);
}
