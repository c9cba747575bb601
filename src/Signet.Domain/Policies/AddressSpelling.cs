using Signet.Addresses;

namespace Signet.Policies;

/// <summary>
/// Addresses that a policy names, in the spelling that requests have (<see cref="EmailAddress.LocalPart"/>, <see cref="DomainName"/>): a
/// statement about <c>"boss"@bücher.test.</c> is one about <c>boss@xn--bcher-kva.test</c>. Wildcards stay, and so does a part of the name
/// that holds one: <c>"*"@shop.test</c> is not <c>*@shop.test</c>. Whatever a pattern matches here is the mailbox that it names.
/// </summary>
internal static class AddressSpelling
{
    private const string Identity = ":identity/";

    /// <summary>A value of a condition on an address. Where <paramref name="hasWildcards"/> is false, <c>*</c> and <c>?</c> stand for themselves.</summary>
    public static string Of(string value, bool hasWildcards)
    {
        var text = HasWildcards(value, hasWildcards) ? value : Bare(value);
        var at = text.LastIndexOf('@');
        return at < 0 ? DomainOf(text, hasWildcards, isWhole: false)
            : $"{LocalPartOf(text[..at], hasWildcards)}@{DomainOf(text[(at + 1)..], hasWildcards, isWhole: true)}";
    }

    /// <summary>The ARN of an identity, perhaps with wildcards; any other is given back as it is.</summary>
    public static string OfResource(string arn) =>
        arn.IndexOf(Identity, StringComparison.Ordinal) is >= 0 and var at
            ? $"{arn[..(at + Identity.Length)]}{Of(arn[(at + Identity.Length)..], hasWildcards: true)}"
            : arn;

    // Only where one mailbox is named: `<*@*>` matches nobody, and `*@*` everybody.
    private static string Bare(string value)
    {
        var text = value.Trim();
        var inner = text is ['<', .., '>'] ? text[1..^1].Trim() : text;
        return inner.Contains('@', StringComparison.Ordinal) ? inner : value;
    }

    private static string LocalPartOf(string local, bool hasWildcards) =>
        local.StartsWith('"') && !(hasWildcards && local.AsSpan().ContainsAny('*', '?')) && EmailAddress.TryParse($"{local}@a", out var spelled)
            ? spelled.LocalPart
            : local;

    /// <param name="text">What follows the last <c>@</c>; the whole pattern where there is none.</param>
    /// <param name="hasWildcards">Whether it may hold wildcards.</param>
    /// <param name="isWhole">
    /// False when a wildcard may stand for the <c>@</c>: then the labels after the last wildcard alone are sure to belong to the domain.
    /// </param>
    private static string DomainOf(string text, bool hasWildcards, bool isWhole)
    {
        var labels = WithoutFinalDot(text).Split('.');
        var first = isWhole ? 0 : Array.FindLastIndex(labels, label => HasWildcards(label, hasWildcards)) + 1;
        for (var i = first; i < labels.Length; i++)
        {
            // ASCII stays as written: it compares without case.
            if (!HasWildcards(labels[i], hasWildcards) && !System.Text.Ascii.IsValid(labels[i]) && DomainName.TryParse(labels[i], out var label))
            {
                labels[i] = label.Value;
            }
        }

        return string.Join('.', labels);
    }

    // After a wildcard it stays: `*@*.` matches nobody.
    private static string WithoutFinalDot(string domain) =>
        domain is [.., not ('*' or '?' or '}' or '.' or '@'), '.' or '\u3002' or '\uFF0E' or '\uFF61'] ? domain[..^1] : domain;

    private static bool HasWildcards(string text, bool hasWildcards) =>
        (hasWildcards && text.AsSpan().ContainsAny('*', '?')) || text.Contains("${", StringComparison.Ordinal);
}
