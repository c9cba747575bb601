using System.Diagnostics.CodeAnalysis;

namespace Signet.Names;

/// <summary>
/// The region of the credential scope, such as <c>us-east-1</c>: a name space for identities, policies, quotas and statistics.
/// Any name of lower-case letters, digits and hyphens is well-formed; <see cref="RegionSet"/> says which regions exist.
/// </summary>
public readonly record struct Region
{
    public const int MaxLength = 32;

    private Region(string value) => Value = value;

    /// <summary>AWS's first region. A way in that is given no region takes <see cref="RegionSet.Default"/>.</summary>
    public static Region Default { get; } = new("us-east-1");

    public string Value { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, out Region region)
    {
        region = default;
        if (text is not { Length: > 0 and <= MaxLength } || !text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            return false;
        }

        region = new Region(text);
        return true;
    }

    /// <exception cref="FormatException"><paramref name="text"/> is not a region's name.</exception>
    public static Region Parse(string text) =>
        TryParse(text, out var region) ? region : throw new FormatException($"`{text}` is not a region");

    public override string ToString() => Value;
}
