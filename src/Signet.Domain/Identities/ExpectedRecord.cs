using Signet.Addresses;
using Signet.Dns;

namespace Signet.Identities;

/// <summary>A record that ought to be published, with all that counts as it.</summary>
/// <param name="Record">As it is shown to the owner.</param>
/// <param name="Proves">What it proves when it is there.</param>
/// <param name="Places">Where to look, in this order, until one has it.</param>
internal sealed record ExpectedRecord(DnsRecord Record, Proof Proves, IReadOnlyList<RecordPlace> Places)
{
    /// <summary>
    /// An alias that proves nothing alone: the places are looked up through it, and it explains why they lack the record.
    /// </summary>
    public RecordPlace? Alias { get; init; }

    /// <summary>Of places of which one is enough, one that could not be looked at leaves it open.</summary>
    public async Task<RecordCheck> CheckAsync(IDnsLookup dns, CancellationToken cancel)
    {
        List<string> found = [];
        string? problem = null;
        foreach (var place in Places)
        {
            var (values, failure) = await place.LookAsync(dns, cancel);
            if (values.Any(v => place.IsOurs(v)) && (values.Count == 1 || !place.IsAlone))
            {
                return new RecordCheck(Record, RecordState.Present, [], null);
            }

            problem ??= failure;
            if (place.Name == Record.Name)
            {
                found.AddRange(values);
            }
        }

        var isAlias = false;
        if (Alias is not null)
        {
            var (targets, failure) = await Alias.LookAsync(dns, cancel);
            isAlias = targets.Any(t => Alias.IsOurs(t));
            problem ??= failure;
            found.InsertRange(0, targets.Where(t => !Alias.IsOurs(t)));
        }

        return new RecordCheck(
            Record,
            problem is not null ? RecordState.Unknown
                : isAlias ? RecordState.KeyMissing
                : found.Count > 0 ? RecordState.Different
                : RecordState.Missing,
            found,
            problem);
    }
}

/// <summary>One place where a record, or what does its work, may stand.</summary>
/// <param name="Name">Owner name; one that is too long for the DNS has nothing.</param>
/// <param name="Type"><c>TXT</c> or <c>CNAME</c>.</param>
/// <param name="IsOurs">Whether a value there is the one that is waited for.</param>
internal sealed record RecordPlace(string Name, string Type, Predicate<string> IsOurs)
{
    /// <summary>
    /// Whether it must be the only value there. What a receiver does with two keys at one name is undefined (RFC 6376 §3.6.2.2).
    /// </summary>
    public bool IsAlone { get; init; }

    /// <summary>The values there, or why they cannot be known.</summary>
    public async Task<(IReadOnlyList<string> Values, string? Problem)> LookAsync(IDnsLookup dns, CancellationToken cancel) =>
        !DomainName.TryParse(Name, out var owner) ? ([], null)
            : Type == "CNAME" ? Read(await dns.FindCnameAsync(owner, cancel), target => target.Value)
            : Read(await dns.FindTxtAsync(owner, cancel), text => text);

    private static (IReadOnlyList<string> Values, string? Problem) Read<T>(DnsAnswer<T> answer, Func<T, string> show) => answer switch
    {
        DnsAnswer<T>.Found found => ([.. found.Values.Select(show)], null),
        DnsAnswer<T>.Failed failed => ([], failed.Reason),
        _ => ([], null),
    };
}

/// <summary>What a published record proves.</summary>
internal enum Proof
{
    /// <summary>That the domain is its owner's.</summary>
    Domain,

    /// <summary>One of the three that make up DKIM, and the domain with it.</summary>
    Dkim,

    /// <summary>Nothing of the owner: the operator publishes it, so that the owner's aliases lead somewhere.</summary>
    Nothing,
}
