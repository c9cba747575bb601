using System.Diagnostics.CodeAnalysis;

namespace Signet.Addresses;

/// <summary>
/// A bare mailbox address, <c>local@domain</c> (RFC 5321 §4.1.2). Two are equal when they name one mailbox: the local parts are the same
/// to the letter, however they are quoted, and the domains are the same without case.
/// </summary>
/// <param name="LocalPart">7-bit ASCII, no control characters; with quotes where it was quoted.</param>
/// <param name="Domain">The part after the last <c>@</c>.</param>
public sealed record EmailAddress(string LocalPart, DomainName Domain)
{
    /// <summary>The most characters that an address may have (SES).</summary>
    public const int MaxLength = 320;

    // INVARIANT: every address is in the one spelling of its mailbox, wherever it comes from. Whoever compares texts of addresses, as
    // policies, keys of the store and filters do, relies on it.

    /// <summary>In its one spelling: <c>"boss"</c> and <c>"b\oss"</c> are <c>boss</c>. Quotes stay where they are needed.</summary>
    public string LocalPart { get; init => field = LocalParts.Normalise(value); } = LocalParts.Normalise(LocalPart);

    /// <summary>
    /// The address without its label: <c>sender+any@d.test</c> becomes <c>sender@d.test</c>. An address without a label is
    /// returned as it is, and so is one whose local part begins with the plus.
    /// </summary>
    public EmailAddress WithoutLabel()
    {
        var plus = LocalPart.IndexOf('+', StringComparison.Ordinal);
        return plus <= 0 || LocalPart[0] == '"' ? this : this with { LocalPart = LocalPart[..plus] };
    }

    /// <summary>Parses a bare address of at most <see cref="MaxLength"/> characters, without blanks or comments around it; <c>Name &lt;a@b&gt;</c> is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EmailAddress? address)
    {
        address = null;
        return text is { Length: <= MaxLength } && AddressSyntax.TryParse(text, out address, out _);
    }

    /// <exception cref="FormatException"><paramref name="text"/> is not a bare address.</exception>
    public static EmailAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"`{text}` is not an email address");

    public override string ToString() => $"{LocalPart}@{Domain.Value}";
}
