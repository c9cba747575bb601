using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>
/// What a transaction tells about how many recipients a server takes in one (RFC 5321 §4.5.3.1.10). A 452 that does not say what
/// it is about means that too only behind a recipient who was accepted.
/// </summary>
internal static class RecipientLimit
{
    private const int Closing = 421;

    /// <summary>For each recipient, whether it was one too many and may be accepted in the next transaction.</summary>
    public static bool[] FindExcess(IReadOnlyList<SmtpAnswer?> answers)
    {
        var excess = new bool[answers.Count];
        var accepted = false;
        for (var i = 0; i < answers.Count; i++)
        {
            excess[i] = accepted && answers[i] is { Stage: SmtpStage.Recipient } answer && Verdict.IsTooManyRecipients(answer.Reply);
            accepted |= WasAccepted(answers[i]);
        }

        return excess;
    }

    /// <summary>How many the server takes, given those that were too many; null when somebody behind them was accepted.</summary>
    public static int? Of(IReadOnlyList<SmtpAnswer?> answers, bool[] excess)
    {
        var first = Array.IndexOf(excess, true);
        return first < 0 || answers.Skip(first).Any(a => a is { Stage: > SmtpStage.Recipient })
            ? null
            : answers.Take(first).Count(WasAccepted);
    }

    // A 421, or the end of the connection, is the answer for all who had been accepted until then.
    private static bool WasAccepted(SmtpAnswer? answer) => answer is null or { Stage: > SmtpStage.Recipient } or { Reply.Code: Closing };
}
