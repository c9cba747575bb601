using System.Text.Json;
using Signet.Addresses;
using Signet.Server.Ses.Protocol;

namespace Signet.Server.Ses;

/// <summary>
/// Answers calls of AWS services that Signet does not have, each in its service's form, so that a client shows the sentence and not a parsing
/// error. Such a call comes from a program whose <c>AWS_ENDPOINT_URL</c> sends every service here. The service is the one that the request is
/// signed for.
/// </summary>
internal static class OtherServices
{
    private const string Terminator = "/aws4_request";

    private static readonly string[] Ses = ["ses", "email"];

    public static void Use(IApplicationBuilder app, Func<HttpContext, bool> isServedTo) => app.Use((context, next) =>
        ServiceOf(context.Request) is { } service && isServedTo(context) ? RefuseAsync(context, service) : next(context));

    // AWS4-HMAC-SHA256 Credential=KEY/20150830/us-east-1/SERVICE/aws4_request, …
    private static string? ServiceOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(SignatureClaim.Algorithm, StringComparison.Ordinal) || header.IndexOf(Terminator, StringComparison.Ordinal) is not (> 0 and var end))
        {
            return null;
        }

        var service = header[(header.LastIndexOf('/', end - 1) + 1)..end];
        return Ses.Contains(service, StringComparer.Ordinal) ? null : service;
    }

    private static Task RefuseAsync(HttpContext context, string service)
    {
        var text = $"Signet has no service `{Excerpt.Of(service, 64)}`, which this request is signed for: it is the SES API (`ses`). "
            + "Set AWS_ENDPOINT_URL_SES instead of AWS_ENDPOINT_URL, and calls of other services do not come here.";
        var request = context.Request;
        return request.Headers.ContainsKey("X-Amz-Target") ? JsonAsync(context, "application/x-amz-json-1.1", "__type", text)
            : service == "s3" ? S3Async(context, text)
            : request.Path == "/" ? SesAnswer.WriteAsync(context, SesError.NoSuchService(text))
            : JsonAsync(context, "application/json", null, text);
    }

    // The JSON protocols of AWS: the type in the document, or in a header where paths name the operation.
    private static Task JsonAsync(HttpContext context, string contentType, string? typeMember, string text)
    {
        const string type = "UnknownOperationException";
        var response = context.Response;
        response.StatusCode = StatusCodes.Status400BadRequest;
        response.ContentType = contentType;
        response.Headers["x-amzn-RequestId"] = SesAnswer.NewRequestId();
        response.Headers["x-amzn-ErrorType"] = type;
        var message = JsonEncodedText.Encode(text);
        return response.WriteAsync(
            typeMember is null ? $$"""{"message":"{{message}}"}""" : $$"""{"{{typeMember}}":"{{type}}","message":"{{message}}"}""",
            context.RequestAborted);
    }

    private static Task S3Async(HttpContext context, string text)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status501NotImplemented;
        response.ContentType = "application/xml";
        var id = SesAnswer.NewRequestId();
        response.Headers["x-amz-request-id"] = id;
        return response.WriteAsync(
            $"<Error><Code>NotImplemented</Code><Message>{System.Security.SecurityElement.Escape(text)}</Message><RequestId>{id}</RequestId></Error>", context.RequestAborted);
    }
}
