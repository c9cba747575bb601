using System.Security;
using Signet.Addresses;
using Signet.Server.Aws;

namespace Signet.Server.Ses;

/// <summary>
/// Answers calls of AWS services that Signet does not have, each in its service's form, so that a client shows the sentence and not a parsing
/// error. Such a call comes from a program whose <c>AWS_ENDPOINT_URL</c> sends every service here. The service is the one that the request is
/// signed for.
/// </summary>
internal static class OtherServices
{
    // Their calls have paths, and their errors are XML of the same form as SES's.
    private static readonly string[] RestXml = ["cloudfront", "route53", "s3control"];

    public static void Use(IApplicationBuilder app, Func<HttpContext, bool> isServedTo) => app.Use((context, next) =>
        ServiceOf(context.Request) is { } service && isServedTo(context) ? RefuseAsync(context, service) : next(context));

    // AWS4-HMAC-SHA256 Credential=KEY/20150830/us-east-1/SERVICE/aws4_request, …
    private static string? ServiceOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(SignatureClaim.Algorithm, StringComparison.Ordinal)
            || header.IndexOf($"/{SigV4.Terminator}", StringComparison.Ordinal) is not (> 0 and var end))
        {
            return null;
        }

        var service = header.AsSpan((header.LastIndexOf('/', end - 1) + 1)..end);
        return SesService.IsNamed(service) ? null : service.ToString();
    }

    private static Task RefuseAsync(HttpContext context, string service)
    {
        var text = $"Signet has no service `{Excerpt.Of(service, 64)}`, which this request is signed for: it is the SES API (`ses`). "
            + "Set AWS_ENDPOINT_URL_SES instead of AWS_ENDPOINT_URL, and calls of other services do not come here.";
        var request = context.Request;
        return service == "s3" ? S3Async(context, text)
            : RestXml.Contains(service) || (request.Path == "/" && !request.Headers.ContainsKey("X-Amz-Target")) ? SesXml.RefuseAsync(context, AwsError.NoSuchService(text))
            : JsonError.WriteAsync(context, StatusCodes.Status400BadRequest, "UnknownOperationException", text);
    }

    private static Task S3Async(HttpContext context, string text)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status501NotImplemented;
        response.ContentType = "application/xml";
        var id = RequestId.New();
        response.Headers["x-amz-request-id"] = id;
        return response.WriteAsync(
            $"<Error><Code>NotImplemented</Code><Message>{SecurityElement.Escape(text)}</Message><RequestId>{id}</RequestId></Error>", context.RequestAborted);
    }
}
