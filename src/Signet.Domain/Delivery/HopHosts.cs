using System.Net;
using System.Net.Sockets;
using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>One address to try.</summary>
internal sealed record HopAddress(string Host, IPEndPoint EndPoint)
{
    /// <summary>
    /// The addresses to try, in their order. Each host gets an equal share of <paramref name="max"/>, so that one with many dead
    /// addresses does not hide the hosts behind it.
    /// </summary>
    public static IEnumerable<HopAddress> Spread(IReadOnlyList<HopAddress> addresses, int max)
    {
        var hosts = addresses.GroupBy(a => a.Host).ToList();
        return hosts.SelectMany(h => h.Take(Math.Max(1, max / hosts.Count))).Take(max);
    }
}

/// <summary>Addresses of next hops.</summary>
/// <param name="exchangers">For domains.</param>
/// <param name="mxPort">25 outside tests.</param>
/// <param name="resolve">For smarthosts, which the operator names: the system's hosts file and search list apply.</param>
public sealed class HopHosts(MxResolver exchangers, int mxPort, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>Attempts, some minutes apart, after which a missing domain or address is believed.</summary>
    private const int BelievedAfter = 2;

    /// <summary>The addresses in the order to try them, or why there are none.</summary>
    /// <param name="hop">Whose.</param>
    /// <param name="attempts">How many attempts of the delivery have ended: a domain is not given up by the first.</param>
    /// <param name="cancel">Gives up.</param>
    internal async Task<(IReadOnlyList<HopAddress> Addresses, Verdict? Nowhere)> FindAsync(
        NextHop hop, int attempts, CancellationToken cancel) => hop switch
        {
            NextHop.Domain { Value: var domain } => await exchangers.FindAsync(domain, cancel) switch
            {
                MailHosts.Found { Hosts: var hosts } =>
                    ([.. hosts.SelectMany(h => h.Addresses.Select(a => new HopAddress(h.Name, new IPEndPoint(a, mxPort))))], null),
                MailHosts.None none => ([], Nowhere(none, attempts)),
                var other => throw new System.Diagnostics.UnreachableException($"{other}"),
            },
            NextHop.Relay { Target: var target } => await OfSmarthostAsync(target, cancel),
            _ => throw new System.Diagnostics.UnreachableException($"{hop}"),
        };

    private static Verdict Nowhere(MailHosts.None none, int attempts)
    {
        var given = none is { ForSure: false, Reply.Code: >= 500 } && attempts < BelievedAfter;
        var said = Verdict.Of(SmtpStage.Connect, none.Reply);
        return given ? said with { Outcome = new Outcome.Deferred(), Reply = SmtpReply.Of(450, none.Reply.Lines[0].Replace("5.4.4", "4.4.4", StringComparison.Ordinal)) } : said;
    }

    private async Task<(IReadOnlyList<HopAddress> Addresses, Verdict? Nowhere)> OfSmarthostAsync(
        RouteTarget.Smarthost target, CancellationToken cancel)
    {
        try
        {
            var addresses = IPAddress.TryParse(target.Host, out var literal) ? [literal] : await resolve(target.Host, cancel);
            return ([.. addresses.Select(a => new HopAddress(target.Host, new IPEndPoint(a, target.Port)))], null);
        }
        catch (SocketException e)
        {
            return ([], Verdict.Of(SmtpStage.Connect, SmtpFailure.Unreachable, $"the address of {target.Host} cannot be found: {e.Message}"));
        }
    }
}
