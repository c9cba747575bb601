namespace Signet.Preflight;

/// <summary>What can be said of an SPF record without an address to judge (RFC 7208).</summary>
/// <param name="All">The qualifier of <c>all</c>: <c>+</c>, <c>-</c>, <c>~</c> or <c>?</c>; null if there is none.</param>
/// <param name="HasRedirect">Whether another domain's record decides.</param>
/// <param name="Lookups">How many of its own terms ask the DNS.</param>
internal sealed record SpfRecord(char? All, bool HasRedirect, int Lookups)
{
    /// <summary>More, those of included records counted, is an error (RFC 7208 §4.6.4).</summary>
    public const int MaxLookups = 10;

    /// <summary>Null for text that is no SPF record.</summary>
    public static SpfRecord? Parse(string text)
    {
        var terms = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (terms.Length == 0 || !terms[0].Equals("v=spf1", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        char? all = null;
        var (redirects, lookups) = (false, 0);
        foreach (var term in terms.Skip(1))
        {
            var qualifier = term[0] is '+' or '-' or '~' or '?' ? term[0] : '+';
            var name = term.TrimStart('+', '-', '~', '?').Split(':', '/', '=')[0].ToLowerInvariant();
            all ??= name == "all" ? qualifier : null;
            redirects |= name == "redirect";
            lookups += name is "include" or "a" or "mx" or "ptr" or "exists" or "redirect" ? 1 : 0;
        }

        return new SpfRecord(all, redirects && all is null, lookups);
    }
}
