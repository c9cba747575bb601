using Signet.Sending;

namespace Signet.Server.Tests.Ses;

/// <summary>What the API records of requests that it refuses before a message comes to be.</summary>
public sealed class RefusedRequestsTests
{
    private const string Arn = "arn:aws:iam::111122223333:root";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Action=SendEmail", "ses:SendEmail", "ValidationError", 400)]
    [InlineData("Action=SendEmail&Source=x&Destination.ToAddresses.member.1=a%40b.test&Message.Subject.Data=x&Message.Body.Text.Data=x", "ses:SendEmail", "InvalidParameterValue", 400)]
    [InlineData("Action=CreateTemplate", "ses:CreateTemplate", "InvalidAction", 400)]
    [InlineData("Action=Dance", "ses:Dance", "InvalidAction", 400)]
    [InlineData("Source=x", "", "MissingAction", 400)]
    [InlineData("Action=SendEmail&Action=SendEmail", "", "InvalidQueryParameter", 400)]
    [InlineData("Action=PutIdentityPolicy&Identity=shop.test&PolicyName=x&Policy=x", "ses:PutIdentityPolicy", "InvalidPolicy", 400)]
    public async Task A_request_of_a_proven_caller_is_recorded_with_code_status_and_the_text_of_the_answer(
        string form, string action, string code, int status)
    {
        await using var server = await SesTestServer.StartAsync(Cancel);

        var reply = await server.PostAsync(SesTestServer.Owner, form, Cancel);

        var refusal = Assert.Single(server.Refusals.Refusals);
        Assert.Equal((code, status), (reply.Code, (int)reply.Status));
        Assert.Equal((action, code, status, reply.Message), (refusal.Action, refusal.Code, refusal.Status, refusal.Refusal));
        Assert.Equal((true, Arn, "111122223333", "us-east-1"), (refusal.IsProven, refusal.Caller, refusal.Owner?.Account.Value, refusal.Owner?.Region.Value));
        Assert.Null(refusal.Decision);
    }

    [Fact]
    public async Task A_user_who_may_not_call_an_action_is_recorded()
    {
        await using var server = await SesTestServer.StartAsync(Cancel);

        await server.PostAsync(SesTestServer.Mailer, "Action=VerifyDomainIdentity&Domain=new.test", Cancel);

        var refusal = Assert.Single(server.Refusals.Refusals);
        Assert.Equal(("AccessDenied", 403, "arn:aws:iam::111122223333:user/mailer"), (refusal.Code, refusal.Status, refusal.Caller));
    }

    [Fact]
    public async Task A_wrong_signature_is_recorded_as_unproven_for_the_owner_of_the_key()
    {
        await using var server = await SesTestServer.StartAsync(Cancel);

        await server.PostAsync(SesTestServer.Owner with { Secret = "wrong" }, "Action=SendEmail", Cancel);

        var refusal = Assert.Single(server.Refusals.Refusals);
        Assert.Equal(("SignatureDoesNotMatch", 403, ""), (refusal.Code, refusal.Status, refusal.Action));
        Assert.Equal((false, SesTestServer.Owner.KeyId, "111122223333"), (refusal.IsProven, refusal.Caller, refusal.Owner?.Account.Value));
    }

    [Theory]
    [InlineData("X-Amz-Date", "20260101T000000Z")]
    [InlineData("X-Amz-Security-Token", "token")]
    [InlineData("Authorization", "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLEOWNER0001/20260115/mars-north-1/ses/aws4_request, SignedHeaders=host, Signature=x")]
    [InlineData("Authorization", "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLEOWNER0001/20260115/us-east-1/ses/aws4_request")]
    public async Task A_claim_that_is_wrong_otherwise_is_recorded_for_the_owner_of_its_key_too(string header, string value)
    {
        await using var server = await SesTestServer.StartAsync(Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new ByteArrayContent([]) };
        server.Sign(request, SesTestServer.Owner, "", []);
        request.Headers.Remove(header);
        request.Headers.TryAddWithoutValidation(header, value);

        await server.SendAsync(request, Cancel);

        var refusal = Assert.Single(server.Refusals.Refusals);
        Assert.Equal((false, SesTestServer.Owner.KeyId), (refusal.IsProven, refusal.Caller));
        Assert.Equal(("111122223333", "us-east-1"), (refusal.Owner?.Account.Value, refusal.Owner?.Region.Value));
    }

    [Fact]
    public async Task A_key_that_there_is_not_has_no_owner_and_no_more_of_it_is_kept_than_a_key_is_long()
    {
        await using var server = await SesTestServer.StartAsync(Cancel);

        await server.PostAsync(SesTestServer.Owner with { KeyId = new string('K', 5_000) }, "Action=SendEmail", Cancel);

        var refusal = Assert.Single(server.Refusals.Refusals);
        Assert.Equal(("InvalidClientTokenId", false, null), (refusal.Code, refusal.IsProven, refusal.Owner));
        Assert.Equal(RefusedRequest.MaxText, refusal.Caller.Length);
    }

    [Fact]
    public async Task A_long_action_is_kept_in_part()
    {
        await using var server = await SesTestServer.StartAsync(Cancel);

        await server.PostAsync(SesTestServer.Owner, $"Action={new string('D', 1_000_000)}", Cancel);

        var refusal = Assert.Single(server.Refusals.Refusals);
        Assert.Equal(RefusedRequest.MaxText, refusal.Action.Length);
        Assert.InRange(refusal.Refusal.Length, 1, 1_000);
    }

    [Fact]
    public async Task An_unsigned_call_is_recorded_and_a_page_that_is_not_there_is_not()
    {
        await using var server = await SesTestServer.StartAsync(Cancel);
        using var page = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "/favicon.ico"));
        using var call = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "/?Action=GetSendQuota"));
        using var signed = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "/"));
        server.Sign(signed, SesTestServer.Owner, "", []);

        await server.SendAsync(page, Cancel);
        await server.SendAsync(call, Cancel);
        await server.SendAsync(signed, Cancel);

        Assert.Equal([("MissingAuthenticationToken", false), ("MissingAction", true)], server.Refusals.Refusals.Select(r => (r.Code, r.IsProven)));
    }

    [Fact]
    public async Task What_the_domain_refused_or_asked_to_slow_down_is_not_recorded_again()
    {
        await using var server = await SesTestServer.StartAsync(Cancel, limitRequests: true);
        const string Send = "Action=SendEmail&Source=a%40shop.test&Destination.ToAddresses.member.1=a%40b.test&Message.Subject.Data=x&Message.Body.Text.Data=x";
        server.Answer = _ => new SubmissionResult.Refused(new Refusal.NotVerified(["a@shop.test"], "us-east-1"), null);

        Assert.Equal("MessageRejected", (await server.PostAsync(SesTestServer.Owner, Send, Cancel)).Code);
        await server.PostAsync(SesTestServer.Owner, "Action=GetSendQuota", Cancel);
        Assert.Equal("Throttling", (await server.PostAsync(SesTestServer.Owner, "Action=GetSendQuota", Cancel)).Code);

        Assert.Empty(server.Refusals.Refusals);
    }

    [Fact]
    public async Task The_answer_is_the_same_when_the_store_cannot_record_it()
    {
        await using var server = await SesTestServer.StartAsync(Cancel);
        server.Refusals.Fails = true;

        Assert.Equal("InvalidAction", (await server.PostAsync(SesTestServer.Owner, "Action=Dance", Cancel)).Code);
    }
}
