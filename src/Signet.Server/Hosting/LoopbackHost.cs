using System.Net;

namespace Signet.Server.Hosting;

/// <summary>
/// What a request must call this machine by where nobody logs in, so that no web page can reach what answers there by a name of its own
/// that it lets point here (DNS rebinding).
/// </summary>
internal static class LoopbackHost
{
    public static bool Is(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
