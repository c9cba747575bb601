using System.Diagnostics.CodeAnalysis;

namespace Signet.Names;

/// <summary>Twelve decimal digits, leading zeros included.</summary>
public readonly record struct AccountId
{
    private AccountId(string value) => Value = value;

    public string Value { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, out AccountId id)
    {
        id = default;
        if (text is not { Length: 12 } || !text.All(char.IsAsciiDigit))
        {
            return false;
        }

        id = new AccountId(text);
        return true;
    }

    /// <exception cref="FormatException"><paramref name="text"/> is not twelve digits.</exception>
    public static AccountId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"`{text}` is not an account: an account is twelve digits");

    public override string ToString() => Value;
}
