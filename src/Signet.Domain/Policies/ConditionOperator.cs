namespace Signet.Policies;

/// <summary>
/// A condition operator without prefix and suffix (IAM User Guide, "IAM JSON policy elements: Condition operators"). The names are
/// case-sensitive, as element names are.
/// </summary>
/// <param name="Name">As policies write it.</param>
/// <param name="Kind">What it compares.</param>
/// <param name="IsNegated">True when it holds where no value of the policy matches.</param>
/// <param name="IgnoreCase">Whether case does not count.</param>
/// <param name="HasWildcards">Whether <c>*</c> and <c>?</c> in a value of the policy are wildcards.</param>
/// <param name="Accepts">For numbers and dates: whether a request value matches that compares so to the policy's (-1, 0, 1).</param>
internal sealed record ConditionOperator(
    string Name,
    ValueKinds Kind,
    bool IsNegated = false,
    bool IgnoreCase = false,
    bool HasWildcards = false,
    Func<int, bool>? Accepts = null)
{
    private static readonly Dictionary<string, ConditionOperator> ByName = All().ToDictionary(o => o.Name, StringComparer.Ordinal);

    /// <summary>The operator of exactly that name, or null.</summary>
    public static ConditionOperator? Find(string name) => ByName.GetValueOrDefault(name);

    private static IEnumerable<ConditionOperator> All() =>
    [
        new("StringEquals", ValueKinds.String),
        new("StringNotEquals", ValueKinds.String, IsNegated: true),
        new("StringEqualsIgnoreCase", ValueKinds.String, IgnoreCase: true),
        new("StringNotEqualsIgnoreCase", ValueKinds.String, IsNegated: true, IgnoreCase: true),
        new("StringLike", ValueKinds.String, HasWildcards: true),
        new("StringNotLike", ValueKinds.String, IsNegated: true, HasWildcards: true),
        .. Ordered("Numeric", ValueKinds.Numeric),
        .. Ordered("Date", ValueKinds.Date),
        new("Bool", ValueKinds.Bool),
        new("BinaryEquals", ValueKinds.Binary),
        new("IpAddress", ValueKinds.IpAddress),
        new("NotIpAddress", ValueKinds.IpAddress, IsNegated: true),
        new("ArnEquals", ValueKinds.Arn, HasWildcards: true),
        new("ArnLike", ValueKinds.Arn, HasWildcards: true),
        new("ArnNotEquals", ValueKinds.Arn, IsNegated: true, HasWildcards: true),
        new("ArnNotLike", ValueKinds.Arn, IsNegated: true, HasWildcards: true),
        new("Null", ValueKinds.Null),
    ];

    private static IEnumerable<ConditionOperator> Ordered(string prefix, ValueKinds kind) =>
    [
        new(prefix + "Equals", kind, Accepts: order => order == 0),
        new(prefix + "NotEquals", kind, IsNegated: true, Accepts: order => order == 0),
        new(prefix + "LessThan", kind, Accepts: order => order < 0),
        new(prefix + "LessThanEquals", kind, Accepts: order => order <= 0),
        new(prefix + "GreaterThan", kind, Accepts: order => order > 0),
        new(prefix + "GreaterThanEquals", kind, Accepts: order => order >= 0),
    ];
}
