using System.Text.RegularExpressions;
using Signet.Smtp;

namespace Signet.Delivery.Destinations;

/// <summary>What a reply says of how much mail a receiver wants, in the order of its weight.</summary>
internal enum Throttling
{
    /// <summary>Nothing: it is about the message, its recipient or its sender.</summary>
    None,

    /// <summary>It ends the conversation, or does not begin one (RFC 5321 §3.8), without saying why.</summary>
    TurnedAway,

    /// <summary>There are too many connections.</summary>
    Connections,

    /// <summary>The mail comes too fast.</summary>
    Rate,
}

/// <summary>
/// Finds the replies that ask to slow down. Their enhanced codes are of no help: receivers use 4.7.0, 4.7.1, 4.3.2 and 4.4.5 for this and for
/// much else, so the words decide.
/// </summary>
internal static partial class ThrottlingReply
{
    private const int Closing = 421;
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    public static Throttling Of(SmtpStage stage, SmtpReply reply)
    {
        // A refusal for good asks for nothing, unless it is the greeting's: some servers have no better word for too many connections.
        if (reply.Code < 400 || (reply.Code >= 500 && stage >= SmtpStage.Mail))
        {
            return Throttling.None;
        }

        // A mailbox that is full or gets too much (RFC 3463 §3.2 and §3.3), or a transaction with too many recipients: another mailbox, or
        // another transaction, is not concerned.
        var text = reply.ToString();
        if (reply.Code != Closing && (reply.Enhanced is { Subject: 1 or 2 } or { Subject: 5, Detail: 3 } || OfMailbox().IsMatch(text)))
        {
            return Throttling.None;
        }

        return PerConnection().IsMatch(text) ? Unspecific(stage, reply)
            : Connections().IsMatch(text) ? Throttling.Connections
            : Rate().IsMatch(text) ? Throttling.Rate
            : Unspecific(stage, reply);
    }

    private static Throttling Unspecific(SmtpStage stage, SmtpReply reply) =>
        reply.Code == Closing || (reply.Code < 500 && stage < SmtpStage.Auth) ? Throttling.TurnedAway : Throttling.None;

    [GeneratedRegex(@"\b(user|mailbox|recipient|account)\b.{0,40}\b(receiving|quota|full|over)\b|too many recipients", Options)]
    private static partial Regex OfMailbox();

    [GeneratedRegex(@"messages? (per|on this|in this|on one|for this|in one) (smtp )?(connection|session)", Options)]
    private static partial Regex PerConnection();

    [GeneratedRegex(
        @"too many .{0,40}(connection|session)|(concurrent|simultaneous) (smtp )?(connection|session)|(connection|session)s? (limit|rate|count|frequency)|(max|maximum|number of|limit of) .{0,30}(connection|session)",
        Options)]
    private static partial Regex Connections();

    [GeneratedRegex(
        @"rate.?limit|throttl|slow(ing)? (it )?down|too (fast|quickly|frequent|much mail)|too many (messages|mails|emails)|unusual rate|sending rate|(message|mail|sending|submission) rate|frequency|exceeded .{0,40}\brate\b",
        Options)]
    private static partial Regex Rate();
}
