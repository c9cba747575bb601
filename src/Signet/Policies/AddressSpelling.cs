using Signet.Addresses;

namespace Signet.Policies;

/// <summary>
/// Addresses that a policy names, in the spelling that requests have (<see cref="EmailAddress.LocalPart"/>): a statement about
/// <c>"boss"@shop.test</c> is one about <c>boss@shop.test</c>. A local part with wildcards stays as written: <c>"*"@shop.test</c> is not
/// <c>*@shop.test</c>.
/// </summary>
internal static class AddressSpelling
{
    private const string Identity = ":identity/";

    /// <summary>A value of a condition on an address.</summary>
    public static string Of(string value, bool hasWildcards)
    {
        var local = value[..Math.Max(0, value.LastIndexOf('@'))];
        return local.StartsWith('"') && !(hasWildcards && local.AsSpan().ContainsAny('*', '?'))
            && EmailAddress.TryParse($"{local}@a", out var spelled)
            ? $"{spelled.LocalPart}{value[local.Length..]}"
            : value;
    }

    /// <summary>The ARN of an identity, perhaps with wildcards; any other is given back as it is.</summary>
    public static string OfResource(string arn) =>
        arn.IndexOf(Identity, StringComparison.Ordinal) is >= 0 and var at
            ? $"{arn[..(at + Identity.Length)]}{Of(arn[(at + Identity.Length)..], hasWildcards: true)}"
            : arn;
}
