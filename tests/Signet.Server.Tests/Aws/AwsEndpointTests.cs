using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Signet.Server.Aws;
using Signet.Server.Tests.Ses;

namespace Signet.Server.Tests.Aws;

/// <summary>What the endpoint does for a service that is not SES. <see cref="SesEndpointTests"/> has the steps themselves.</summary>
public sealed class AwsEndpointTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_finds_and_answers_calls_in_its_own_protocol()
    {
        await using var server = await SesTestServer.StartAsync(Cancel);

        var (response, document) = await CallAsync(server, SesTestServer.Owner with { Service = "notes" }, "Notes.List");

        Assert.Equal((200, "application/x-amz-json-1.1"), (response.StatusCode, response.ContentType));
        Assert.Equal("""{"caller":"arn:aws:iam::111122223333:root","body":"{}"}""", document);
        Assert.Empty(server.Refusals.Refusals);
    }

    [Fact]
    public async Task A_failure_is_written_in_the_protocol_of_the_request_and_recorded_under_the_name_of_the_service()
    {
        await using var server = await SesTestServer.StartAsync(Cancel);

        var (response, document) = await CallAsync(server, SesTestServer.Owner with { Service = "notes" }, "Notes.Dance");

        Assert.Equal((400, "application/x-amz-json-1.1"), (response.StatusCode, response.ContentType));
        Assert.Equal("UnknownOperationException", response.Headers["x-amzn-ErrorType"].ToString());
        Assert.Equal("""{"__type":"UnknownOperationException","message":"no Notes.Dance"}""", document);
        Assert.NotEqual("", response.Headers["x-amzn-RequestId"].ToString());
        Assert.Equal("notes:Dance", Assert.Single(server.Refusals.Refusals).Action);
    }

    [Fact]
    public async Task A_user_needs_a_policy_for_the_action_of_that_service()
    {
        await using var server = await SesTestServer.StartAsync(Cancel);

        var (response, document) = await CallAsync(server, SesTestServer.Mailer with { Service = "notes" }, "Notes.List");

        Assert.Equal(403, response.StatusCode);
        Assert.Contains("is not authorized to perform: notes:List", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signature_for_another_service_is_refused()
    {
        await using var server = await SesTestServer.StartAsync(Cancel);

        var (response, document) = await CallAsync(server, SesTestServer.Owner with { Service = "ses" }, "Notes.List");

        Assert.Equal(403, response.StatusCode);
        Assert.Contains("Credential should be scoped to correct service: 'notes'.", document, StringComparison.Ordinal);
    }

    private static async Task<(HttpResponse Response, string Document)> CallAsync(SesTestServer server, TestSigner signer, string target)
    {
        var date = TestSigner.Stamp(server.Time.GetUtcNow());
        var body = "{}"u8.ToArray();
        using var document = new MemoryStream();
        var http = new DefaultHttpContext();
        http.Request.Method = "POST";
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = "/";
        http.Request.Body = new MemoryStream(body);
        http.Request.ContentType = "application/x-amz-json-1.1";
        http.Request.Headers.Host = "notes.test";
        http.Request.Headers["X-Amz-Date"] = date;
        http.Request.Headers["X-Amz-Target"] = target;
        http.Request.Headers.Authorization = signer.Authorization(
            "POST", "", [("host", "notes.test"), ("x-amz-date", date)], body, server.Time.GetUtcNow());
        http.Response.Body = document;

        await server.Endpoint.HandleAsync(http, new NotesService());
        return (http.Response, Encoding.UTF8.GetString(document.ToArray()));
    }

    /// <summary>A stub, for a service in JSON: one action that says who called and with what.</summary>
    private sealed class NotesService() : AwsService(["notes"])
    {
        private const string JsonType = "application/x-amz-json-1.1";

        public override int BodyLimit => 1024;

        public override string BodyTypeOf(HttpRequest request) => JsonType;

        public override AwsCall Find(Exchange exchange, IReadOnlyList<FormPair> query, Memory<byte> body)
        {
            var target = exchange.Http.Request.Headers["X-Amz-Target"].ToString();
            exchange.Asked = target.Split('.')[1];
            if (target != "Notes.List")
            {
                throw new AwsException(new AwsError("UnknownOperationException", 400, $"no {target}"));
            }

            exchange.Action = "List";
            var text = Encoding.UTF8.GetString(body.Span);
            return new AwsCall(new Structure([]), new FormNode(), (caller, _, _, _) => Task.FromResult(new AwsAnswer(
                200, JsonType, Encoding.UTF8.GetBytes($$"""{"caller":"{{caller.Principal.Arn}}","body":"{{text}}"}"""))));
        }

        public override AwsAnswer Failure(HttpRequest request, AwsError error, string requestId) =>
            JsonError.Answer(request, error.Status, error.Code, error.Message);
    }
}
