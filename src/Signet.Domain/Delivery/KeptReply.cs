using System.Globalization;
using Signet.Queue;
using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>
/// A reply as it is kept with a delivery, its attempt and its event, in one line. A server may send 64 KB, to each recipient and at each
/// attempt: what people need of it stands at the beginning.
/// </summary>
internal static class KeptReply
{
    /// <summary>Characters at most.</summary>
    public const int MaxLength = 1_000;

    // A word that is longer than this is cut within.
    private const int LongestWord = 60;

    /// <summary>For <see cref="ServerMail"/>: the codes alone, as no text is sure not to quote a secret of the mail, in whatever pieces.</summary>
    public static string CodesOf(SmtpReply reply) => string.Create(
        CultureInfo.InvariantCulture, $"{reply.Code} {(reply.Enhanced is { } code ? $"{code} " : "")}{ServerMail.ReplyNotKept}");

    public static string Of(SmtpReply reply)
    {
        var text = reply.ToString();
        if (text.Length <= MaxLength)
        {
            return text;
        }

        var end = string.Create(CultureInfo.InvariantCulture, $" ... ({text.Length} characters in all)");
        var room = MaxLength - end.Length;
        var lastWord = text.LastIndexOf(' ', room, LongestWord);
        return text[..(lastWord < 0 ? room : lastWord)] + end;
    }
}
