using Signet.Delivery.Destinations;
using Signet.Smtp;

namespace Signet.Tests.Delivery.Destinations;

public sealed class ThrottlingReplyTests
{
    [Theory]
    [InlineData(SmtpStage.Greeting, 421, "4.7.0 too many connections from your address", Throttling.Connections)]
    [InlineData(SmtpStage.Greeting, 421, "Too many concurrent SMTP connections", Throttling.Connections)]
    [InlineData(SmtpStage.Greeting, 421, "4.3.2 The maximum number of concurrent connections has exceeded a limit", Throttling.Connections)]
    [InlineData(SmtpStage.Greeting, 421, "too many sessions open", Throttling.Connections)]
    [InlineData(SmtpStage.Greeting, 554, "5.7.1 connection limit exceeded", Throttling.Connections)]
    [InlineData(SmtpStage.Mail, 451, "4.7.1 Connection rate limit exceeded", Throttling.Connections)]
    [InlineData(SmtpStage.Mail, 421, "4.7.28 our system has detected an unusual rate of mail from your IP", Throttling.Rate)]
    [InlineData(SmtpStage.Recipient, 450, "4.7.1 Error: too much mail from 192.0.2.1", Throttling.Rate)]
    [InlineData(SmtpStage.Recipient, 451, "4.7.650 The mail server has been temporarily rate limited due to IP reputation", Throttling.Rate)]
    [InlineData(SmtpStage.FinalDot, 421, "Rate limit reached. Please take into account the hourly sending limit", Throttling.Rate)]
    [InlineData(SmtpStage.FinalDot, 452, "4.3.2 message throttled, slow down", Throttling.Rate)]
    [InlineData(SmtpStage.Greeting, 421, "4.3.2 Service not available", Throttling.TurnedAway)]
    [InlineData(SmtpStage.Hello, 451, "4.3.0 later", Throttling.TurnedAway)]
    [InlineData(SmtpStage.Tls, 454, "4.7.0 TLS not available", Throttling.TurnedAway)]
    [InlineData(SmtpStage.Recipient, 421, "4.7.0 closing", Throttling.TurnedAway)]
    [InlineData(SmtpStage.Mail, 421, "too many messages per connection", Throttling.TurnedAway)]
    [InlineData(SmtpStage.Recipient, 450, "4.2.1 The user you are trying to contact is receiving mail too quickly", Throttling.None)]
    [InlineData(SmtpStage.Recipient, 450, "User is receiving mail too quickly", Throttling.None)]
    [InlineData(SmtpStage.Recipient, 452, "4.2.2 The email account is over quota", Throttling.None)]
    [InlineData(SmtpStage.Recipient, 452, "4.1.1 too many recent messages", Throttling.None)]
    [InlineData(SmtpStage.Recipient, 452, "4.5.3 too many recipients", Throttling.None)]
    [InlineData(SmtpStage.Recipient, 452, "Too many recipients received this hour", Throttling.None)]
    [InlineData(SmtpStage.Recipient, 450, "4.7.1 greylisted, try again later", Throttling.None)]
    [InlineData(SmtpStage.Recipient, 451, "4.3.0 temporary failure", Throttling.None)]
    [InlineData(SmtpStage.Recipient, 550, "5.7.1 rate limit exceeded", Throttling.None)]
    [InlineData(SmtpStage.FinalDot, 250, "2.0.0 queued, too many connections", Throttling.None)]
    public void The_words_decide(SmtpStage stage, int code, string text, object throttling) =>
        Assert.Equal((Throttling)throttling, ThrottlingReply.Of(stage, SmtpReply.Of(code, text)));
}
