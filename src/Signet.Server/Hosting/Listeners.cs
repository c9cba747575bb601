using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Signet.Server.Hosting;

/// <summary>What a listener is for.</summary>
internal enum ListenerRole
{
    /// <summary>The SES API; in dev everything.</summary>
    Main,

    /// <summary>serve: inspection and metrics only.</summary>
    Inspection,
}

/// <summary>Which listener a request came by; every connection carries it as a feature.</summary>
/// <param name="Role">What it is for.</param>
/// <param name="EndPoint">Where it listens, port 0 resolved.</param>
internal sealed record Listener(ListenerRole Role, IPEndPoint EndPoint)
{
    public bool IsLoopback => IPAddress.IsLoopback(EndPoint.Address);

    public static Listener Of(HttpContext context) =>
        context.Features.Get<Listener>() ?? throw new InvalidOperationException("a request came by no listener of ours");
}

/// <summary>
/// The HTTP listeners. Their sockets are bound before anything else happens, so that a port in use stops the start before the
/// store is touched, and a free port that the system picked is known to all who need it; they answer once the server runs.
/// </summary>
internal sealed class Listeners : IDisposable
{
    private const long MaxBody = 512 * 1024;

    // Bytes of a connection that wait for whoever reads its request: a stranger may open many connections, and Kestrel's own 1 MB each
    // would add up.
    private const long MaxUnread = 128 * 1024;

    // What a connection may hold without having proven anything is bounded by the line above; this bounds how many do.
    private const int MaxConnections = 4_000;

    private readonly Settings settings;
    private readonly ServerCertificate? certificate;
    private readonly List<(Listener Listener, Socket Socket)> bound = [];

    private Listeners(Settings settings)
    {
        this.settings = settings;
        certificate = settings.Tls is { } files ? ServerCertificate.Read(files) : null;
    }

    /// <summary>What each listener answers at. One of dev that listens everywhere is called <c>localhost</c>, the name that is always answered.</summary>
    public IReadOnlyList<(ListenerRole Role, Uri Url)> Urls =>
        [.. bound.Select(b => (b.Listener.Role, new Uri($"{Scheme(b.Listener.Role)}://{Authority(b.Listener)}")))];

    /// <summary>Those that other machines may reach, by their addresses.</summary>
    public IEnumerable<(ListenerRole Role, Uri Url)> Reachable => bound
        .Where(b => !b.Listener.IsLoopback)
        .Select(b => (b.Listener.Role, new Uri($"{Scheme(b.Listener.Role)}://{b.Listener.EndPoint}")));

    /// <summary>
    /// What confirmation links begin with: as set, or our name (in dev and on loopback the address itself) with the first port.
    /// </summary>
    public Uri PublicUrl
    {
        get
        {
            if (settings.PublicUrl is { } set)
            {
                return set;
            }

            var (listener, _) = bound[0];
            var url = new UriBuilder(Urls[0].Url);
            url.Host = listener.IsLoopback || settings.IsDev ? url.Host : settings.Hostname.Value;
            return url.Uri;
        }
    }

    /// <summary>Binds all sockets.</summary>
    /// <exception cref="StartException">One cannot be bound, or the certificate cannot be used.</exception>
    public static Listeners Bind(Settings settings)
    {
        var listeners = new Listeners(settings);
        try
        {
            listeners.Add(SettingsTable.Http, settings.Http, ListenerRole.Main);
            listeners.Add(SettingsTable.Inspection, settings.Inspection, ListenerRole.Inspection);
            return listeners;
        }
        catch
        {
            listeners.Dispose();
            throw;
        }
    }

    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;

        // The API bounds its own bodies, and questions to inspection have a bound of their own; what is left are the console's messages.
        options.Limits.MaxRequestBodySize = MaxBody;
        options.Limits.MaxRequestBufferSize = MaxUnread;
        options.Limits.MaxConcurrentConnections = MaxConnections;
        options.Limits.MaxConcurrentUpgradedConnections = MaxConnections;

        foreach (var (listener, _) in bound)
        {
            options.Listen(listener.EndPoint, listen => Configure(listen, listener));
        }
    }

    /// <summary>Hands the bound sockets to the transport.</summary>
    public void Configure(SocketTransportOptions options) =>
        options.CreateBoundListenSocket = endPoint => bound.Single(b => b.Listener.EndPoint.Equals(endPoint)).Socket;

    /// <summary>Reads the certificate again, if there is one; the old one stays when it cannot be used.</summary>
    /// <exception cref="StartException">It cannot be used; the message says why.</exception>
    public void ReadCertificateAgain() => certificate?.ReadAgain();

    public void Dispose()
    {
        foreach (var (_, socket) in bound)
        {
            socket.Dispose();
        }
    }

    private string Authority(Listener listener) =>
        settings.IsDev && (listener.EndPoint.Address.Equals(IPAddress.IPv6Any) || listener.EndPoint.Address.Equals(IPAddress.Any)) ? $"localhost:{listener.EndPoint.Port}" : $"{listener.EndPoint}";

    private string Scheme(ListenerRole role) => role == ListenerRole.Main && certificate is not null ? "https" : "http";

    private void Configure(ListenOptions listen, Listener listener)
    {
        listen.Use(next => connection =>
        {
            connection.Features.Set(listener);
            return next(connection);
        });
        if (Scheme(listener.Role) == "https")
        {
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(certificate!.Options) });
        }
    }

    private void Add(SettingOption option, IEnumerable<ListenAddress> addresses, ListenerRole role)
    {
        foreach (var address in addresses)
        {
            try
            {
                var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address.EndPoint);
                bound.Add((new Listener(role, (IPEndPoint)socket.LocalEndPoint!), socket));
            }
            catch (SocketException exception)
            {
                throw new StartException($"cannot listen on `{address}` (`{option.Flag}`): {Why(exception)}", exception);
            }
        }
    }

    private static string Why(SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "another program listens there",
        SocketError.AccessDenied => "this user may not use that port",
        SocketError.AddressNotAvailable => "this machine does not have that address",
        _ => exception.Message.TrimEnd('.'),
    };
}
