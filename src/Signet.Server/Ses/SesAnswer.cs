using Signet.Server.Aws;

namespace Signet.Server.Ses;

/// <summary>How answers of the API leave: XML, with the request's id in a header and in the document.</summary>
internal static class SesAnswer
{
    // Seconds. SDKs have their own growing waits; other clients need the header.
    private const string PauseWhenBusy = "2";

    /// <summary>Refuses a request that has not come as far as <see cref="SesEndpoint"/>.</summary>
    public static Task WriteAsync(HttpContext http, AwsError error)
    {
        var requestId = RequestId.New();
        return WriteAsync(http, error.Status, requestId, SesXml.Documents.Failure(error, requestId));
    }

    public static async Task WriteAsync(HttpContext http, int status, string requestId, byte[] document)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/xml";
        http.Response.ContentLength = document.Length;
        http.Response.Headers["x-amzn-RequestId"] = requestId;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            http.Response.Headers.RetryAfter = PauseWhenBusy;
        }

        await http.Response.Body.WriteAsync(document, http.RequestAborted);
    }
}
