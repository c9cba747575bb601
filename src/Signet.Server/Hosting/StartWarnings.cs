using System.Diagnostics;
using Signet.Accounts;
using Signet.Delivery;

namespace Signet.Server.Hosting;

/// <summary>What the log warns of at a start: settings that are allowed, and rarely meant.</summary>
internal sealed class StartWarnings(Settings settings, ILogger logger)
{
    // Of a store that took any name as a region there may be thousands.
    private const int MostRegionsNamed = 10;

    /// <summary>Before anything is served: of regions in the store that this server does not list.</summary>
    public async Task OfRegionsAsync(MailSystem system, CancellationToken cancel)
    {
        var used = await system.AccountStore.ListRegionsInUseAsync(cancel);
        RegionUse[] unserved = [.. used.Where(u => !system.Regions.Contains(u.Region))];
        if (unserved.Length > 0)
        {
            var names = string.Join(", ", unserved.Take(MostRegionsNamed).Select(u => u.Region));
            Log.UnservedRegions(
                logger,
                unserved.Length > MostRegionsNamed ? $"{names} and {unserved.Length - MostRegionsNamed} more" : names,
                unserved.Sum(u => u.Identities),
                unserved.Sum(u => u.Settings));
        }
    }

    /// <summary>Once the listeners answer: of what the settings open to others, or what they make of the mail.</summary>
    /// <param name="reachable">The listeners that other machines may reach.</param>
    public void OfSettings(IEnumerable<(ListenerRole Role, Uri Url)> reachable)
    {
        foreach (var variable in settings.PassedOver)
        {
            Log.VariablePassedOver(logger, variable);
        }

        if (!settings.AllowedHosts.IsEmpty)
        {
            Log.HostsAllowed(logger, settings.AllowedHosts.ToString());
        }

        if (!settings.HasFullHostname && settings.Routes.Any(r => r.Target is not RouteTarget.Capture))
        {
            Log.ShortHostname(logger, settings.Hostname.Value);
        }

        foreach (var (role, url) in reachable)
        {
            switch (role)
            {
                case ListenerRole.Main when settings.IsDev:
                    Log.OpenDev(logger, url.Authority);
                    break;
                case ListenerRole.Main when url.Scheme == Uri.UriSchemeHttp:
                    Log.NoTls(logger, url.Authority);
                    break;
                case ListenerRole.Main:
                    break;
                case ListenerRole.Inspection:
                    Log.OpenInspection(logger, url.Authority);
                    break;
                default:
                    throw new UnreachableException($"{role}");
            }
        }
    }
}
