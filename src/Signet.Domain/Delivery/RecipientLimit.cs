using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>
/// What a transaction tells about how many recipients a server takes in one (RFC 5321 §4.5.3.1.10). A 452 that does not say what
/// it is about means that too only behind a recipient who was accepted.
/// </summary>
internal static class RecipientLimit
{
    private const int Closing = 421;

    /// <summary>For each recipient, whether it was one too many, so that the server may accept it in the next transaction.</summary>
    public static bool[] FindExcess(IReadOnlyList<SmtpAnswer?> answers)
    {
        var excess = new bool[answers.Count];
        var accepted = false;
        for (var i = 0; i < answers.Count; i++)
        {
            excess[i] = accepted && IsRefused(answers[i]);
            accepted |= WasAccepted(answers[i]);
        }

        return excess;
    }

    /// <summary>
    /// How many the server takes. Null, as if it took all, when even the first was too many, or somebody behind those that were: then
    /// the reply means something else.
    /// </summary>
    /// <param name="answers">Of the transaction.</param>
    /// <param name="excess">Those that were too many.</param>
    /// <param name="known">What earlier transactions showed.</param>
    public static int? Of(IReadOnlyList<SmtpAnswer?> answers, bool[] excess, int? known)
    {
        var first = Array.IndexOf(excess, true);
        return IsRefused(answers[0]) || (first >= 0 && answers.Skip(first).Any(a => a is { Stage: > SmtpStage.Recipient })) ? null
            : first < 0 ? known
            : answers.Take(first).Count(WasAccepted);
    }

    private static bool IsRefused(SmtpAnswer? answer) =>
        answer is { Stage: SmtpStage.Recipient, Reply: var reply } && Verdict.IsTooManyRecipients(reply);

    // A 421, or the end of the connection, is the answer for all who had been accepted until then.
    private static bool WasAccepted(SmtpAnswer? answer) => answer is null or { Stage: > SmtpStage.Recipient } or { Reply.Code: Closing };
}
