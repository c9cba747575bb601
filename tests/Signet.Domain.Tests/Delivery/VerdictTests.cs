using System.Globalization;
using System.Text;
using Signet.Delivery;
using Signet.Messages;
using Signet.Smtp;

namespace Signet.Tests.Delivery;

/// <summary>
/// What every kind of answer means at every stage, as a table to read: <c>Cases/Verdicts.txt</c>. <c>later</c> is deferred,
/// <c>never</c> failed; the second word says for whom; <c>&gt;</c> stands where the next host may be asked in the same attempt.
/// </summary>
public sealed class VerdictTests
{
    private static readonly string[] Replies =
    [
        "220 ready", "250 ok", "354 go on", "421 4.3.2 closing", "450 4.2.0 greylisted", "451 4.3.0 later", "451 4.4.2 idle for too long",
        "452 too many recipients", "452 4.5.3 too many recipients", "452 4.2.2 full", "500 5.5.1 what", "501 5.1.3 bad syntax",
        "503 5.5.1 bad sequence", "504 5.5.2 your name", "521 does not accept mail", "530 5.7.0 STARTTLS first", "535 5.7.8 wrong",
        "538 5.7.11 encryption required", "550 5.1.1 user unknown", "550 4.7.1 classes differ", "552 too many recipients",
        "552 5.5.3 too many recipients", "552 5.2.2 full", "554 5.7.1 no", "555 5.5.4 parameters",
    ];

    [Fact]
    public void Every_answer_at_every_stage_has_a_meaning()
    {
        var stages = Enum.GetValues<SmtpStage>();
        var table = new StringBuilder();
        Add(table, "", stages.Select(s => $"{s}"));
        foreach (var reply in Replies)
        {
            var said = SmtpReply.Of(int.Parse(reply[..3], CultureInfo.InvariantCulture), reply[4..]);
            Add(table, reply, stages.Select(s => Shown(Verdict.Of(s, said))));
        }

        foreach (var failure in Enum.GetValues<SmtpFailure>())
        {
            Add(table, $"({failure})", stages.Select(s => Shown(Verdict.Of(s, failure, "why"))));
        }

        Golden.Matches(Path.Combine(Golden.Folder(), "Verdicts.txt"), table.ToString());
    }

    [Theory]
    [InlineData(SevenBitProblem.SignedPart, "554 5.6.2")]
    [InlineData(SevenBitProblem.Malformed, "554 5.6.3")]
    public void A_message_that_cannot_be_converted_fails_unless_another_host_takes_it(SevenBitProblem problem, string reply)
    {
        var verdict = Verdict.OfConversion(problem)!;

        Assert.True(verdict is { Outcome: Outcome.Failed, AllowsNextHost: true });
        Assert.StartsWith(reply, $"{verdict.Reply}", StringComparison.Ordinal);
        Assert.Null(Verdict.OfConversion(SevenBitProblem.None));
    }

    private static void Add(StringBuilder table, string answer, IEnumerable<string> cells) =>
        table.Append($"{answer,-31}{string.Concat(cells.Select(c => $" {c,-12}"))}".TrimEnd()).Append('\n');

    private static string Shown(Verdict verdict)
    {
        var outcome = verdict.Outcome switch
        {
            Outcome.Delivered => "ok",
            Outcome.Deferred => "later",
            _ => "never",
        };
        var scope = verdict.Scope switch
        {
            VerdictScope.Recipient => "rcpt",
            VerdictScope.Transaction => "all",
            _ => "host",
        };
        return $"{outcome} {scope}{(verdict.AllowsNextHost ? " >" : "")}";
    }
}
