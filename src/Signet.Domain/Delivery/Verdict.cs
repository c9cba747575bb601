using Signet.Messages;
using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>Whom a verdict is about, and so what can still be tried.</summary>
public enum VerdictScope
{
    /// <summary>One recipient; the others of the transaction have answers of their own.</summary>
    Recipient,

    /// <summary>Everybody in the transaction, wherever it is sent.</summary>
    Transaction,

    /// <summary>The host, as it is now: it says nothing of what another one would do with the message.</summary>
    Host,
}

/// <summary>
/// What a server's reply, or its silence, means. The one place that decides between trying again, trying elsewhere and giving up
/// (RFC 5321 §4.2.1, §5.1).
/// </summary>
/// <param name="Outcome">For those in the scope.</param>
/// <param name="Scope">Whom it is about.</param>
/// <param name="Stage">When it was said; what bounces are classified by, together with the reply.</param>
/// <param name="Reply">The server's words; for a failure without a reply, words in SMTP's form.</param>
public sealed record Verdict(Outcome Outcome, VerdictScope Scope, SmtpStage Stage, SmtpReply Reply)
{
    private const int Closing = 421;

    /// <summary>
    /// Whether the next host may be asked in the same attempt. Not after a refusal for good, which is for all hosts; nor when the
    /// answer to a final dot is missing, since the host may have the message.
    /// </summary>
    public bool AllowsNextHost => Scope == VerdictScope.Host || (Scope == VerdictScope.Recipient && Outcome is Outcome.Deferred);

    /// <summary>Of a reply.</summary>
    public static Verdict Of(SmtpStage stage, SmtpReply reply) => (stage, reply.Code / 100) switch
    {
        (SmtpStage.FinalDot, 2) => new(new Outcome.Delivered(), VerdictScope.Transaction, stage, reply),

        // What the DNS says of a domain is put in SMTP's terms by ourselves.
        (SmtpStage.Connect, 5) => Failed(VerdictScope.Host, stage, reply),

        // "Does not accept mail" is the one refusal before any mail that is meant for good (RFC 7504 §3). A 554, or what a host thinks of
        // our name or password, is about us, and the operator's to mend: no message and no address is at fault.
        ( < SmtpStage.Mail, 5) when reply.Code == 521 => Failed(VerdictScope.Host, stage, reply),
        ( < SmtpStage.Mail, 4 or 5) => Deferred(VerdictScope.Host, stage, reply),

        // Of those, some are said late: our name (504), TLS (530, 538, RFC 3207 §4) or a password (530, 538, RFC 4954 §6) is wanted.
        (_, 5) when reply.Code is 504 or 530 or 538 => Deferred(VerdictScope.Host, stage, reply),

        (SmtpStage.Recipient, 4) when reply.Code != Closing => Deferred(VerdictScope.Recipient, stage, reply),
        (_, 4) => Deferred(VerdictScope.Host, stage, reply),
        (SmtpStage.Recipient, 5) when IsTooManyRecipients(reply) => Deferred(VerdictScope.Recipient, stage, reply),
        (SmtpStage.Recipient, 5) => Failed(VerdictScope.Recipient, stage, reply),
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
        var scope = stage < SmtpStage.FinalDot ? VerdictScope.Host : VerdictScope.Transaction;
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

    /// <summary>Why a server that takes no larger messages cannot get one; null when it can (RFC 1870 §6.1).</summary>
    public static Verdict? OfSize(SmtpCapabilities capabilities, int size) =>
        capabilities.MaxSize is { } limit && size > limit
            ? Failed(VerdictScope.Host, SmtpStage.Mail, SmtpReply.Of(552, $"5.3.4 the server takes messages of {limit} bytes at most"))
            : null;

    /// <summary>Why a server without 8BITMIME cannot get a message; null when it can (RFC 6152 §3).</summary>
    public static Verdict? OfConversion(SevenBitProblem problem) => problem switch
    {
        SevenBitProblem.None => null,
        SevenBitProblem.SignedPart => Failed(
            VerdictScope.Host,
            SmtpStage.Mail,
            SmtpReply.Of(554, "5.6.2 the server takes no 8-bit content, and converting the message would break the signature that is part of it")),
        SevenBitProblem.Malformed => Failed(
            VerdictScope.Host,
            SmtpStage.Mail,
            SmtpReply.Of(554, "5.6.3 the server takes no 8-bit content, and the parts of the message cannot be told apart to convert them")),
        _ => throw new System.Diagnostics.UnreachableException($"{problem}"),
    };

    /// <summary>
    /// The one that counts of what two hosts said: as long as one of them may take the message later, it is not given up; otherwise
    /// the host that let us get further knows more of the message, and the later one is the news.
    /// </summary>
    public static Verdict OfHosts(Verdict earlier, Verdict later) => (earlier.Outcome, later.Outcome) switch
    {
        (Outcome.Deferred, Outcome.Failed) => earlier,
        (Outcome.Failed, Outcome.Deferred) => later,
        _ => earlier.Stage > later.Stage ? earlier : later,
    };

    /// <summary>
    /// Whether a reply to RCPT may mean that the transaction has too many recipients (RFC 5321 §4.5.3.1.10: 452, or 552 of older
    /// servers). A full mailbox or disk that says so in the enhanced code is another thing.
    /// </summary>
    internal static bool IsTooManyRecipients(SmtpReply reply) =>
        reply.Code is 452 or 552 && reply.Enhanced is null or { Subject: 5, Detail: 3 };

    private static Verdict Deferred(VerdictScope scope, SmtpStage stage, SmtpReply reply) => new(new Outcome.Deferred(), scope, stage, reply);

    private static Verdict Failed(VerdictScope scope, SmtpStage stage, SmtpReply reply) => new(new Outcome.Failed(), scope, stage, reply);
}
