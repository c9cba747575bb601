using Signet.Addresses;
using Signet.Dns;
using Signet.Messages;

namespace Signet.Preflight;

/// <summary>
/// Whether receivers can know that the owner of From's domain sent it: by SPF, which speaks for the return path, or DKIM, which speaks
/// for the signer, if either goes with From (RFC 9989).
/// </summary>
internal static class SenderAuthentication
{
    private const string Spf = "https://www.rfc-editor.org/rfc/rfc7208";
    private const string Dmarc = "https://www.rfc-editor.org/rfc/rfc9989";

    /// <summary>SPF, DKIM, DMARC, and whether they go together.</summary>
    public static async Task<IReadOnlyList<Finding>> OfAsync(
        SenderFacts facts, RawMessage message, Mailbox author, IDnsLookup dns, CancellationToken cancel)
    {
        var from = author.Address.Domain;
        var walk = await DmarcWalk.AtAsync(from, dns, cancel);
        List<Finding> findings = [];
        var spf = await SpfAsync(facts.EnvelopeDomain, walk, findings, dns, cancel);
        DomainName[] signers = [.. SignedDomains(message).Append(facts.DkimDomain).OfType<DomainName>().Distinct()];
        var dkim = await DkimAsync(signers, walk, findings, dns, cancel);
        findings.AddRange(OfDmarc(walk));
        findings.Add(OfAlignment(spf, dkim, from));
        return findings;
    }

    /// <summary>Whether SPF can pass for the domain of From; null if that is not known.</summary>
    private static async Task<bool?> SpfAsync(
        DomainName? domain, DmarcWalk from, List<Finding> findings, IDnsLookup dns, CancellationToken cancel)
    {
        if (domain is null)
        {
            findings.Add(new Finding(
                Severity.Hint,
                "SPF: no return path",
                "The return path is empty, as of bounces; SPF then looks at the host name of the server."));
            return false;
        }

        var answer = await dns.FindTxtAsync(domain, cancel);
        if (answer is DnsAnswer<string>.Failed failed)
        {
            findings.Add(SenderRequirements.Unknown("SPF", failed.Reason));
            return null;
        }

        SpfRecord[] records = answer is DnsAnswer<string>.Found found ? [.. found.Values.Select(SpfRecord.Parse).OfType<SpfRecord>()] : [];
        findings.Add(Judge(domain, records));
        if (records is not [var record] || record.Lookups > SpfRecord.MaxLookups)
        {
            return false;
        }

        var aligned = await IsAlignedAsync(domain, from, r => r.IsStrictForSpf, dns, cancel);
        findings.Add(aligned switch
        {
            true => new Finding(
                Severity.Good,
                "SPF: aligned",
                $"The return path's domain `{domain}` goes with `{from.Start}` of From.",
                Dmarc),
            false => new Finding(
                Severity.Hint,
                "SPF: not aligned",
                $"The return path's domain `{domain}` does not go with `{from.Start}` of From, so only DKIM can make DMARC pass.",
                Dmarc),
            null => SenderRequirements.Unknown("SPF alignment", $"the DMARC records of `{domain}` and `{from.Start}` are not known"),
        });
        return aligned;
    }

    private static Finding Judge(DomainName domain, SpfRecord[] records) => records switch
    {
        [] => new Finding(
            Severity.Problem,
            "SPF: no record",
            $"`{domain}` of the return path has no TXT record that begins with `v=spf1`.",
            SenderRequirements.Gmail),
        [_, _, ..] => new Finding(
            Severity.Problem,
            "SPF: several records",
            $"`{domain}` has {records.Length} records; with more than one, all fail.",
            Spf),
        [{ All: '+' }] => new Finding(
            Severity.Problem,
            "SPF: everybody may send",
            $"The record of `{domain}` ends with `+all`, which lets the whole world send in its name.",
            Spf),
        [{ Lookups: > SpfRecord.MaxLookups } record] => new Finding(
            Severity.Problem,
            "SPF: too many look-ups",
            $"The record of `{domain}` has {record.Lookups} terms that ask the DNS; more than {SpfRecord.MaxLookups} fail.",
            Spf),
        [{ All: null, HasRedirect: false } or { All: '?' }] => new Finding(
            Severity.Warning,
            "SPF: says nothing of others",
            $"The record of `{domain}` ends without `-all` or `~all`, so others are not refused.",
            Spf),
        _ => new Finding(
            Severity.Good,
            "SPF: record published",
            $"`{domain}` says who may send. Whether this server is among them is seen by the receiver only.",
            SenderRequirements.Gmail),
    };

    private static async Task<bool?> DkimAsync(
        DomainName[] domains, DmarcWalk from, List<Finding> findings, IDnsLookup dns, CancellationToken cancel)
    {
        if (domains.Length == 0)
        {
            findings.Add(new Finding(
                Severity.Problem,
                "DKIM: not signed",
                "The message has no signature and gets none when it leaves. Set up Easy DKIM for the domain of From.",
                SenderRequirements.Gmail));
            return false;
        }

        var each = await Task.WhenAll(domains.Select(d => IsAlignedAsync(d, from, r => r.IsStrictForDkim, dns, cancel)));
        bool? aligned = each.Contains(true) ? true : each.Contains(null) ? null : false;
        var names = string.Join(", ", domains.Select(d => $"`{d}`"));
        findings.Add(aligned switch
        {
            true => new Finding(
                Severity.Good,
                "DKIM: signed and aligned",
                $"The signature is of {names}, which goes with `{from.Start}` of From.",
                SenderRequirements.Gmail),
            false => new Finding(
                Severity.Warning,
                "DKIM: not aligned",
                $"The signature is of {names}, which does not go with `{from.Start}` of From.",
                Dmarc),
            null => SenderRequirements.Unknown("DKIM alignment", $"the DMARC records of {names} and `{from.Start}` are not known"),
        });
        return aligned;
    }

    private static IEnumerable<Finding> OfDmarc(DmarcWalk walk)
    {
        if (walk.HasSeveral)
        {
            yield return new Finding(
                Severity.Problem,
                "DMARC: several records",
                $"At `{walk.Start}` or above it is more than one record; they count as none.",
                Dmarc);
        }

        if (walk.Failure is { } failure)
        {
            yield return SenderRequirements.Unknown("DMARC", failure);
        }
        else if (walk.Record is not { } record)
        {
            yield return new Finding(
                Severity.Problem,
                "DMARC: no record",
                $"Neither `_dmarc.{walk.Start}` nor a domain above has one. Begin with `v=DMARC1; p=none; rua=mailto:…`.",
                SenderRequirements.Gmail);
        }
        else
        {
            var policy = record.PolicyFor(walk.Start);
            yield return new Finding(
                policy == "none" ? Severity.Hint : Severity.Good,
                $"DMARC: policy {policy}",
                policy == "none"
                    ? $"The record of `{record.Domain}` is enough for mailbox providers, but protects nobody: `quarantine` or `reject` do."
                    : $"The record of `{record.Domain}` asks receivers to {policy} what fails.",
                Dmarc);
            if (!record.HasReports)
            {
                yield return new Finding(
                    Severity.Hint,
                    "DMARC: no reports",
                    $"The record of `{record.Domain}` has no `rua`, so nobody learns of what fails.",
                    Dmarc);
            }
        }
    }

    private static Finding OfAlignment(bool? spf, bool? dkim, DomainName from) =>
        spf == true || dkim == true ? new Finding(
            Severity.Good,
            "DMARC: can pass",
            $"{(dkim == true ? "DKIM" : "SPF")} speaks for `{from}`.",
            SenderRequirements.Yahoo)
            : spf is null || dkim is null ? new Finding(
                Severity.Hint,
                "DMARC: not known whether it can pass",
                "The DNS did not answer; ask again later.",
                Dmarc)
            : new Finding(
                Severity.Problem,
                "DMARC: cannot pass",
                $"Neither SPF nor DKIM speaks for `{from}`. Gmail, Yahoo and Outlook.com refuse bulk mail like this.",
                SenderRequirements.Gmail);

    /// <summary>RFC 9989 §4.4: the very domain, or in relaxed mode one of the same organization. Null if that is not known.</summary>
    private static async Task<bool?> IsAlignedAsync(
        DomainName domain, DmarcWalk from, Func<DmarcRecord, bool> isStrict, IDnsLookup dns, CancellationToken cancel)
    {
        if (domain == from.Start)
        {
            return true;
        }

        if (from.Failure is not null)
        {
            return null;
        }

        if (from.Record is not { } record)
        {
            // Without any record there is no organization to go by; what holds the other is its best guess.
            return domain.Covers(from.Start) || from.Start.Covers(domain);
        }

        if (isStrict(record))
        {
            return false;
        }

        var walk = await DmarcWalk.AtAsync(domain, dns, cancel);
        return walk.Failure is null ? walk.Organization == from.Organization : null;
    }

    private static IEnumerable<DomainName?> SignedDomains(RawMessage message)
    {
        foreach (var signature in message.Fields.Where(f => f.Is("DKIM-Signature")))
        {
            var tags = signature.Value.Split(';', StringSplitOptions.TrimEntries);
            var tag = Array.Find(tags, t => t.StartsWith("d=", StringComparison.Ordinal));
            if (DomainName.TryParse(tag?[2..].Trim(), out var domain))
            {
                yield return domain;
            }
        }
    }
}
