using Signet.Addresses;
using Signet.Dkim;
using Signet.Dns;
using Signet.Names;

namespace Signet.Identities;

/// <summary>
/// The DNS records of a domain identity, both ways: what its owner is to publish, and what a look at the DNS finds of it
/// (SES Developer Guide, "Creating a domain identity").
/// </summary>
internal static class PublishedRecords
{
    private const string TokenLabel = "_amazonses";
    private const string TokenPrefix = "amazonses:";

    /// <summary>What to publish, in the order to show it; nothing for an address.</summary>
    public static IReadOnlyList<ExpectedRecord> Of(Identity identity, IReadOnlyList<DkimKey> keys, DomainName dkimZone)
    {
        if (identity.Arn.Name is not IdentityName.OfDomain { Name: var domain })
        {
            return [];
        }

        List<ExpectedRecord> records = [];
        if (identity.VerificationToken is { } token)
        {
            records.Add(OfToken(domain, token));
        }

        records.AddRange(identity.Dkim.Tokens.Select(t => OfDkim(domain, t, keys.FirstOrDefault(key => key.Selector == t), dkimZone)));
        records.AddRange(keys.Select(key => OfKey(key, dkimZone)));
        return records;
    }

    /// <summary>Those that the identity's status is waiting for or rests on.</summary>
    public static bool Matters(ExpectedRecord record, Identity identity) => record.Proves switch
    {
        Proof.Domain => IsOpen(identity.Status),
        Proof.Dkim => IsOpen(identity.Dkim.Status),
        _ => false,
    };

    /// <summary>Looks all of them up at once; the answers are in their order.</summary>
    public static async Task<IReadOnlyList<RecordCheck>> CheckAsync(
        IEnumerable<ExpectedRecord> records, IDnsLookup dns, CancellationToken cancel) =>
        await Task.WhenAll(records.Select(record => record.CheckAsync(dns, cancel)));

    /// <summary>What the checks of the records that matter say together; checks of others do not count.</summary>
    public static DnsFindings Findings(Identity identity, IEnumerable<(ExpectedRecord Expected, RecordCheck Check)> checks)
    {
        var byProof = checks.Where(c => Matters(c.Expected, identity)).ToLookup(c => c.Expected.Proves, c => c.Check.Finding);
        return new DnsFindings(
            byProof[Proof.Domain].DefaultIfEmpty(Finding.NotAsked).First(),
            IsOpen(identity.Dkim.Status) && identity.Arn.Name is IdentityName.OfDomain ? All([.. byProof[Proof.Dkim]]) : Finding.NotAsked);
    }

    private static bool IsOpen(VerificationStatus status) =>
        status is VerificationStatus.Pending or VerificationStatus.Success or VerificationStatus.TemporaryFailure;

    private static ExpectedRecord OfToken(DomainName domain, string token)
    {
        var name = $"{TokenLabel}.{domain}";
        return new ExpectedRecord(
            new DnsRecord("domain verification", name, "TXT", token),
            Proof.Domain,
            [
                new RecordPlace(name, "TXT", value => value == token),
                new RecordPlace(domain.Value, "TXT", value => value == token || value == TokenPrefix + token),
            ]);
    }

    /// <summary>
    /// A CNAME into our zone, as at SES; or, for an owner who would rather not depend on a zone of ours, the key itself. What counts is the
    /// key, as a receiver finds it: at the name, aliases followed (RFC 6376 §3.6.2.2).
    /// </summary>
    private static ExpectedRecord OfDkim(DomainName domain, string token, DkimKey? key, DomainName dkimZone)
    {
        var name = $"{token}._domainkey.{domain}";
        var target = $"{token}.{dkimZone}";
        return new ExpectedRecord(
            new DnsRecord("Easy DKIM", name, "CNAME", target),
            Proof.Dkim,
            [new RecordPlace(name, "TXT", value => key is not null && EasyDkimKeys.Publishes(value, key)) { IsAlone = true }])
        {
            Alias = new RecordPlace(name, "CNAME", value => value == target),
        };
    }

    private static ExpectedRecord OfKey(DkimKey key, DomainName dkimZone)
    {
        var name = $"{key.Selector}.{dkimZone}";
        return new ExpectedRecord(
            new DnsRecord("Easy DKIM public key", name, "TXT", key.RecordText) { IsOperators = true },
            Proof.Nothing,
            [new RecordPlace(name, "TXT", value => EasyDkimKeys.Publishes(value, key))]);
    }

    /// <summary>Of records that must all be there; one that is certainly missing decides.</summary>
    private static Finding All(Finding[] findings) =>
        findings.Length == 0 || findings.Contains(Finding.Absent) ? Finding.Absent
            : findings.Contains(Finding.Unknown) ? Finding.Unknown
            : Finding.Present;
}
