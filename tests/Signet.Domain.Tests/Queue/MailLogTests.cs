using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Addresses;
using Signet.Delivery;
using Signet.Delivery.Tls;
using Signet.Messages;
using Signet.Names;
using Signet.Queue;
using Signet.Smtp;
using Signet.Tests.Fakes;

namespace Signet.Tests.Queue;

/// <summary>The line of an attempt, to the letter: people and scripts look for its fields.</summary>
public sealed class MailLogTests
{
    private static readonly DateTimeOffset Accepted = new(2026, 3, 1, 12, 30, 0, TimeSpan.Zero);
    private static readonly AccountRegion Owner = new(AccountId.Parse("111122223333"), Region.Default);
    private static readonly MessageId Id = MessageId.New(Region.Default, Accepted, new Random(1));
    private static readonly Peer Host = new("mx.client.test", "192.0.2.25", new TlsSession("TLSv1.3", "TLS_AES_256_GCM_SHA384", "self-signed; wrong name"))
    {
        Policy = TlsPolicy.Default,
    };

    private readonly FakeTimeProvider time = new(Accepted + TimeSpan.FromMilliseconds(1412));
    private readonly RecordingLogger<OutcomeWriter> log = new();

    [Fact]
    public void A_delivery_is_told_with_host_TLS_codes_and_times() => Assert.Equal(
        $"{Id}: to=<bob@client.test>, account=111122223333, region=us-east-1, relay=mx.client.test[192.0.2.25], tls=TLSv1.3, "
        + "certificate=self-signed; wrong name, tls-policy=opportunistic by default, attempt=1, "
        + "delay=1.412, duration=0.38, code=250, dsn=2.0.0, status=delivered (250 2.0.0 Ok: queued as 1F2E3)",
        Line(SmtpStage.FinalDot, SmtpReply.Of(250, "2.0.0 Ok: queued as 1F2E3"), Host));

    [Fact]
    public void A_deferral_says_when_the_next_attempt_is() => Assert.Matches(
        $"^{Id}: to=<bob@client\\.test>, account=111122223333, region=us-east-1, relay=mx\\.client\\.test\\[192\\.0\\.2\\.25\\], tls=none, "
        + "certificate=none, tls-policy=opportunistic by default, attempt=3, "
        + "delay=1\\.412, duration=0\\.38, code=451, dsn=4\\.7\\.1, next=2026-03-01T12:\\d\\d:\\d\\dZ, status=deferred \\(451 4\\.7\\.1 Greylisted\\)$",
        Line(SmtpStage.Recipient, SmtpReply.Of(451, "4.7.1 Greylisted"), Host with { Tls = null, Certificate = null }, attempts: 2));

    [Fact]
    public void A_refusal_without_an_enhanced_code_has_the_class_alone() => Assert.Equal(
        $"{Id}: to=<bob@client.test>, account=111122223333, region=us-east-1, relay=mx.client.test[192.0.2.25], tls=TLSv1.3, "
        + "certificate=self-signed; wrong name, tls-policy=opportunistic by default, attempt=1, "
        + "delay=1.412, duration=0.38, code=550, dsn=5.0.0, status=failed (550 no such user)",
        Line(SmtpStage.Recipient, SmtpReply.Of(550, "no such user"), Host));

    [Fact]
    public void A_message_whose_time_is_over_fails_with_the_last_reply()
    {
        time.Advance(RetrySchedule.MaxAge);

        Assert.EndsWith(
            "code=550, dsn=4.4.7, status=failed (550 4.4.7 Message expired: unable to deliver in 840 minutes.<451 4.7.1 Greylisted>)",
            Line(SmtpStage.Recipient, SmtpReply.Of(451, "4.7.1 Greylisted"), Host), StringComparison.Ordinal);
    }

    [Fact]
    public void A_domain_without_a_host_has_a_relay_without_an_address() => Assert.Contains(
        "relay=client.test[none], tls=none,",
        Line(SmtpStage.Connect, SmtpReply.Of(550, "5.4.4 no such domain"), new Peer("client.test", null, null)), StringComparison.Ordinal);

    [Fact]
    public void What_is_captured_has_no_relay_and_mail_of_the_server_no_account() => Assert.Contains(
        "account=none, region=none, relay=none, tls=none, certificate=none, tls-policy=none, attempt=1, delay=1.412, duration=0.38, code=250, dsn=2.0.0, status=delivered (250 2.0.0 captured)",
        Line(SmtpStage.FinalDot, SmtpReply.Of(250, "2.0.0 captured"), Peer.None, owner: null), StringComparison.Ordinal);

    [Fact]
    public void The_reply_to_mail_of_the_server_does_not_tell_its_secret() => Assert.EndsWith(
        "status=failed (554 5.7.1 [the reply is not kept])",
        Line(SmtpStage.FinalDot, SmtpReply.Of(554, "5.7.1 spam: http://signet.test/confirm/0123456789abcdef0123456789abcdef"), Host, owner: null),
        StringComparison.Ordinal);

    [Fact]
    public void Of_a_reply_of_64_KB_200_characters_are_logged()
    {
        string[] lines = [.. Enumerable.Repeat("5.1.1 " + new string('x', 1_000), 64)];

        var line = Line(SmtpStage.Recipient, new SmtpReply(550, lines), Host);

        Assert.Equal(MailLog.MaxReply, Regex.Match(line, @"status=failed \((.*)…\)$").Groups[1].Length);
    }

    [Fact]
    public void A_result_that_cannot_be_read_is_told_too()
    {
        var unreadable = new UnreadableDelivery(new DeliveryKey(Id, 0), "bob@client.test", Accepted, 1, Owner, "the sender");

        MailLog.Write(log, Results().Of(unreadable, unreadable.Key!.Value));

        Assert.Contains("relay=none, tls=none, certificate=none, tls-policy=none, attempt=2, delay=1.412, duration=0, code=451, dsn=4.3.0, next=", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_put_together_while_nobody_listens()
    {
        var result = Result(SmtpStage.FinalDot, SmtpReply.Of(250, "2.0.0 Ok"), Host, Owner, 0);
        MailLog.Write(NullLogger.Instance, result);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1_000; i++)
        {
            MailLog.Write(NullLogger.Instance, result);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task A_message_with_50_recipients_has_50_lines_an_attempt()
    {
        using var outcomes = new OutcomeWriter(new RecordingQueue(), new Node("node", TimeSpan.FromMinutes(5)), time, log);
        var message = Message(Owner);

        for (var ordinal = 0; ordinal < 50; ordinal++)
        {
            outcomes.Add(CaptureRoute.Deliver(message, new ClaimedDelivery(ordinal, EmailAddress.Parse($"r{ordinal}@client.test"), 0), Results()));
        }

        await outcomes.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(50, log.Lines.Count(l => l.Contains("status=delivered", StringComparison.Ordinal)));
        Assert.Single(log.Lines, l => l.Contains("to=<r49@client.test>", StringComparison.Ordinal));
    }

    private string Line(SmtpStage stage, SmtpReply reply, Peer peer, int attempts = 0) => Line(stage, reply, peer, Owner, attempts);

    private string Line(SmtpStage stage, SmtpReply reply, Peer peer, AccountRegion? owner, int attempts = 0)
    {
        MailLog.Write(log, Result(stage, reply, peer, owner, attempts));
        return Assert.Single(log.Lines);
    }

    private DeliveryResult Result(SmtpStage stage, SmtpReply reply, Peer peer, AccountRegion? owner, int attempts) => Results().Of(
        Message(owner), new ClaimedDelivery(0, EmailAddress.Parse("bob@client.test"), attempts), Verdict.Of(stage, reply), peer, TimeSpan.FromMilliseconds(380));

    private ResultFactory Results() => new("signet.test", time, new Random(1));

    private static ClaimedMessage Message(AccountRegion? owner) => new(Id, owner, Accepted, EmailAddress.Parse("bounce@signet.test"), ReadOnlyMemory<byte>.Empty, []);
}
