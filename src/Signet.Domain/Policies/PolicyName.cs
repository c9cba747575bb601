using System.Diagnostics.CodeAnalysis;

namespace Signet.Policies;

/// <summary>1 to 64 of <c>A-Za-z0-9_-</c> (SES PutIdentityPolicy). Case-sensitive.</summary>
public readonly record struct PolicyName
{
    public const int MaxLength = 64;

    private PolicyName(string value) => Value = value;

    public string Value { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, out PolicyName name)
    {
        name = default;
        if (text is not { Length: > 0 and <= MaxLength } || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            return false;
        }

        name = new PolicyName(text);
        return true;
    }

    /// <exception cref="FormatException"><paramref name="text"/> is not a policy's name.</exception>
    public static PolicyName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"`{text}` is not a policy name");

    public override string ToString() => Value;
}
