using System.Text;
using System.Text.Json;
using Signet.Names;
using Signet.Policies;
using Signet.Sending;
using Signet.Server.Tests.Fakes;

namespace Signet.Server.Tests.Inspection;

public sealed class ExplainEndpointTests
{
    private const string Path = "/_signet/policy/explain";

    [Fact]
    public async Task A_question_is_answered_with_the_decision()
    {
        await using var host = await TestHost.DevAsync();

        var (status, body) = await PostAsync(host, """
            {"principal": "111122223333", "action": "SendEmail", "source": "a@example.com", "to": ["b@example.org"], "secureTransport": true}
            """);

        Assert.Equal(200, status);
        Assert.Equal(DecisionJson.Write(Samples.Allowed), body);
        Assert.Equal("b@example.org", host.Domain.Asked?.Recipients.Single().AsWritten);
        Assert.True(host.Domain.Asked?.Caller.SecureTransport);
    }

    [Theory]
    [InlineData("", "the body is not the JSON object that describes a send")]
    [InlineData("null", "the body is not the JSON object that describes a send")]
    [InlineData("""{"to": "b@example.org"}""", "the body is not the JSON object that describes a send: $.to cannot be read")]
    [InlineData("""{"principal": "x"}""", "the principal `x` is neither")]
    [InlineData(
        """{"principal": "111122223333", "action": "SendEmail", "source": "a@example.com", "region": "us-esat-1"}""",
        "`us-esat-1` is not a region of this server, which has us-east-1, ")]
    public async Task A_question_that_cannot_be_read_is_400(string question, string error)
    {
        await using var host = await TestHost.DevAsync();

        var (status, body) = await PostAsync(host, question);

        Assert.Equal(400, status);
        Assert.StartsWith(error, JsonDocument.Parse(body).RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_without_end_is_refused()
    {
        await using var host = await TestHost.DevAsync();

        var (status, _) = await PostAsync(host, $$"""{"source": "{{new string('a', 70_000)}}"}""");

        Assert.Equal(413, status);
    }

    [Fact]
    public async Task Refusals_say_why()
    {
        var domain = new FakeDomain();
        var decision = Samples.Allowed with { Allowed = false, Reason = "no statement applies" };
        domain.History.Refusals.Add(new RefusedRequest(
            Guid.Empty, DateTimeOffset.UnixEpoch, new AccountRegion(AccountId.Parse("444455556666"), Region.Default), true, "arn:caller", "ses:SendEmail",
            "AccessDenied", 403, "not authorized", [], decision));
        domain.History.Refusals.Add(RefusedRequest.Unproven(
            DateTimeOffset.UnixEpoch, null, "AKIA", "", "InvalidClientTokenId", 403, "The security token included in the request is invalid."));
        await using var host = await TestHost.DevAsync(domain);

        var (_, own) = await host.GetAsync("/_signet/refusals?account=444455556666");
        var (_, others) = await host.GetAsync("/_signet/refusals?account=111122223333");

        var (_, all) = await host.GetAsync("/_signet/refusals");

        Assert.Contains("\"reason\":\"no statement applies\"", own, StringComparison.Ordinal);
        Assert.Contains("\"proven\":true,\"caller\":\"arn:caller\",\"action\":\"ses:SendEmail\",\"code\":\"AccessDenied\",\"status\":403", own, StringComparison.Ordinal);
        Assert.DoesNotContain("AKIA", own, StringComparison.Ordinal);
        Assert.Contains("\"proven\":false,\"caller\":\"AKIA\",\"action\":\"\",\"code\":\"InvalidClientTokenId\",\"status\":403", all, StringComparison.Ordinal);
        Assert.Equal("""{"refusals":[]}""", others);
    }

    private static Task<(int Status, string Body)> PostAsync(TestHost host, string body) =>
        host.SendAsync(HttpMethod.Post, Path, r => r.Content = new StringContent(body, Encoding.UTF8, "application/json"));
}
