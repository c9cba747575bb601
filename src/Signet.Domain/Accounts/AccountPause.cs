using System.Globalization;

namespace Signet.Accounts;

/// <summary>
/// The server's operator keeps an account from sending, in every region. The account itself cannot lift it: its own switch,
/// UpdateAccountSendingEnabled, is for one region and is left as it is.
/// </summary>
/// <param name="At">Since when.</param>
/// <param name="Reason">For operators who look at the account; empty for none. The API does not show it.</param>
public sealed record AccountPause(DateTimeOffset At, string Reason)
{
    public const int MaxReasonLength = 200;

    /// <summary>
    /// The answer to a request that would send mail. SES answers an account that AWS has paused with the same first sentence; its
    /// second one points to a mail of AWS.
    /// </summary>
    public const string Text = "Sending paused for this account. For more information, please contact the operator of this server.";

    /// <summary>True for one line that a terminal and a page show as it is written.</summary>
    public static bool IsReason(string text) => text.Length <= MaxReasonLength && text.All(c => char.GetUnicodeCategory(c) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));
}
