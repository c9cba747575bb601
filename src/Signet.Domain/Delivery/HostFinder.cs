using System.Net;
using System.Net.Sockets;
using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>One address to try.</summary>
internal sealed record HostAddress(string Host, IPEndPoint EndPoint);

/// <summary>Addresses of next hops.</summary>
/// <param name="exchangers">For domains.</param>
/// <param name="mxPort">25 outside tests.</param>
/// <param name="resolve">For smarthosts, which the operator names: the system's hosts file and search list apply.</param>
public sealed class HostFinder(MxResolver exchangers, int mxPort, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>Attempts, some minutes apart, after which a missing domain or address is believed.</summary>
    private const int BelievedAfter = 2;

    /// <summary>The hosts of a domain.</summary>
    internal Task<MailHosts> FindAsync(Addresses.DomainName domain, CancellationToken cancel) => exchangers.FindAsync(domain, cancel);

    /// <summary>Their addresses in the order to try them.</summary>
    internal IReadOnlyList<HostAddress> AddressesOf(MailHosts.Found found) =>
        [.. found.Hosts.SelectMany(h => h.Addresses.Select(a => new HostAddress(h.Name, new IPEndPoint(a, mxPort))))];

    /// <summary>What it means for a delivery that a domain has no hosts.</summary>
    /// <param name="none">Why.</param>
    /// <param name="attempts">How many attempts of the delivery have ended: a domain is not given up by the first.</param>
    internal static Verdict Nowhere(MailHosts.None none, int attempts)
    {
        var given = none is { ForSure: false, Reply.Code: >= 500 } && attempts < BelievedAfter;
        var said = Verdict.Of(SmtpStage.Connect, none.Reply);
        return given ? said with { Outcome = new Outcome.Deferred(), Reply = SmtpReply.Of(450, none.Reply.Lines[0].Replace("5.4.4", "4.4.4", StringComparison.Ordinal)) } : said;
    }

    /// <summary>The addresses of a smarthost, or why there are none.</summary>
    internal async Task<(IReadOnlyList<HostAddress> Addresses, Verdict? Nowhere)> OfSmarthostAsync(
        RouteTarget.Smarthost target, CancellationToken cancel)
    {
        try
        {
            var addresses = IPAddress.TryParse(target.Host, out var literal) ? [literal] : await resolve(target.Host, cancel);
            return ([.. addresses.Select(a => new HostAddress(target.Host, new IPEndPoint(a, target.Port)))], null);
        }
        catch (SocketException e)
        {
            return ([], Verdict.Of(SmtpStage.Connect, SmtpFailure.Unreachable, $"the address of {target.Host} cannot be found: {e.Message}"));
        }
    }
}
