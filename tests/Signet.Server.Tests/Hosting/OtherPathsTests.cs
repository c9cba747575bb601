using System.Net;
using Signet.Server.Tests.Fakes;

namespace Signet.Server.Tests.Hosting;

/// <summary>What is not a call of SES at <c>/</c>: a client is to be able to read the answer.</summary>
public sealed class OtherPathsTests
{
    /// <summary>Paths below those of pages, where there is no page.</summary>
    public static TheoryData<string> BelowPages => ["/health/x", "/metrics/x", "/_aws/ses/x", "/_signet/x"];

    [Theory]
    [InlineData("/ses/")]
    [InlineData("/email")]
    [InlineData("/favicon.ico")]
    public async Task A_path_that_no_page_owns_is_answered_by_the_API(string path)
    {
        await using var host = await TestHost.DevAsync();

        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Options])
        {
            var (status, body) = await host.SendAsync(method, path, _ => { });

            Assert.Equal(403, status);
            Assert.Contains("<Code>MissingAuthenticationToken</Code>", body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/ses/")]
    [MemberData(nameof(BelowPages))]
    public async Task The_address_of_inspection_has_no_API(string path)
    {
        await using var host = await TestHost.ServeAsync();

        Assert.Equal(404, (await host.GetAsync(path, host.Inspection)).Status);
    }

    [Theory]
    [MemberData(nameof(BelowPages))]
    public async Task A_path_below_a_page_that_is_no_page_is_answered_by_a_sentence(string path)
    {
        await using var host = await TestHost.DevAsync();

        var (status, body) = await host.GetAsync(path);

        Assert.Equal(404, status);
        Assert.Equal($$"""{"error":"nothing is at `{{path}}`"}""", body);
    }

    [Fact]
    public async Task The_root_of_inspection_is_a_page_of_what_can_be_read_there()
    {
        await using var host = await TestHost.DevAsync();

        var (status, body) = await host.GetAsync("/_signet");

        Assert.Equal(200, status);
        Assert.Contains("/_signet/openapi.json", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sts", "/", null, 400, "<Code>InvalidAction</Code>")]
    [InlineData("sns", "/", null, 400, "<Code>InvalidAction</Code>")]
    [InlineData("sqs", "/", "AmazonSQS.SendMessage", 400, "\"__type\":\"UnknownOperationException\"")]
    [InlineData("dynamodb", "/", "DynamoDB_20120810.ListTables", 400, "\"__type\":\"UnknownOperationException\"")]
    [InlineData("s3", "/bucket/key", null, 501, "<Code>NotImplemented</Code>")]
    [InlineData("route53", "/2013-04-01/hostedzone", null, 400, "<Code>InvalidAction</Code>")]
    [InlineData("lambda", "/2015-03-31/functions/", null, 400, "{\"message\":")]
    public async Task A_call_of_another_service_is_refused_in_its_form(string service, string path, string? target, int status, string wanted)
    {
        await using var host = await TestHost.DevAsync();

        var (got, body) = await host.SendAsync(HttpMethod.Post, path, request =>
        {
            request.Headers.TryAddWithoutValidation(
                "Authorization", $"AWS4-HMAC-SHA256 Credential=test/20260115/us-east-1/{service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=00");
            if (target is not null)
            {
                request.Headers.Add("X-Amz-Target", target);
            }
        });

        Assert.Equal(status, got);
        Assert.Contains(wanted, body, StringComparison.Ordinal);
        Assert.Contains($"Signet has no service `{service}`", WebUtility.HtmlDecode(body).Replace("\\u0060", "`", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("AWS_ENDPOINT_URL_SES", body, StringComparison.Ordinal);
    }
}
