using System.Text.RegularExpressions;
using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>
/// SES's classes of what became of a delivery, from what the receiver said. <c>Permanent</c> means that the address is bad, not that the
/// reply began with 5 (SES Developer Guide, "Amazon SNS notification contents": bounce types). First hit wins.
/// </summary>
/// <param name="Type"><c>Permanent</c> or <c>Transient</c>.</param>
/// <param name="SubType">
/// <c>General</c>, <c>MailboxFull</c>, <c>MessageTooLarge</c>, <c>ContentRejected</c> or <c>AttachmentRejected</c>.
/// </param>
public sealed partial record BounceKind(string Type, string SubType)
{
    private const string General = "General";

    /// <summary>The class of a bounce.</summary>
    /// <param name="stage">When the last reply came.</param>
    /// <param name="reply">That reply; of an expired message, what deferred it last.</param>
    public static BounceKind Of(SmtpStage stage, SmtpReply reply)
    {
        var text = reply.ToString();
        var code = reply.Enhanced is { } e ? (e.Subject, e.Detail) : (Subject: -1, Detail: -1);
        var permanent = reply.Code >= 500;
        return code switch
        {
            (1, 1 or 2 or 3 or 6 or 10) when permanent => Permanent,
            (2, 1) when permanent && Disabled().IsMatch(text) => Permanent,
            (2, 2) => Transient("MailboxFull"),
            (2, 3) or (3, 4) => Transient("MessageTooLarge"),
            _ when permanent && UnknownUser().IsMatch(text) => Permanent,
            _ when reply.Code is 452 or 552 && Quota().IsMatch(text) || FullMailbox().IsMatch(text) => Transient("MailboxFull"),
            _ when reply.Code is 552 or 554 && Size().IsMatch(text) => Transient("MessageTooLarge"),
            _ when Attachment().IsMatch(text) => Transient("AttachmentRejected"),
            (7, >= 20 and <= 29) => Transient(General),
            _ when Reputation().IsMatch(text) => Transient(General),
            (6, 0) => Transient("ContentRejected"),
            _ when Content().IsMatch(text) => Transient("ContentRejected"),
            (7, 1 or 2) => Transient(General),
            (4, _) or (5, _) or (3, 0) or (0, 0) => Transient(General),
            _ when IsAboutUs(reply.Code) || Hello().IsMatch(text) => Transient(General),
            _ when stage == SmtpStage.Recipient && permanent => Permanent,
            _ => Transient(General),
        };
    }

    /// <summary>The class of a bounce of a message whose time is over: whatever deferred it last, the address was not found bad.</summary>
    /// <inheritdoc cref="Of"/>
    public static BounceKind OfExpired(SmtpStage stage, SmtpReply reply) =>
        Of(stage, reply) is { Type: var type } kind && type != Permanent.Type ? kind : Transient(General);

    // A reply to RCPT that finds fault with the command, the conversation or ourselves, and not with the address (RFC 5321 §4.2.2).
    private static bool IsAboutUs(int code) => code is 500 or 502 or 503 or 504 or 530 or 534 or 535 or 538 or 555;

    /// <summary>The <c>delayType</c> of a delivery that was deferred.</summary>
    /// <param name="stage">When it was.</param>
    /// <param name="reply">What was said.</param>
    public static string DelayType(SmtpStage stage, SmtpReply reply)
    {
        var text = reply.ToString();
        return reply.Enhanced switch
        {
            { Subject: 3 } when stage == SmtpStage.Connect => "InternalFailure",
            { Subject: 2, Detail: 2 } => "MailboxFull",
            _ when FullMailbox().IsMatch(text) => "MailboxFull",
            _ when Reputation().IsMatch(text) => "IPFailure",
            _ when Content().IsMatch(text) || Rate().IsMatch(text) => "SpamDetected",
            _ when reply.Code == 421 || stage < SmtpStage.Mail => "TransientCommunicationFailure",
            { Subject: 3 } => "RecipientServerError",
            { Subject: 4 } => "TransientCommunicationFailure",
            _ => General,
        };
    }

    private static BounceKind Permanent { get; } = new("Permanent", General);

    private static BounceKind Transient(string subType) => new("Transient", subType);

    [GeneratedRegex("disabled|does not exist|no longer|inactive|deactivated", Options)]
    private static partial Regex Disabled();

    [GeneratedRegex(
        @"user (is )?unknown|unknown user|no such (user|mailbox|recipient|address)|(user|mailbox|account|recipient) (was )?not found|does(n't| not) exist|invalid (mailbox|recipient)",
        Options)]
    private static partial Regex UnknownUser();

    [GeneratedRegex(@"\b(helo|ehlo)\b", Options)]
    private static partial Regex Hello();

    [GeneratedRegex("quota|storage|space", Options)]
    private static partial Regex Quota();

    [GeneratedRegex("mailbox (is )?full|over ?quota|quota exceeded|exceeded (its |the )?(storage|quota)", Options)]
    private static partial Regex FullMailbox();

    [GeneratedRegex("too (large|big)|size (limit|exceed)|exceeds? .{0,40}size|maximum .{0,20}size", Options)]
    private static partial Regex Size();

    [GeneratedRegex("attachment|executable|file ?(type|name|extension)", Options)]
    private static partial Regex Attachment();

    [GeneratedRegex(
        @"blocklist|blacklist|block list|\bdnsbl\b|\brbl\b|spamhaus|reverse dns|\bptr\b|\bdmarc\b|\bspf\b|\bdkim\b|reputation|\bip\b.{0,40}block|block.{0,40}\bip\b",
        Options)]
    private static partial Regex Reputation();

    [GeneratedRegex("spam|content|virus|malware|phish|unsolicited|junk", Options)]
    private static partial Regex Content();

    [GeneratedRegex("rate limit|too many (messages|connections)|throttl|too fast", Options)]
    private static partial Regex Rate();

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;
}
