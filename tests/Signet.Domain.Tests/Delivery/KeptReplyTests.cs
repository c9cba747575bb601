using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Signet.Delivery;
using Signet.Queue;
using Signet.Smtp;
using Signet.Tests.Storage;

namespace Signet.Tests.Delivery;

public sealed class KeptReplyTests
{
    private static readonly SmtpReply Long = new(550, [.. Enumerable.Range(0, 900).Select(n => $"5.7.1 line {n} of a long explanation that nobody reads")]);

    [Fact]
    public void Of_a_long_reply_the_beginning_is_kept_and_how_long_it_was()
    {
        var kept = KeptReply.Of(Long);

        Assert.StartsWith("550 5.7.1 line 0 of a long explanation that nobody reads line 1 of", kept, StringComparison.Ordinal);
        Assert.EndsWith($" ... ({Long.ToString().Length} characters in all)", kept, StringComparison.Ordinal);
        Assert.InRange(kept.Length, KeptReply.MaxLength - 60, KeptReply.MaxLength);
    }

    [Fact]
    public void A_reply_of_one_long_word_is_cut_within()
    {
        var kept = KeptReply.Of(SmtpReply.Of(550, new string('x', 60_000)));

        Assert.Equal(KeptReply.MaxLength, kept.Length);
    }

    [Fact]
    public void A_reply_that_is_short_enough_is_kept_as_it_is()
    {
        var reply = SmtpReply.Of(550, new string('x', KeptReply.MaxLength - 4));

        Assert.Equal($"{reply}", KeptReply.Of(reply));
        Assert.Equal("550 5.1.1 no such user ask the postmaster", KeptReply.Of(new SmtpReply(550, ["5.1.1 no such user", "5.1.1 ask the postmaster"])));
    }

    // Deferred at first and again, failed, failed because the time is over.
    [Theory]
    [InlineData(450, 0, 1)]
    [InlineData(450, 3, 60)]
    [InlineData(550, 0, 1)]
    [InlineData(450, 9, 60 * 24)]
    public void What_an_attempt_stores_of_a_reply_of_64_KB_is_a_few_KB_in_all(int code, int attempts, int minutes)
    {
        var time = new FakeTimeProvider(Samples.Noon.AddMinutes(minutes));
        var message = new ClaimedMessage(
            Samples.NewId(Samples.Noon), Samples.Owner, Samples.Noon, Samples.Address("bounce"), Encoding.ASCII.GetBytes("Subject: x\r\n\r\n"), []);
        var verdict = Verdict.Of(SmtpStage.Recipient, Long with { Code = code });

        var result = new ResultFactory("mail.example.com", time, new Random(1)).Of(
            message, new ClaimedDelivery(0, Samples.Address("to"), attempts), verdict, Peer.None, TimeSpan.Zero);

        Assert.InRange(result.Result.Length, 100, 1_200);
        Assert.InRange(result.Attempt!.Reply.Length, 100, KeptReply.MaxLength);
        Assert.InRange(result.Event?.Detail.Length ?? 0, 0, 2_000);
        JsonDocument.Parse(result.Event?.Detail ?? "{}").Dispose();
    }
}
