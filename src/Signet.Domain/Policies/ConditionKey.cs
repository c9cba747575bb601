using System.Globalization;

namespace Signet.Policies;

/// <summary>
/// A condition key that SES knows (SES Developer Guide, "Sending authorization policies": conditions). Names compare without case. Keys
/// that Signet could never have a value for (<c>aws:PrincipalOrgID</c>, <c>aws:MultiFactorAuthAge</c>, …) are unknown rather than always
/// missing: a negated operator would take a missing key for true.
/// </summary>
internal sealed class ConditionKey
{
    // As much as CloudTrail keeps of it, and more than any SDK writes. A caller says what it likes here, so nothing is safer for more.
    public const int MaxUserAgent = 1_024;

    private ConditionKey(int index, string name, ValueKinds kinds, Func<RequestContext, RequestText[]?> read, bool isMultiValued = false)
    {
        Index = index;
        Name = name;
        Kinds = kinds | ValueKinds.String | ValueKinds.Arn | ValueKinds.Binary | ValueKinds.Null;
        Read = read;
        IsMultiValued = isMultiValued;
    }

    public static ConditionKey[] All { get; } =
    [
        new(0, "aws:CurrentTime", ValueKinds.Date, c => One(c.Time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))),
        new(1, "aws:EpochTime", ValueKinds.Date | ValueKinds.Numeric,
            c => One(c.Time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture))),
        new(2, "aws:SecureTransport", ValueKinds.Bool,
            c => One(c.Request.SecureTransport switch { true => "true", false => "false", null => null })),
        new(3, "aws:SourceIp", ValueKinds.IpAddress, c => One(c.SourceIp?.ToString())),
        new(4, "aws:UserAgent", ValueKinds.None, c => One(Start(c.Request.UserAgent))),
        new(5, "ses:ApiVersion", ValueKinds.Numeric, c => One(c.Request.ApiVersion)),
        new(6, "ses:FromAddress", ValueKinds.None, c => c.Request.FromAddress is { } from ? [RequestText.Of(from)] : null),
        new(7, "ses:FromDisplayName", ValueKinds.None, c => One(c.Request.FromDisplayName)),
        new(8, "ses:FeedbackAddress", ValueKinds.None, c => c.Request.FeedbackAddress is { } feedback ? [RequestText.Of(feedback)] : null),
        new(9, "ses:Recipients", ValueKinds.None,
            c => c.Request.Recipients?.Select(RequestText.Of).ToArray(), isMultiValued: true),
    ];

    /// <summary>Its place in <see cref="All"/>.</summary>
    public int Index { get; }

    public string Name { get; }

    /// <summary>The kinds of operator it may stand with. Every key has a text, so those for text go with all.</summary>
    public ValueKinds Kinds { get; }

    public Func<RequestContext, RequestText[]?> Read { get; }

    public bool IsMultiValued { get; }

    /// <summary>Whether its values are addresses.</summary>
    public bool IsAddress => Name is "ses:FromAddress" or "ses:FeedbackAddress" or "ses:Recipients";

    /// <summary>Whether it may have another value for each address of a send that is asked about.</summary>
    public bool DependsOnAddress => Name is "ses:FromAddress" or "ses:FromDisplayName" or "ses:FeedbackAddress";

    /// <summary>The key of that name, or null.</summary>
    public static ConditionKey? Find(string name) =>
        Array.Find(All, k => string.Equals(k.Name, name, StringComparison.OrdinalIgnoreCase));

    private static string? Start(string? userAgent) => userAgent is { Length: > MaxUserAgent } ? userAgent[..MaxUserAgent] : userAgent;

    private static RequestText[]? One(string? text) => text is null ? null : [RequestText.Of(text)];
}

/// <summary>What an operator compares.</summary>
[Flags]
internal enum ValueKinds
{
    None = 0,
    String = 1,
    Numeric = 2,
    Date = 4,
    Bool = 8,
    Binary = 16,
    IpAddress = 32,
    Arn = 64,
    Null = 128,
}
