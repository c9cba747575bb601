using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Signet.Addresses;

/// <summary>
/// A DNS domain name in the one form the rest of the program compares: lower case, A-labels (RFC 5890), no final dot.
/// One label is enough (<c>localhost</c>); address literals such as <c>[192.0.2.1]</c> are not domain names.
/// </summary>
public sealed record DomainName
{
    private const int MaxLength = 253;
    private const int MaxLabelLength = 63;

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = false };

    private DomainName(string value) => Value = value;

    /// <summary>The name, for instance <c>mail.example.com</c>.</summary>
    public string Value { get; }

    /// <summary>Accepts what a DNS name may hold (RFC 1035 §2.3.4 lengths; letters, digits, hyphen, underscore), Unicode included.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out DomainName? name)
    {
        name = null;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength * 4 || !TryToAscii(text, out var ascii))
        {
            return false;
        }

        if (ascii.Length > MaxLength || !ascii.Split('.').All(IsLabel))
        {
            return false;
        }

        name = new DomainName(ascii.ToLowerInvariant());
        return true;
    }

    /// <exception cref="FormatException"><paramref name="text"/> is not a domain name.</exception>
    public static DomainName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"`{text}` is not a domain name");

    /// <summary>True for the name itself and for every name below it, at any depth.</summary>
    public bool Covers(DomainName other) =>
        other.Value.EndsWith(Value, StringComparison.Ordinal)
        && (other.Value.Length == Value.Length || other.Value[^(Value.Length + 1)] == '.');

    /// <summary>The name, then its parents, nearest first: <c>a.b.test</c>, <c>b.test</c>, <c>test</c>.</summary>
    public IEnumerable<DomainName> SelfAndParents()
    {
        yield return this;
        for (var dot = Value.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = Value.IndexOf('.', dot + 1))
        {
            yield return new DomainName(Value[(dot + 1)..]);
        }
    }

    public override string ToString() => Value;

    private static bool TryToAscii(string text, out string ascii)
    {
        ascii = text;
        if (System.Text.Ascii.IsValid(text))
        {
            return true;
        }

        try
        {
            ascii = Idn.GetAscii(text);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabelLength
        && label[0] != '-' && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
