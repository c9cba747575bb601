using Signet.Addresses;

namespace Signet.Policies;

/// <summary>A value of a request as the text that patterns are held against.</summary>
/// <param name="Text">The value.</param>
/// <param name="LowerFrom">
/// From where on the case of a pattern does not count: the domain of an address or of an identity's ARN. INVARIANT: the text itself is
/// lower case from there on, so a pattern without upper case needs no folding.
/// </param>
internal readonly record struct RequestText(string Text, int LowerFrom)
{
    private const string IdentityResource = ":identity/";

    /// <summary>A text whose case counts throughout.</summary>
    public static RequestText Of(string text) => new(text, text.Length);

    public static RequestText Of(EmailAddress address) => new(address.ToString(), address.LocalPart.Length + 1);

    /// <summary>An ARN; when it is an identity's, the domain in it compares without case, a local part with case.</summary>
    public static RequestText OfResource(string arn)
    {
        var identity = arn.IndexOf(IdentityResource, StringComparison.Ordinal);
        if (identity < 0)
        {
            return Of(arn);
        }

        var domain = Math.Max(identity + IdentityResource.Length, arn.LastIndexOf('@') + 1);
        var tail = arn.AsSpan(domain);
        return tail.ContainsAnyInRange('A', 'Z')
            ? new RequestText(string.Concat(arn.AsSpan(0, domain), tail.ToString().ToLowerInvariant()), domain)
            : new RequestText(arn, domain);
    }
}
