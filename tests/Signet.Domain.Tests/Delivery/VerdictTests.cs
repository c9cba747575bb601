using System.Globalization;
using Signet.Delivery;
using Signet.Messages;
using Signet.Smtp;

namespace Signet.Tests.Delivery;

/// <summary>
/// The meaning of every kind of answer at every stage, as tables. In <c>Cases/Verdicts.txt</c> <c>later</c> is deferred and <c>never</c> is
/// failed; the second word is the scope of the verdict; <c>&gt;</c> marks verdicts after which the next host is tried in the same attempt.
/// <c>Cases/VerdictsOfHosts.txt</c> says which of two hosts' answers counts. Each line of a table is a case; <c>UPDATE_GOLDEN=1</c> fills in
/// the verdicts of new lines.
/// </summary>
public sealed class VerdictTests
{
    private static readonly SmtpStage[] Stages = Enum.GetValues<SmtpStage>();

    private static string Table => Path.Combine(Golden.Folder(), "Verdicts.txt");

    private static string TableOfHosts => Path.Combine(Golden.Folder(), "VerdictsOfHosts.txt");

    [Fact]
    public void Every_answer_at_every_stage_has_a_meaning() => AssertLines(
        Table,
        (line, number) => number == 1
            ? Row("", Stages.Select(s => $"{s}"))
            : Row(Answer(line), Stages.Select(s => Shown(VerdictOf(s, Answer(line))))));

    [Fact]
    public void The_table_has_every_class_of_answer_at_every_stage()
    {
        var answers = File.ReadLines(Table).Skip(1).Select(Answer).ToList();
        var codes = answers.Where(a => char.IsAsciiDigit(a[0])).Select(a => a[..3]).ToList();

        Assert.Equal(Stages.Select(s => $"{s}"), File.ReadLines(Table).First().Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("2345", string.Concat(codes.Select(c => c[0]).Distinct().Order()));

        // A code that nobody knows has the meaning of its first digit (RFC 5321 §4.2.1); these have one of their own.
        Assert.Empty(((string[])["299", "399", "499", "599"]).Except(codes));
        Assert.Empty(((string[])["421", "450", "451", "452", "504", "521", "530", "538", "550", "552", "554"]).Except(codes));
        Assert.Equal(Enum.GetNames<SmtpFailure>().Select(f => $"({f})"), answers.Where(a => a[0] == '('));
    }

    [Fact]
    public void Of_what_two_hosts_said_one_counts() => AssertLines(
        TableOfHosts,
        (line, number) =>
        {
            var said = line.Split('|', StringSplitOptions.TrimEntries);
            return number == 1 ? line : $"{said[0],-31}| {said[1],-31}| {Counting(VerdictAt(said[0]), VerdictAt(said[1]))}";
        });

    [Theory]
    [InlineData(SmtpFailure.Unreachable, SmtpStage.Connect, "421 4.4.1 why")]
    [InlineData(SmtpFailure.TimedOut, SmtpStage.Connect, "421 4.4.1 why")]
    [InlineData(SmtpFailure.TimedOut, SmtpStage.Greeting, "421 4.4.1 why")]
    [InlineData(SmtpFailure.TimedOut, SmtpStage.Hello, "421 4.4.2 why")]
    [InlineData(SmtpFailure.Closed, SmtpStage.Greeting, "421 4.4.1 why")]
    [InlineData(SmtpFailure.Closed, SmtpStage.FinalDot, "421 4.4.2 why")]
    [InlineData(SmtpFailure.Protocol, SmtpStage.Greeting, "421 4.5.0 why")]
    [InlineData(SmtpFailure.Tls, SmtpStage.Tls, "421 4.7.5 why")]
    public void What_no_server_said_is_put_in_the_terms_of_SMTP(SmtpFailure failure, SmtpStage stage, string reply)
    {
        var verdict = Verdict.Of(new SmtpException(stage, failure, "why"));

        Assert.Equal((reply, stage), ($"{verdict.Reply}", verdict.Stage));
    }

    [Fact]
    public void A_refusal_that_ended_the_conversation_means_what_it_says()
    {
        var verdict = Verdict.Of(SmtpException.Refused(SmtpStage.Greeting, Reply("521 does not accept mail")));

        Assert.Equal("never host >", Shown(verdict));
        Assert.Equal("521 does not accept mail", $"{verdict.Reply}");
    }

    [Theory]
    [InlineData(SevenBitProblem.SignedPart, "554 5.6.2")]
    [InlineData(SevenBitProblem.Malformed, "554 5.6.3")]
    public void A_message_that_cannot_be_converted_fails_unless_another_host_takes_it(SevenBitProblem problem, string reply)
    {
        var verdict = Verdict.OfConversion(problem)!;

        Assert.Equal("never host >", Shown(verdict));
        Assert.StartsWith(reply, $"{verdict.Reply}", StringComparison.Ordinal);
        Assert.Null(Verdict.OfConversion(SevenBitProblem.None));
    }

    [Theory]
    [InlineData("SIZE 1000", 1000, null)]
    [InlineData("SIZE 1000", 1001, "552 5.3.4 the server takes messages of 1000 bytes at most")]
    [InlineData("SIZE 0", 1001, null)]
    [InlineData("SIZE", 1001, null)]
    [InlineData("PIPELINING", 1001, null)]
    public void A_message_that_is_too_large_fails_unless_another_host_takes_it(string extension, int size, string? reply)
    {
        var verdict = Verdict.OfSize(SmtpCapabilities.Of(new SmtpReply(250, ["mx.test", extension])), size);

        Assert.Equal(reply, verdict?.Reply.ToString());
        Assert.True(verdict is null || Shown(verdict) == "never host >");
    }

    /// <summary>Fails with the lines of a table that are not what the code says of them.</summary>
    private static void AssertLines(string file, Func<string, int, string> line)
    {
        var wanted = File.ReadAllLines(file);
        var got = wanted.Select((w, i) => line(w, i + 1)).ToArray();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Golden.Matches(file, string.Concat(got.Select(g => g + "\n")));
            return;
        }

        var wrong = wanted.Zip(got).Index().Where(l => l.Item.First != l.Item.Second)
            .Select(l => $"{Path.GetFileName(file)}:{l.Index + 1}\nwanted {l.Item.First}\ngot    {l.Item.Second}").ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static string Answer(string line) => line[..Math.Min(31, line.Length)].TrimEnd();

    private static string Row(string answer, IEnumerable<string> cells) =>
        $"{answer,-31}{string.Concat(cells.Select(c => $" {c,-12}"))}".TrimEnd();

    private static SmtpReply Reply(string said) => SmtpReply.Of(int.Parse(said[..3], CultureInfo.InvariantCulture), said[4..]);

    /// <summary>Of a reply, or of a failure in parentheses.</summary>
    private static Verdict VerdictOf(SmtpStage stage, string answer) => answer[0] == '('
        ? Verdict.Of(stage, Enum.Parse<SmtpFailure>(answer[1..^1]), "why")
        : Verdict.Of(stage, Reply(answer));

    private static Verdict VerdictAt(string answer)
    {
        var stage = answer.Split(' ')[0];
        return VerdictOf(Enum.Parse<SmtpStage>(stage), answer[(stage.Length + 1)..]);
    }

    private static string Counting(Verdict earlier, Verdict later) =>
        ReferenceEquals(Verdict.OfHosts(earlier, later), earlier) ? "earlier" : "later";

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
