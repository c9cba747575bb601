using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Signet.Server.Hosting;

/// <summary>Where to listen: <c>127.0.0.1:8025</c>, <c>[::1]:8025</c>, <c>localhost:0</c> (a free port), <c>*:80</c> (everywhere).</summary>
internal sealed record ListenAddress(IPEndPoint EndPoint)
{
    public int Port => EndPoint.Port;

    public bool IsLoopback => IPAddress.IsLoopback(EndPoint.Address);

    public static bool TryParse(string? text, [NotNullWhen(true)] out ListenAddress? address)
    {
        address = null;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon <= 0
            || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || Host(text![..colon]) is not { } host)
        {
            return false;
        }

        address = new ListenAddress(new IPEndPoint(host, port));
        return true;
    }

    /// <exception cref="FormatException"><paramref name="text"/> is not HOST:PORT.</exception>
    public static ListenAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"`{text}` is not HOST:PORT");

    public override string ToString() => EndPoint.ToString();

    // A name could mean several addresses, and another one tomorrow. An IPv6 address without its brackets would swallow the port.
    private static IPAddress? Host(string text) => text switch
    {
        "localhost" => IPAddress.Loopback,
        "*" => IPAddress.IPv6Any,
        ['[', .. var inner, ']'] => inner.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(inner, out var ip) ? ip : null,
        _ when text.Count(c => c == '.') == 3 && IPAddress.TryParse(text, out var ip) => ip,
        _ => null,
    };
}
