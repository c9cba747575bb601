using Signet.Addresses;

namespace Signet.Server.Ses.Protocol;

/// <summary>
/// The closed catalogue of what the API answers when it does not do what was asked: one factory per case, with SES's code, HTTP status and
/// wording (SES API Reference, "Common Errors" and the errors of each action). A text that no source shows is ours and says so here. No
/// text repeats more than 1,000 characters of the request, or more than ten of its faults.
/// </summary>
internal sealed record SesError
{
    private const int MaxViolations = 10;

    private const string ThrottlingCode = "Throttling";

    // Of what a signature is computed over: enough for what SDKs sign.
    private const int MaxCanonicalRequest = 800;
    private const int MaxStringToSign = 200;

    private SesError(string code, int status, string message)
    {
        Code = code;
        Status = status;
        Message = Excerpt.Of(message);
    }

    /// <summary>What SDKs choose their exception by.</summary>
    public string Code { get; }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>For people; may be empty, as SES's is in places.</summary>
    public string Message { get; private init; }

    /// <summary>Whether the caller is told to slow down.</summary>
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
    public static SesError SignatureDoesNotMatch(string canonicalRequest, string stringToSign, string? help = null) => SignatureDoesNotMatch("") with
    {
        Message = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and "
        + $"signing method. Consult the service documentation for details.{(help is null ? "" : $" {help}")}\n\n"
        + $"The Canonical String for this request should have been\n'{Excerpt.Of(canonicalRequest, MaxCanonicalRequest)}'\n\n"
        + $"The String-to-Sign should have been\n'{Excerpt.Of(stringToSign, MaxStringToSign)}'\n",
    };

    /// <summary>The signature's scope, date or headers are wrong; the text says how.</summary>
    public static SesError SignatureDoesNotMatch(string text) => new("SignatureDoesNotMatch", 403, text);

    /// <summary>An unknown or revoked key, a session token (Signet issues none), or a signature older than version 4.</summary>
    /// <param name="help">A sentence of ours; null for none.</param>
    public static SesError InvalidClientTokenId(string? help = null) =>
        new("InvalidClientTokenId", 403, $"The security token included in the request is invalid.{(help is null ? "" : $" {help}")}");

    public static SesError MissingAuthenticationToken() =>
        new("MissingAuthenticationToken", 403, "Request is missing Authentication Token");

    public static SesError IncompleteSignature(string text) => new("IncompleteSignature", 400, text);

    /// <summary>A presigned request after its time. The text is ours.</summary>
    public static SesError RequestExpired() => new("RequestExpired", 400, "Request has expired.");

    // What is asked

    public static SesError MissingAction() => new("MissingAction", 400, "Missing Action") { IsUnmapped = true };

    public static SesError NoSuchOperation(string action, string version) =>
        new("InvalidAction", 400, $"Could not find operation {action} for version {version}") { IsUnmapped = true };

    /// <summary>A call of another service of AWS, in the form of the query protocol. The text is ours.</summary>
    public static SesError NoSuchService(string text) => new("InvalidAction", 400, text) { IsUnmapped = true };

    /// <summary>An operation of SES that Signet does not have. The text is ours.</summary>
    public static SesError NotSupported(string action, string missing) =>
        new("InvalidAction", 400, $"Signet does not support {action} yet: it has no {missing}.");

    /// <summary>The form encoding is broken. The text is ours.</summary>
    public static SesError MalformedQueryString(string text) => new("MalformedQueryString", 404, text);

    /// <summary>Well-formed, but no request SES knows. The text is ours.</summary>
    public static SesError InvalidQueryParameter(string text) => new("InvalidQueryParameter", 400, text);

    /// <summary>More bytes than any request can need. Code and text are ours.</summary>
    public static SesError RequestTooLarge(int limit) =>
        new("RequestEntityTooLarge", 413, $"The request body must not be longer than {limit} bytes.");

    // Shape

    /// <summary>A value that cannot be read as what it has to be; SES leaves the text empty.</summary>
    public static SesError MalformedInput(string text = "") => new("MalformedInput", 400, text);

    /// <summary>All that is wrong with the shape of a request.</summary>
    /// <param name="violations">One at least, each beginning with <c>Value</c>.</param>
    public static SesError ValidationError(IReadOnlyList<string> violations) => new(
        "ValidationError",
        400,
        $"{violations.Count} validation error{(violations.Count == 1 ? "" : "s")} detected: {string.Join("; ", violations.Take(MaxViolations))}"
        + (violations.Count > MaxViolations ? $"; and {violations.Count - MaxViolations} more" : ""));

    // Permission and limits

    /// <summary>A user's own policies do not allow an action that sends nothing (colons, no quotes).</summary>
    /// <param name="principal">ARN of the caller.</param>
    /// <param name="action">With its prefix: <c>ses:VerifyEmailIdentity</c>.</param>
    public static SesError NotAuthorized(string principal, string action) =>
        new("AccessDenied", 403, $"User: {principal} is not authorized to perform: {action}");

    /// <summary>As above, where the resource is what is refused.</summary>
    public static SesError NotAuthorized(string principal, string action, string resource) =>
        new("AccessDenied", 403, $"User: {principal} is not authorized to perform: {action} on resource: {resource}");

    /// <summary>A page of another origin calls; the text is ours.</summary>
    public static SesError AccessDenied(string text) => new("AccessDenied", 403, text);

    public static SesError RateExceeded() => new(ThrottlingCode, 400, "Rate exceeded");

    /// <summary>Too many recipients in a second or a day, or a confirmation mail too soon; the domain words it.</summary>
    public static SesError Throttling(string text) => new(ThrottlingCode, 400, text);

    // The service's own rules

    /// <summary>A value of the right shape that the service rejects.</summary>
    public static SesError InvalidParameterValue(string text) => new("InvalidParameterValue", 400, text);

    public static SesError InvalidPolicy(string text) => new("InvalidPolicy", 400, text);

    public static SesError LimitExceeded(string text) => new("LimitExceeded", 400, text);

    /// <summary>An identity whose confirmation mail a paused account asks for.</summary>
    public static SesError AccountSendingPaused(string text) => new("AccountSendingPausedException", 400, text);

    /// <summary>A message that the domain refuses, under the code, status and words that it gives.</summary>
    public static SesError Refused(string code, int status, string text) => new(code, status, text);

    // Signet is at fault

    /// <summary>The store cannot be used just now; nothing was changed. SDKs try again by themselves. The text is ours.</summary>
    public static SesError ServiceUnavailable() => new(
        "ServiceUnavailable", 503, "The request has failed due to a temporary failure of the server.");

    /// <summary>Too many large requests are on their way. The text is ours.</summary>
    public static SesError TooBusy() => new(
        "ServiceUnavailable", 503, "Too many large requests are on their way, and nothing was changed. Try the request again.");

    /// <summary>The body of a large request did not come at the least pace. Code and text are ours.</summary>
    public static SesError RequestTimeout() =>
        new("RequestTimeout", 408, "The request body came too slowly, and nothing was changed. Try the request again.");

    /// <summary>A bug. The cause is in the log under the request's id. The text is ours.</summary>
    public static SesError InternalFailure() =>
        new("InternalFailure", 500, "The request processing has failed because of an unknown error.");
}
