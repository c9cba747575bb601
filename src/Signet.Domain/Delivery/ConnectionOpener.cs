using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Signet.Delivery.Destinations;
using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>An open connection and its server.</summary>
/// <param name="smtp">The conversation.</param>
/// <param name="address">The host's.</param>
/// <param name="queue">Counts it while it is open.</param>
internal sealed class OpenConnection(SmtpClient smtp, HostAddress address, DestinationQueue queue)
{
    private bool _isClosed;

    public SmtpClient Smtp => smtp;

    public HostAddress Address => address;

    public Peer Peer { get; } = new(address.Host, address.EndPoint.Address.ToString(), smtp.Tls);

    /// <summary>Transactions so far.</summary>
    public int Messages { get; set; }

    /// <summary>When it was last used, as a timestamp.</summary>
    public long UsedAt { get; set; }

    /// <summary>How many recipients the server was found to take in one transaction; null while it took all.</summary>
    public int? RecipientLimit { get; set; }

    public async Task CloseAsync(CancellationToken cancel)
    {
        if (!_isClosed)
        {
            _isClosed = true;
            queue.Closed();
        }

        await smtp.QuitAsync(cancel);
        await smtp.DisposeAsync();
    }
}

/// <summary>
/// Opens connections. TLS is used wherever it is offered and needs no valid certificate, but for a smarthost that gets a password:
/// that needs TLS with a certificate that is trusted and for its name, unless it is on this machine.
/// </summary>
/// <param name="dial">Makes a TCP connection, from an address of this machine if it is given one.</param>
/// <param name="hostname">For EHLO.</param>
/// <param name="timeouts">How long servers may take.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where a downgrade is logged; null for nowhere.</param>
/// <param name="downgraded">Called for each connection that is in clear although the host offers STARTTLS.</param>
public sealed class ConnectionOpener(
    Func<IPEndPoint, IPAddress?, CancellationToken, Task<Stream>> dial,
    string hostname,
    SmtpTimeouts timeouts,
    TimeProvider time,
    ILogger<ConnectionOpener>? logger = null,
    Action? downgraded = null)
{
    /// <summary>
    /// How long a host whose TLS failed is talked to in clear without another try. Short, because one handshake that the network
    /// dropped looks like TLS that does not work; the connections of some minutes are saved a handshake each that fails.
    /// </summary>
    public static readonly TimeSpan DowngradeKept = TimeSpan.FromMinutes(5);

    private const int MaxDowngrades = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPEndPoint, Downgrade> _downgrades = [];

    /// <summary>A TCP connection by the system's sockets.</summary>
    public static async Task<Stream> DialAsync(IPEndPoint endPoint, IPAddress? from, CancellationToken cancel)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (from is not null)
            {
                socket.Bind(new IPEndPoint(from, 0));
            }

            await socket.ConnectAsync(endPoint, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <exception cref="SmtpException">It does not come to a connection.</exception>
    internal async Task<OpenConnection> OpenAsync(DestinationQueue queue, HostAddress address, Patience patience, CancellationToken cancel)
    {
        var options = OptionsFor(queue.Destination, address) with { Patience = patience };
        queue.BeginOpening();
        try
        {
            return await OpenAsync(queue, address, options, cancel);
        }
        catch (SmtpException e) when (e is { Stage: SmtpStage.Tls, Failure: not null } && options is { Tls: TlsUse.IfOffered })
        {
            // The same host once more in clear (RFC 7435): some mail servers offer a STARTTLS that does not work.
            Remember(address, isBroken: true, e.Message);
            return await OpenAsync(queue, address, options with { Tls = TlsUse.Never }, cancel);
        }
        catch (SmtpException e) when (e.Reply?.Code is 530 or 538)
        {
            ForgetDowngrade(address.EndPoint);
            throw;
        }
        finally
        {
            queue.EndOpening();
        }
    }

    /// <summary>The next connection tries TLS again: the host wants it.</summary>
    internal void ForgetDowngrade(IPEndPoint endPoint)
    {
        lock (_lock)
        {
            if (Known(endPoint) is { } known)
            {
                _downgrades[endPoint] = known with { IsBroken = false };
            }
        }
    }

    private async Task<OpenConnection> OpenAsync(DestinationQueue queue, HostAddress address, SmtpClientOptions options, CancellationToken cancel)
    {
        var stream = await ConnectAsync(address.EndPoint, queue.Destination.Source, options.Patience!, cancel);
        var smtp = await SmtpClient.OpenAsync(stream, options, time, cancel);
        if (smtp.IsDowngraded)
        {
            downgraded?.Invoke();
            if (options.Tls != TlsUse.Never)
            {
                Remember(address, isBroken: false, "it refuses the command");
            }
        }

        queue.Opened();
        return new OpenConnection(smtp, address, queue) { UsedAt = time.GetTimestamp() };
    }

    private async Task<Stream> ConnectAsync(IPEndPoint endPoint, Source source, Patience patience, CancellationToken cancel)
    {
        if (!source.TryGet(endPoint.Address, out var from))
        {
            throw new SmtpException(
                SmtpStage.Connect, SmtpFailure.Unreachable, "Failed to establish connection: there is no source address of the host's version of IP");
        }

        using var limit = new CancellationTokenSource(patience.Cut(timeouts.Connect), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            return await dial(endPoint, from, both.Token);
        }
        catch (OperationCanceledException e)
        {
            cancel.ThrowIfCancellationRequested();
            throw new SmtpException(SmtpStage.Connect, SmtpFailure.TimedOut, "Failed to establish connection: no answer in time", e);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new SmtpException(SmtpStage.Connect, SmtpFailure.Unreachable, $"Failed to establish connection: {e.Message}", e);
        }
    }

    private SmtpClientOptions OptionsFor(Destination destination, HostAddress address)
    {
        var options = new SmtpClientOptions { Hostname = hostname, ServerName = address.Host, Timeouts = timeouts, Tls = TlsUse.IfOffered };
        switch (destination.Smarthost)
        {
            case { User: { } user, Password: { } password } target:
                var isHere = IPAddress.IsLoopback(address.EndPoint.Address);
                return options with
                {
                    Tls = target.ImplicitTls ? TlsUse.Implicit : isHere ? TlsUse.IfOffered : TlsUse.Required,
                    CheckCertificate = !isHere,
                    Login = new SmtpLogin(user, password),
                };
            case { ImplicitTls: true }:
                return options with { Tls = TlsUse.Implicit };
            case null when destination.RequiresTls:
                return options with { Tls = TlsUse.Required };
            default:
                lock (_lock)
                {
                    return Known(address.EndPoint) is { IsBroken: true } ? options with { Tls = TlsUse.Never } : options;
                }
        }
    }

    private Downgrade? Known(IPEndPoint endPoint) =>
        _downgrades.TryGetValue(endPoint, out var known) && time.GetUtcNow() < known.Until ? known : null;

    /// <summary>Logs once for as long as it is remembered, whatever the number of connections.</summary>
    private void Remember(HostAddress address, bool isBroken, string cause)
    {
        Downgrade? known;
        lock (_lock)
        {
            // Forgetting all of them costs a handshake each.
            if (_downgrades.Count >= MaxDowngrades)
            {
                _downgrades.Clear();
            }

            known = Known(address.EndPoint);
            _downgrades[address.EndPoint] = new Downgrade(known?.Until ?? time.GetUtcNow() + DowngradeKept, isBroken);
        }

        if (known is null && logger is not null)
        {
            Log.Downgraded(logger, address.Host, address.EndPoint, cause);
        }
    }

    /// <summary>Until when no more is logged of it, and whether TLS is not tried meanwhile.</summary>
    private sealed record Downgrade(DateTimeOffset Until, bool IsBroken);
}
