using Signet.Addresses;
using Signet.Dkim;
using Signet.Dns;
using Signet.Names;

namespace Signet.Identities;

/// <summary>
/// The DNS records of a domain identity, both ways: what its owner is to publish, and what a look at the DNS finds of it
/// (ses/identities.md §8).
/// </summary>
internal static class PublishedRecords
{
    private const string TokenLabel = "_amazonses";
    private const string TokenPrefix = "amazonses:";

    /// <summary>What to publish, in the order to show it.</summary>
    public static IReadOnlyList<DnsRecord> Of(Identity identity, IReadOnlyList<DkimKey> keys, DomainName dkimZone)
    {
        if (identity.Arn.Name is not IdentityName.OfDomain { Name: var domain })
        {
            return [];
        }

        List<DnsRecord> records = [];
        if (identity.VerificationToken is { } token)
        {
            records.Add(new DnsRecord("domain verification", $"{TokenLabel}.{domain}", "TXT", token));
        }

        records.AddRange(identity.Dkim.Tokens.Select(t => new DnsRecord("Easy DKIM", DkimName(t, domain), "CNAME", $"{t}.{dkimZone}")));
        records.AddRange(keys.Select(key => new DnsRecord("Easy DKIM public key", $"{key.Selector}.{dkimZone}", "TXT", key.RecordText)));
        return records;
    }

    /// <summary>Looks for what the identity's status is waiting for or rests on.</summary>
    public static async Task<DnsFindings> LookUpAsync(
        Identity identity, IReadOnlyList<DkimKey> keys, DomainName dkimZone, IDnsLookup dns, CancellationToken cancel)
    {
        if (identity.Arn.Name is not IdentityName.OfDomain { Name: var domain })
        {
            return DnsFindings.None;
        }

        var token = identity.VerificationToken is { } wanted && IsOpen(identity.Status)
            ? await FindTokenAsync(domain, wanted, dns, cancel)
            : Finding.NotAsked;
        var dkim = IsOpen(identity.Dkim.Status)
            ? All(await Task.WhenAll(keys.Select(key => FindKeyAsync(domain, key, dkimZone, dns, cancel))))
            : Finding.NotAsked;
        return new DnsFindings(token, dkim);
    }

    private static bool IsOpen(VerificationStatus status) =>
        status is VerificationStatus.Pending or VerificationStatus.Success or VerificationStatus.TemporaryFailure;

    private static async Task<Finding> FindTokenAsync(DomainName domain, string token, IDnsLookup dns, CancellationToken cancel)
    {
        var own = await TxtAsync($"{TokenLabel}.{domain}", value => value == token, dns, cancel);
        return own == Finding.Present
            ? own
            : Any(own, await TxtAsync(domain.Value, value => value == token || value == TokenPrefix + token, dns, cancel));
    }

    /// <summary>
    /// A CNAME into our zone, as at SES; or, for an owner who would rather not depend on a zone of ours, the key itself.
    /// </summary>
    private static async Task<Finding> FindKeyAsync(
        DomainName domain, DkimKey key, DomainName dkimZone, IDnsLookup dns, CancellationToken cancel)
    {
        var name = DkimName(key.Selector, domain);
        var alias = await AliasAsync(name, $"{key.Selector}.{dkimZone}", dns, cancel);
        return alias == Finding.Present
            ? alias
            : Any(alias, await TxtAsync(name, value => EasyDkimKeys.Publishes(value, key), dns, cancel));
    }

    private static async Task<Finding> TxtAsync(string name, Predicate<string> isOurs, IDnsLookup dns, CancellationToken cancel) =>
        !DomainName.TryParse(name, out var owner) ? Finding.Absent : await dns.FindTxtAsync(owner, cancel) switch
        {
            DnsAnswer<string>.Found found when found.Values.Any(value => isOurs(value)) => Finding.Present,
            DnsAnswer<string>.Failed => Finding.Unknown,
            _ => Finding.Absent,
        };

    private static async Task<Finding> AliasAsync(string name, string target, IDnsLookup dns, CancellationToken cancel) =>
        !DomainName.TryParse(name, out var owner) ? Finding.Absent : await dns.FindCnameAsync(owner, cancel) switch
        {
            DnsAnswer<DomainName>.Found found when found.Values.Any(value => value.Value == target) => Finding.Present,
            DnsAnswer<DomainName>.Failed => Finding.Unknown,
            _ => Finding.Absent,
        };

    private static string DkimName(string selector, DomainName domain) => $"{selector}._domainkey.{domain}";

    /// <summary>Of two places where one record may be.</summary>
    private static Finding Any(Finding a, Finding b) =>
        a == Finding.Present || b == Finding.Present ? Finding.Present
            : a == Finding.Unknown || b == Finding.Unknown ? Finding.Unknown
            : Finding.Absent;

    /// <summary>Of records that must all be there; one that is certainly missing decides.</summary>
    private static Finding All(Finding[] findings) =>
        findings.Length == 0 || findings.Contains(Finding.Absent) ? Finding.Absent
            : findings.Contains(Finding.Unknown) ? Finding.Unknown
            : Finding.Present;
}
