using Signet.Addresses;

namespace Signet.Server.Aws;

/// <summary>
/// What an API answers when it does not do what was asked, with one factory for each error that AWS's services share: code, HTTP status and
/// wording (SES API Reference, "Common Errors"). Errors of one service are listed with it (<c>SesError</c>). A text that no source shows is
/// ours and says so here. No text repeats more than 1,000 characters of the request, or more than ten of its faults.
/// </summary>
internal sealed record AwsError
{
    private const int MaxViolations = 10;

    private const string ThrottlingCode = "Throttling";

    // Of what a signature is computed over: enough for what SDKs sign.
    private const int MaxCanonicalRequest = 800;
    private const int MaxStringToSign = 200;

    /// <param name="code">What SDKs choose their exception by.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="message">For people; of a long one the beginning and the end are kept.</param>
    public AwsError(string code, int status, string message)
    {
        Code = code;
        Status = status;
        Message = Excerpt.Of(message);
    }

    public string Code { get; }

    public int Status { get; }

    /// <summary>May be empty, as SES's is in places.</summary>
    public string Message { get; private init; }

    /// <summary>Whether the error asks the caller to slow down.</summary>
    public bool IsThrottling => Code == ThrottlingCode;

    /// <summary><c>Sender</c> when the caller is at fault, <c>Receiver</c> when Signet is.</summary>
    public string Type => Status < 500 ? "Sender" : "Receiver";

    /// <summary>
    /// True when the request named no operation of the API: then the answer is in the framework's namespace, not in SES's.
    /// </summary>
    public bool IsUnmapped { get; private init; }

    // Who calls

    /// <summary>The signature is not the one we compute; shows what it should have been computed over.</summary>
    /// <param name="canonicalRequest">What is hashed.</param>
    /// <param name="stringToSign">What is signed.</param>
    /// <param name="help">A sentence of ours that goes before; null for none.</param>
    public static AwsError SignatureDoesNotMatch(string canonicalRequest, string stringToSign, string? help = null) => SignatureDoesNotMatch("") with
    {
        Message = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and "
        + $"signing method. Consult the service documentation for details.{(help is null ? "" : $" {help}")}\n\n"
        + $"The Canonical String for this request should have been\n'{Excerpt.Of(canonicalRequest, MaxCanonicalRequest)}'\n\n"
        + $"The String-to-Sign should have been\n'{Excerpt.Of(stringToSign, MaxStringToSign)}'\n",
    };

    /// <summary>The signature's scope, date or headers are wrong; the text says how.</summary>
    public static AwsError SignatureDoesNotMatch(string text) => new("SignatureDoesNotMatch", 403, text);

    /// <summary>An unknown or revoked key, a session token (Signet issues none), or a signature older than version 4.</summary>
    /// <param name="help">A sentence of ours; null for none.</param>
    public static AwsError InvalidClientTokenId(string? help = null) =>
        new("InvalidClientTokenId", 403, $"The security token included in the request is invalid.{(help is null ? "" : $" {help}")}");

    public static AwsError MissingAuthenticationToken() =>
        new("MissingAuthenticationToken", 403, "Request is missing Authentication Token");

    public static AwsError IncompleteSignature(string text) => new("IncompleteSignature", 400, text);

    /// <summary>A presigned request after its time. The text is ours.</summary>
    public static AwsError RequestExpired() => new("RequestExpired", 400, "Request has expired.");

    // What is asked

    public static AwsError MissingAction() => new("MissingAction", 400, "Missing Action") { IsUnmapped = true };

    public static AwsError NoSuchOperation(string action, string version) =>
        new("InvalidAction", 400, $"Could not find operation {action} for version {version}") { IsUnmapped = true };

    /// <summary>A call of another service of AWS, in the form of the query protocol. The text is ours.</summary>
    public static AwsError NoSuchService(string text) => new("InvalidAction", 400, text) { IsUnmapped = true };

    /// <summary>The form encoding is broken. The text is ours.</summary>
    public static AwsError MalformedQueryString(string text) => new("MalformedQueryString", 404, text);

    /// <summary>Well-formed, but no request SES knows. The text is ours.</summary>
    public static AwsError InvalidQueryParameter(string text) => new("InvalidQueryParameter", 400, text);

    /// <summary>More bytes than any request can need. Code and text are ours.</summary>
    public static AwsError RequestTooLarge(int limit) =>
        new("RequestEntityTooLarge", 413, $"The request body must not be longer than {limit} bytes.");

    // Shape

    /// <summary>A value that cannot be read as what it has to be; SES leaves the text empty.</summary>
    public static AwsError MalformedInput(string text = "") => new("MalformedInput", 400, text);

    /// <summary>All that is wrong with the shape of a request.</summary>
    /// <param name="violations">One at least, each beginning with <c>Value</c>.</param>
    public static AwsError ValidationError(IReadOnlyList<string> violations) => new(
        "ValidationError",
        400,
        $"{violations.Count} validation error{(violations.Count == 1 ? "" : "s")} detected: {string.Join("; ", violations.Take(MaxViolations))}"
        + (violations.Count > MaxViolations ? $"; and {violations.Count - MaxViolations} more" : ""));

    // Permission and limits

    /// <summary>A user's own policies do not allow an action that sends nothing (colons, no quotes).</summary>
    /// <param name="principal">ARN of the caller.</param>
    /// <param name="action">With its prefix: <c>ses:VerifyEmailIdentity</c>.</param>
    public static AwsError NotAuthorized(string principal, string action) =>
        new("AccessDenied", 403, $"User: {principal} is not authorized to perform: {action}");

    /// <summary>As above, where the resource is what is refused.</summary>
    public static AwsError NotAuthorized(string principal, string action, string resource) =>
        new("AccessDenied", 403, $"User: {principal} is not authorized to perform: {action} on resource: {resource}");

    /// <summary>A page of another origin calls; the text is ours.</summary>
    public static AwsError AccessDenied(string text) => new("AccessDenied", 403, text);

    public static AwsError RateExceeded() => new(ThrottlingCode, 400, "Rate exceeded");

    /// <summary>Too many recipients in a second or a day, or a confirmation mail too soon; the domain words it.</summary>
    public static AwsError Throttling(string text) => new(ThrottlingCode, 400, text);

    // Signet is at fault

    /// <summary>The store is unavailable; nothing was changed. SDKs retry automatically. The text is Signet's.</summary>
    public static AwsError ServiceUnavailable() => new(
        "ServiceUnavailable", 503, "The request has failed due to a temporary failure of the server.");

    /// <summary>Too many large requests are on their way. The text is ours.</summary>
    public static AwsError TooBusy() => new(
        "ServiceUnavailable", 503, "Too many large requests are on their way, and nothing was changed. Try the request again.");

    /// <summary>The body of a large request did not come at the least pace. Code and text are ours.</summary>
    public static AwsError RequestTimeout() =>
        new("RequestTimeout", 408, "The request body came too slowly, and nothing was changed. Try the request again.");

    /// <summary>A bug. The cause is in the log under the request's id. The text is ours.</summary>
    public static AwsError InternalFailure() =>
        new("InternalFailure", 500, "The request processing has failed because of an unknown error.");
}
