using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Signet.Server.Aws;

/// <summary>
/// What a request says of its own signature, in the Authorization header or, presigned, in the query string; nothing of it is
/// proven yet (AWS Signature Version 4, "Elements of an AWS API request signature").
/// </summary>
internal sealed partial record SignatureClaim
{
    public const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The parameter of a presigned request that the canonical query leaves out.</summary>
    public const string SignatureParameter = "X-Amz-Signature";

    private const string CredentialPart = "Credential";
    private const string SignedHeadersPart = "SignedHeaders";
    private const string SignaturePart = "Signature";

    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    // Of a presigned request that does not say how long it is good.
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(15);

    // Of two, a proxy, the signature and the action might each take another one. Other headers may be given twice: the signature covers all
    // their values (Signature Version 4, "Create a canonical request").
    private static readonly string[] GivenOnce =
    [
        "Authorization", "X-Amz-Date", "Date", "X-Amz-Content-SHA256", "X-Amz-Security-Token", "Host", "Content-Type", "Content-Encoding",
    ];

    /// <summary>The query string of the request, decoded.</summary>
    public IReadOnlyList<FormPair> Query { get; private init; } = [];

    public required string AccessKeyId { get; init; }

    /// <summary>The four parts of the credential scope as given.</summary>
    public required string ScopeDate { get; init; }

    /// <inheritdoc cref="ScopeDate"/>
    public required string ScopeRegion { get; init; }

    /// <inheritdoc cref="ScopeDate"/>
    public required string ScopeService { get; init; }

    /// <inheritdoc cref="ScopeDate"/>
    public required string ScopeTerminator { get; init; }

    /// <summary>Lower case, in ordinal order.</summary>
    public required IReadOnlyList<string> SignedHeaders { get; init; }

    public required string Signature { get; init; }

    /// <summary>When the request was signed.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The header that gave <see cref="Time"/>, lower case; null for a presigned request, whose query gave it.</summary>
    public required string? DateHeader { get; init; }

    /// <summary>How long a presigned request is good; null for a signature in the header.</summary>
    public required TimeSpan? Lifetime { get; init; }

    /// <summary>The scope as it is signed.</summary>
    public string Scope => $"{ScopeDate}/{ScopeRegion}/{ScopeService}/{ScopeTerminator}";

    /// <summary><c>20150830T123600Z</c>, as it is signed.</summary>
    public string Timestamp => Format(Time);

    public static string Format(DateTimeOffset time) => time.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>Reads the claim.</summary>
    /// <param name="head">The request.</param>
    /// <param name="query">Its decoded query string.</param>
    /// <param name="takesTokens">Whether a session token is passed over.</param>
    /// <exception cref="AwsException">
    /// MissingAuthenticationToken without any; IncompleteSignature for half a one; InvalidClientTokenId for an older kind of
    /// signature and, unless they are taken, for a session token, which Signet never issued.
    /// </exception>
    public static SignatureClaim Read(RequestHead head, IReadOnlyList<FormPair> query, bool takesTokens = false)
    {
        if (Array.Find(GivenOnce, name => head.Headers[name].Count > 1) is { } twice)
        {
            throw Incomplete($"The header '{twice}' is given more than once.");
        }

        var parameters = new PresignedParameters(query);
        if (head.Headers.ContainsKey("X-Amzn-Authorization")
            || (!takesTokens && (head.Headers.ContainsKey("X-Amz-Security-Token") || parameters.Has("X-Amz-Security-Token"))))
        {
            throw new AwsException(AwsError.InvalidClientTokenId());
        }

        if (head.Headers.ContainsKey("Authorization"))
        {
            return parameters.AnyOf(PresignedParameters.OfSignature)
                ? throw Incomplete("The request is signed in its Authorization header and in its query string: only one of them may be.")
                : ReadHeader(head) with { Query = query };
        }

        return parameters.AnyOf(PresignedParameters.OfSignature) ? ReadQuery(parameters) with { Query = query }
                : throw new AwsException(
                    parameters.Has("AWSAccessKeyId") ? AwsError.InvalidClientTokenId() : AwsError.MissingAuthenticationToken());
    }

    /// <summary>
    /// The access key ID and the region that a request names, whether the rest of its claim can be read or not; empty where it names none. For
    /// the record of a refusal: nothing is decided by them.
    /// </summary>
    public static (string AccessKeyId, string Region) Glance(RequestHead head)
    {
        var text = $"{head.Headers.Authorization}&{Uri.UnescapeDataString(head.Query)}";
        var credential = CredentialText().Match(text).Groups[1].Value.Split('/');
        return credential is [.. { Length: > 0 } key, _, var region, _, _] ? (string.Join('/', key), region) : (credential[0], "");
    }

    [GeneratedRegex("Credential=([^,&\\s]+)")]
    private static partial Regex CredentialText();

    private static SignatureClaim ReadHeader(RequestHead head)
    {
        var header = head.Headers.Authorization.ToString().Trim();
        var space = header.IndexOf(' ', StringComparison.Ordinal);
        var scheme = space < 0 ? header : header[..space];
        if (scheme is "AWS" or "AWS3" or "AWS3-HTTPS")
        {
            throw new AwsException(AwsError.InvalidClientTokenId());
        }

        var parts = scheme == Algorithm && space > 0 ? Parts(header[space..]) : [];
        var dateHeader = head.Headers.ContainsKey("X-Amz-Date") ? "x-amz-date" : "date";
        var date = head.Headers[dateHeader].ToString().Trim();
        var missing = new StringBuilder();
        foreach (var name in (string[])[CredentialPart, SignaturePart, SignedHeadersPart])
        {
            if (parts.GetValueOrDefault(name, "").Length == 0)
            {
                missing.Append(CultureInfo.InvariantCulture, $"Authorization header requires '{name}' parameter. ");
            }
        }

        if (date.Length == 0)
        {
            missing.Append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
        }

        if (missing.Length > 0)
        {
            throw Incomplete(missing.ToString().TrimEnd());
        }

        // A second header that a proxy has joined to the first.
        return parts.Count == 3
            ? Build(parts[CredentialPart], parts[SignedHeadersPart], parts[SignaturePart], date, dateHeader, null)
            : throw Incomplete("The Authorization header has a part that is neither Credential, SignedHeaders nor Signature.");
    }

    private static SignatureClaim ReadQuery(PresignedParameters query)
    {
        var missing = new StringBuilder();
        foreach (var name in PresignedParameters.Required)
        {
            if (query.Find(name).Length == 0)
            {
                missing.Append(CultureInfo.InvariantCulture, $"AWS query-string parameters must include '{name}'. ");
            }
        }

        if (missing.Length > 0)
        {
            throw Incomplete($"{missing}Re-examine the query-string parameters.");
        }

        if (query.Find("X-Amz-Algorithm") is var algorithm && algorithm != Algorithm)
        {
            throw Incomplete($"Unsupported AWS 'algorithm': '{algorithm}'.");
        }

        return Build(
            query.Find("X-Amz-Credential"),
            query.Find("X-Amz-SignedHeaders"),
            query.Find(SignatureParameter),
            query.Find("X-Amz-Date"),
            null,
            query.Has("X-Amz-Expires") ? Lifetime(query.Find("X-Amz-Expires")) : DefaultLifetime);

        static TimeSpan Lifetime(string text) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 604_800
                ? TimeSpan.FromSeconds(seconds)
                : throw Incomplete("X-Amz-Expires must be a number of seconds between 1 and 604800.");
    }

    private static Dictionary<string, string> Parts(string text)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw Incomplete("A part of the Authorization header is not a valid key=value pair (missing equal-sign).");
            }

            if (!parts.TryAdd(part[..equals], part[(equals + 1)..]))
            {
                throw Incomplete($"Authorization header has '{part[..equals]}' more than once.");
            }
        }

        return parts;
    }

    private static SignatureClaim Build(
        string credential, string signedHeaders, string signature, string date, string? dateHeader, TimeSpan? lifetime)
    {
        // The scope is read from the end, so that a key with slashes in its name does not shift the parts.
        if (credential.Split('/') is not [.. { Length: > 0 } key, var scopeDate, var region, var service, var terminator])
        {
            throw Incomplete(
                $"Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{credential}'.");
        }

        if (!DateTimeOffset.TryParseExact(
            date, [TimeFormat, "R"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            throw Incomplete($"Date must be in ISO-8601 'basic format'. Got '{date}'.");
        }

        return new SignatureClaim
        {
            AccessKeyId = string.Join('/', key),
            ScopeDate = scopeDate,
            ScopeRegion = region,
            ScopeService = service,
            ScopeTerminator = terminator,
            SignedHeaders = [.. signedHeaders.ToLowerInvariant().Split(';').Distinct().Order(StringComparer.Ordinal)],
            Signature = signature,
            Time = time,
            DateHeader = dateHeader,
            Lifetime = lifetime,
        };
    }

    private static AwsException Incomplete(string text) => new(AwsError.IncompleteSignature(text));

    /// <summary>
    /// The parameters that carry a presigned signature. One given twice is refused later, with all parameters of the request.
    /// </summary>
    private sealed class PresignedParameters(IReadOnlyList<FormPair> query)
    {
        public static readonly string[] Required =
            ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-SignedHeaders", SignatureParameter];

        /// <summary>Any of them makes a request a presigned one.</summary>
        public static readonly string[] OfSignature = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-SignedHeaders", SignatureParameter];

        public bool AnyOf(string[] names) => names.Any(Has);

        public bool Has(string name) => query.Any(p => Is(p, name));

        public string Find(string name) => Encoding.UTF8.GetString(query.FirstOrDefault(p => Is(p, name)).Value.Span);

        private static bool Is(FormPair pair, string name) => Encoding.UTF8.GetString(pair.Name.Span) == name;
    }
}
