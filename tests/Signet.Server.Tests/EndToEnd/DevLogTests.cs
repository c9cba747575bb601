using Signet.Server.Tests.Clients;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>What a developer sees in the terminal where <c>signet dev</c> runs.</summary>
public sealed class DevLogTests
{
    [Fact]
    public async Task A_mail_is_one_line_with_its_page_and_so_is_a_refusal_at_whatever_stage()
    {
        await using var signet = await RunningSignet.StartAsync(null, "--http", "127.0.0.1:0", "--smtp", "none");
        using var ses = new SesCaller(signet.Url, "111122223333", "test");
        await ses.CallAsync("VerifyEmailIdentity", ("EmailAddress", "news@shop.test"));

        await ses.CallAsync(
            "SendEmail", ("Source", "News <news@shop.test>"), ("Message.Subject.Data", "x"), ("Message.Body.Text.Data", "x"),
            ("Destination.ToAddresses.member.1", "a@client.test"), ("Destination.ToAddresses.member.2", "b@client.test"),
            ("Destination.CcAddresses.member.1", "c@client.test"), ("Destination.BccAddresses.member.1", "d@client.test"));
        await ses.SendAsync("other@elsewhere.test", "a@client.test");
        await ses.SendAsync("no address", "a@client.test");
        await ses.CallAsync("ListTemplates");
        using var wrong = new SesCaller(signet.Url, "111122223333", "wrong");
        await wrong.SendAsync("news@shop.test", "a@client.test");

        Assert.Equal(0, await signet.StopAsync());
        var lines = signet.Output.Split('\n').Where(l => l.Contains("Signet.Sending.", StringComparison.Ordinal)).ToList();
        Assert.Collection(
            lines,
            l => Assert.Matches(
                $@"info: .*: from=News <news@shop\.test>, to=a@client\.test, b@client\.test, c@client\.test and 1 more \(captured, {signet.Url}/console/messages/[0-9a-f-]+\)$", l),
            l => Assert.Matches($@"warn: .*SendEmail by .* not authorised: .*other@elsewhere\.test.* \({signet.Url}/console/why/refusals/[0-9a-f-]+\)$", l),
            l => Assert.Matches($@"info: .*SendEmail by arn:aws:iam::111122223333:root refused: InvalidParameterValue: .+ \({signet.Url}/console/why/refusals/[0-9a-f-]+\)$", l),
            l => Assert.Matches($@"info: .*ListTemplates by .+ refused: InvalidAction: .+ \({signet.Url}/console/why/refusals/[0-9a-f-]+\)$", l),
            l => Assert.Matches(
                $@"info: .*a request by access key 111122223333 \(not proven\) refused: SignatureDoesNotMatch: .+made\. \({signet.Url}/console/why/refusals/[0-9a-f-]+\)$", l));
        Assert.DoesNotContain(signet.Output.Split('\n'), l => l.Contains("OutcomeWriter", StringComparison.Ordinal));
    }
}
