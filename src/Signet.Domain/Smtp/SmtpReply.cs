using System.Globalization;

namespace Signet.Smtp;

/// <summary>A reply of an SMTP server (RFC 5321 §4.2).</summary>
/// <param name="Code">Three digits, 200 to 599.</param>
/// <param name="Lines">The text of each line, without the code; at least one. Printable ASCII: anything else became <c>?</c>.</param>
public sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    /// <summary>The code that refines <see cref="Code"/>, from the first line; null when the server gives none or one of another class.</summary>
    public EnhancedCode? Enhanced =>
        EnhancedCode.TryParse(Lines[0], out var code) && code.Class == Code / 100 ? code : null;

    /// <summary>2yz: done.</summary>
    public bool IsPositive => Code is >= 200 and < 300;

    /// <summary>3yz: the server waits for more. The first digit decides about codes that nobody knows (RFC 5321 §4.2.1).</summary>
    public bool IsIntermediate => Code is >= 300 and < 400;

    /// <summary>A reply in one line, in which a failure without a reply is reported.</summary>
    public static SmtpReply Of(int code, string text) => new(code, [text]);

    /// <summary>The whole reply as one line: the code, then the texts, the enhanced code of lines after the first left out.</summary>
    public override string ToString()
    {
        if (Lines.Count == 1)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Code} {Lines[0]}").TrimEnd();
        }

        var enhanced = Enhanced is { } code ? $"{code} " : null;
        var rest = Lines.Skip(1).Select(l => enhanced is not null && l.StartsWith(enhanced, StringComparison.Ordinal) ? l[enhanced.Length..] : l);
        return string.Create(CultureInfo.InvariantCulture, $"{Code} {string.Join(' ', rest.Prepend(Lines[0]))}").TrimEnd();
    }
}
