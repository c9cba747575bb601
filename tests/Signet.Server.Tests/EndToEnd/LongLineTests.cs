using Signet.Server.Tests.Clients;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>A body of one long line costs what the same bytes cost in many: a server answers within nine seconds, or says 503.</summary>
public sealed class LongLineTests
{
    [Theory]
    [InlineData("Message.Body.Text.Data", "")]
    [InlineData("Message.Body.Html.Data", "<p>\u00fc</p>")]
    public async Task A_body_of_nearly_ten_megabytes_without_a_line_end_is_accepted(string body, string beginning)
    {
        await using var signet = await RunningSignet.StartAsync(null, "dev", "--http", "127.0.0.1:0", "--smtp", "none");
        using var ses = new SesCaller(signet.Url, "111122223333", "test");
        await ses.CallAsync("VerifyEmailIdentity", ("EmailAddress", "news@shop.test"));

        // Soft line ends add three bytes to each 75.
        var (status, answer) = await ses.CallAsync(
            "SendEmail", ("Source", "news@shop.test"), ("Destination.ToAddresses.member.1", "a@client.test"), ("Message.Subject.Data", "x"),
            (body, beginning + new string('a', 10_000_000)));

        Assert.True(status == 200, answer);
    }
}
