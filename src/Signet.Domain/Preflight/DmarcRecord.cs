using Signet.Addresses;
using Signet.Dns;

namespace Signet.Preflight;

/// <summary>A DMARC record (RFC 9989 §4.7).</summary>
/// <param name="Domain">Where it is published, without <c>_dmarc</c>.</param>
/// <param name="Policy"><c>none</c>, <c>quarantine</c> or <c>reject</c>.</param>
/// <param name="SubdomainPolicy">For names below the domain.</param>
/// <param name="IsStrictForSpf">Whether the envelope's domain must be the very one of From.</param>
/// <param name="IsStrictForDkim">Whether the signature's domain must be the very one of From.</param>
/// <param name="HasReports">Whether anybody gets reports about failures.</param>
/// <param name="PublicSuffix">The <c>psd</c> tag: <c>y</c>, <c>n</c> or <c>u</c>.</param>
internal sealed record DmarcRecord(
    DomainName Domain, string Policy, string SubdomainPolicy, bool IsStrictForSpf, bool IsStrictForDkim, bool HasReports, char PublicSuffix)
{
    /// <summary>Null for text that is no DMARC record.</summary>
    public static DmarcRecord? Parse(DomainName domain, string text)
    {
        var tags = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var parts = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var part in parts)
        {
            if (part.Split('=', 2, StringSplitOptions.TrimEntries) is [var name, var value])
            {
                tags.TryAdd(name, value);
            }
        }

        if (parts.Length == 0 || !parts[0].StartsWith('v') || tags.GetValueOrDefault("v") != "DMARC1")
        {
            return null;
        }

        // RFC 9989 §4.7: what cannot be read counts as none.
        var policy = PolicyOf(tags.GetValueOrDefault("p")) ?? "none";
        return new DmarcRecord(
            domain,
            policy,
            PolicyOf(tags.GetValueOrDefault("sp")) ?? policy,
            IsStrict(tags.GetValueOrDefault("aspf")),
            IsStrict(tags.GetValueOrDefault("adkim")),
            tags.GetValueOrDefault("rua") is { Length: > 0 },
            tags.GetValueOrDefault("psd")?.ToLowerInvariant() switch { "y" => 'y', "n" => 'n', _ => 'u' });
    }

    /// <summary>What it asks to do with mail from the domain that fails.</summary>
    public string PolicyFor(DomainName from) => from == Domain ? Policy : SubdomainPolicy;

    private static string? PolicyOf(string? value) =>
        value?.ToLowerInvariant() is var policy && policy is "none" or "quarantine" or "reject" ? policy : null;

    private static bool IsStrict(string? value) => string.Equals(value, "s", StringComparison.OrdinalIgnoreCase);
}

/// <summary>The DMARC records at a domain and above it, nearest first, as far as the tree walk goes (RFC 9989 §4.10).</summary>
/// <param name="Start">Where the walk began.</param>
/// <param name="Records">One for each name that has exactly one.</param>
/// <param name="HasSeveral">Whether a name had more than one, which count as none.</param>
/// <param name="Failure">Why it is not known; null if it is.</param>
internal sealed record DmarcWalk(DomainName Start, IReadOnlyList<DmarcRecord> Records, bool HasSeveral, string? Failure)
{
    // Longer names are asked for themselves and then from the seventh label on.
    private const int MaxQuestions = 8;

    public static async Task<DmarcWalk> AtAsync(DomainName domain, IDnsLookup dns, CancellationToken cancel)
    {
        List<DmarcRecord> records = [];
        var hasSeveral = false;
        List<DomainName> names = [.. domain.SelfAndParents()];
        foreach (var name in names.Count > MaxQuestions ? [names[0], .. names[^(MaxQuestions - 1)..]] : names)
        {
            if (!DomainName.TryParse($"_dmarc.{name}", out var owner))
            {
                continue;
            }

            var answer = await dns.FindTxtAsync(owner, cancel);
            if (answer is DnsAnswer<string>.Failed failed)
            {
                return new DmarcWalk(domain, records, hasSeveral, failed.Reason);
            }

            DmarcRecord[] here = answer is DnsAnswer<string>.Found found
                ? [.. found.Values.Select(v => DmarcRecord.Parse(name, v)).OfType<DmarcRecord>()]
                : [];
            hasSeveral |= here.Length > 1;
            if (here is [var only])
            {
                records.Add(only);
                if (only.PublicSuffix is 'y' or 'n')
                {
                    break;
                }
            }
        }

        return new DmarcWalk(domain, records, hasSeveral, null);
    }

    /// <summary>The domain whose owner this is (RFC 9989 §4.10.2); the name itself where no record says.</summary>
    public DomainName Organization
    {
        get
        {
            if (Records is not [.., var last])
            {
                return Start;
            }

            return last.PublicSuffix == 'y' && last.Domain != Start
                ? Start.SelfAndParents().First(n => n.Value.Length == last.Domain.Value.Length + 1 + LabelBelow(last.Domain))
                : last.Domain;
        }
    }

    /// <summary>The record that mail from the domain is judged by: its own, else its organization's, else its public suffix's.</summary>
    public DmarcRecord? Record =>
        Records.FirstOrDefault(r => r.Domain == Start)
            ?? Records.FirstOrDefault(r => r.Domain == Organization)
            ?? (Records is [.., var last] ? last : null);

    private int LabelBelow(DomainName suffix)
    {
        var rest = Start.Value[..^(suffix.Value.Length + 1)];
        return rest.Length - 1 - rest.LastIndexOf('.');
    }
}
