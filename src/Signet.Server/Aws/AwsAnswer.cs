namespace Signet.Server.Aws;

/// <summary>An answer that is ready to leave.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">Of the document.</param>
/// <param name="Document">The body.</param>
internal sealed record AwsAnswer(int Status, string ContentType, byte[] Document)
{
    // Seconds. SDKs have their own growing waits; other clients need the header.
    private const string PauseWhenBusy = "2";

    /// <summary>The header <c>x-amzn-ErrorType</c> of the JSON protocols.</summary>
    public string? ErrorType { get; init; }

    public async Task WriteAsync(HttpContext http, string requestId)
    {
        var response = http.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.ContentLength = Document.Length;
        response.Headers["x-amzn-RequestId"] = requestId;
        if (ErrorType is not null)
        {
            response.Headers["x-amzn-ErrorType"] = ErrorType;
        }

        if (Status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = PauseWhenBusy;
        }

        await response.Body.WriteAsync(Document, http.RequestAborted);
    }
}
