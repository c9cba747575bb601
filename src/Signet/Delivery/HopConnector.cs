using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>An open connection and whom it is to.</summary>
internal sealed class HopConnection(SmtpConnection smtp, HopAddress address)
{
    public SmtpConnection Smtp => smtp;

    public HopAddress Address => address;

    public Peer Peer { get; } = new(address.Host, address.EndPoint.Address.ToString(), smtp.Tls);

    /// <summary>Transactions so far.</summary>
    public int Messages { get; set; }

    public async Task CloseAsync(CancellationToken cancel)
    {
        await smtp.QuitAsync(cancel);
        await smtp.DisposeAsync();
    }
}

/// <summary>
/// Opens connections. TLS is used wherever it is offered and needs no valid certificate, but for a smarthost that gets a password:
/// that needs TLS with a certificate that is trusted and for its name, unless it is on this machine.
/// </summary>
/// <param name="dial">Makes a TCP connection.</param>
/// <param name="hostname">For EHLO.</param>
/// <param name="timeouts">How long servers may take.</param>
/// <param name="time">The clock.</param>
public sealed class HopConnector(
    Func<IPEndPoint, CancellationToken, Task<Stream>> dial, string hostname, SmtpTimeouts timeouts, TimeProvider time)
{
    /// <summary>How long a host whose TLS is broken is talked to in clear without another try.</summary>
    private static readonly TimeSpan BrokenTlsKept = TimeSpan.FromHours(24);

    private const int MaxBrokenTls = 10_000;

    private readonly ConcurrentDictionary<IPEndPoint, DateTimeOffset> _brokenTls = [];

    /// <summary>A TCP connection by the system's sockets.</summary>
    public static async Task<Stream> DialAsync(IPEndPoint endPoint, CancellationToken cancel)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
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
    internal async Task<HopConnection> OpenAsync(NextHop hop, HopAddress address, CancellationToken cancel)
    {
        var session = SessionFor(hop, address);
        try
        {
            return await OpenAsync(address, session, cancel);
        }
        catch (SmtpException e) when (e is { Stage: SmtpStage.Tls, Failure: not null } && session is { Tls: TlsUse.IfOffered })
        {
            // The same host once more in clear (RFC 7435): some mail servers offer a STARTTLS that does not work.
            RememberBrokenTls(address.EndPoint);
            return await OpenAsync(address, session with { Tls = TlsUse.Never }, cancel);
        }
    }

    private async Task<HopConnection> OpenAsync(HopAddress address, SmtpSession session, CancellationToken cancel)
    {
        var stream = await ConnectAsync(address.EndPoint, cancel);
        return new HopConnection(await SmtpConnection.OpenAsync(stream, session, time, cancel), address);
    }

    private async Task<Stream> ConnectAsync(IPEndPoint endPoint, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(timeouts.Connect, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            return await dial(endPoint, both.Token);
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

    private SmtpSession SessionFor(NextHop hop, HopAddress address)
    {
        var session = new SmtpSession { Hostname = hostname, ServerName = address.Host, Timeouts = timeouts, Tls = TlsUse.IfOffered };
        switch (hop)
        {
            case NextHop.Relay { Target: { User: { } user, Password: { } password } target }:
                var isHere = IPAddress.IsLoopback(address.EndPoint.Address);
                return session with
                {
                    Tls = target.ImplicitTls ? TlsUse.Implicit : isHere ? TlsUse.IfOffered : TlsUse.Required,
                    CheckCertificate = !isHere,
                    Login = new SmtpLogin(user, password),
                };
            case NextHop.Relay { Target.ImplicitTls: true }:
                return session with { Tls = TlsUse.Implicit };
            default:
                var isBroken = _brokenTls.TryGetValue(address.EndPoint, out var until) && time.GetUtcNow() < until;
                return isBroken ? session with { Tls = TlsUse.Never } : session;
        }
    }

    private void RememberBrokenTls(IPEndPoint endPoint)
    {
        // Forgetting all of them costs a handshake each.
        if (_brokenTls.Count >= MaxBrokenTls)
        {
            _brokenTls.Clear();
        }

        _brokenTls[endPoint] = time.GetUtcNow() + BrokenTlsKept;
    }
}
