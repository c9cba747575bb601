using System.Net;
using Signet.Addresses;
using Signet.Dns;
using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>One host to try.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Addresses">In the order to try them; at least one.</param>
public sealed record MailHost(string Name, IReadOnlyList<IPAddress> Addresses);

/// <summary>Where to deliver mail for a domain.</summary>
public abstract record MailHosts
{
    private MailHosts()
    {
    }

    /// <summary>The hosts in the order to try them; at least one.</summary>
    /// <param name="Hosts">Those with an address, so far as it is known.</param>
    /// <param name="Exchangers">The names of all hosts that the DNS names, also of those that are not tried.</param>
    public sealed record Found(IReadOnlyList<MailHost> Hosts, IReadOnlyList<string> Exchangers) : MailHosts;

    /// <summary>There is none, and no message is to blame.</summary>
    /// <param name="Reply">Why, in SMTP's terms: 4yz may change by itself soon.</param>
    /// <param name="ForSure">
    /// For 5yz: false when a mistake in the domain's DNS may be the reason, so that it is worth asking again some minutes later.
    /// </param>
    public sealed record None(SmtpReply Reply, bool ForSure) : MailHosts;
}

/// <summary>Finds the mail exchangers of a domain (RFC 5321 §5.1, RFC 7505).</summary>
/// <param name="dns">Whom to ask; keeps answers itself.</param>
/// <param name="own">Our name: in a list of exchangers it and all behind it are left out, for mail would come back to us.</param>
/// <param name="allows">
/// Which addresses may be connected to: <see cref="PublicAddresses.Contains"/> unless the operator says otherwise. It is asked of the very
/// addresses that are given back, and nobody asks for them again.
/// </param>
/// <param name="random">Chance, for the order of equals.</param>
public sealed class MxResolver(IDnsLookup dns, DomainName own, Func<IPAddress, bool> allows, Random random)
{
    /// <summary>More hosts than these do not make a domain more reachable, only an attempt longer.</summary>
    private const int MaxHosts = 10;

    /// <summary>The hosts to try for the domain.</summary>
    public async Task<MailHosts> FindAsync(DomainName domain, CancellationToken cancel)
    {
        switch (await dns.FindMxAsync(domain, cancel))
        {
            case DnsAnswer<MailExchanger>.Found { Values: [{ Host: null }] }:
                return new MailHosts.None(SmtpReply.Of(556, $"5.1.10 {domain} does not accept mail (null MX)"), ForSure: true);
            case DnsAnswer<MailExchanger>.Found { Values: var exchangers }:
                return await OfExchangersAsync(domain, exchangers, cancel);
            case DnsAnswer<MailExchanger>.NoData:
                return await OfHostsAsync(domain, [domain], cancel);
            case DnsAnswer<MailExchanger>.NoSuchName:
                return new MailHosts.None(SmtpReply.Of(550, "5.4.4 Invalid domain"), ForSure: false);
            default:
                return Unknown(domain);
        }
    }

    private async Task<MailHosts> OfExchangersAsync(DomainName domain, IReadOnlyList<MailExchanger> all, CancellationToken cancel)
    {
        var exchangers = all.Where(x => x.Host is not null).ToArray();
        random.Shuffle(exchangers);
        MailExchanger[] sorted = [.. exchangers.OrderBy(x => x.Preference)];
        var limit = sorted.Where(x => x.Host == own).Select(x => (int?)x.Preference).Min();
        DomainName[] hosts = [.. sorted.Where(x => limit is null || x.Preference < limit).Select(x => x.Host!).Distinct()];
        return hosts.Length > 0
            ? await OfHostsAsync(domain, hosts, cancel)
            : new MailHosts.None(SmtpReply.Of(554, $"5.4.6 mail for {domain} loops back to {own}"), ForSure: true);
    }

    private async Task<MailHosts> OfHostsAsync(DomainName domain, IReadOnlyList<DomainName> names, CancellationToken cancel)
    {
        List<MailHost> hosts = [];
        var (isUnknown, isPrivate) = (false, false);
        foreach (var name in names.Take(MaxHosts))
        {
            switch (await dns.FindAddressesAsync(name, cancel))
            {
                case DnsAnswer<IPAddress>.Found { Values: var all }:
                    IPAddress[] usable = [.. all.Where(allows)];
                    isPrivate |= usable.Length < all.Count;
                    if (usable.Length > 0)
                    {
                        hosts.Add(new MailHost(name.Value, usable));
                    }

                    break;
                case DnsAnswer<IPAddress>.Failed:
                    isUnknown = true;
                    break;
            }
        }

        return hosts.Count > 0 ? new MailHosts.Found(hosts, [.. names.Select(n => n.Value)])
            : isUnknown ? Unknown(domain)
            : isPrivate ? new MailHosts.None(SmtpReply.Of(550, $"5.4.4 the mail hosts of {domain} have no public address"), ForSure: true)
            : new MailHosts.None(SmtpReply.Of(550, $"5.4.4 no mail host of {domain} has an address"), ForSure: false);
    }

    private static MailHosts.None Unknown(DomainName domain) =>
        new(SmtpReply.Of(421, $"4.4.0 Unable to lookup DNS for {domain}"), ForSure: true);
}
