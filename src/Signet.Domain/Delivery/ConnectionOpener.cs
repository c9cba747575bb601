using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Signet.Delivery.Destinations;
using Signet.Delivery.Tls;
using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>An open connection and its server.</summary>
/// <param name="smtp">The conversation.</param>
/// <param name="address">The host's.</param>
/// <param name="queue">Counts it while it is open.</param>
/// <param name="clearText">Why it is in clear text, if the host offers STARTTLS.</param>
/// <param name="openedAt">When it was opened.</param>
internal sealed class OpenConnection(SmtpClient smtp, HostAddress address, DestinationQueue queue, ClearText clearText, DateTimeOffset openedAt)
{
    private bool _isClosed;

    public SmtpClient Smtp => smtp;

    public HostAddress Address => address;

    public ClearText ClearText => clearText;

    public DateTimeOffset OpenedAt => openedAt;

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

/// <summary>Opens connections, with TLS as their policy has it.</summary>
/// <param name="dial">Makes a TCP connection, from an address of this machine if it is given one.</param>
/// <param name="hostname">For EHLO.</param>
/// <param name="timeouts">How long servers may take.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where a downgrade is logged; null for nowhere.</param>
/// <param name="downgraded">Called for each connection that is in clear although the host offers STARTTLS.</param>
/// <param name="roots">The authorities that certificates are trusted from; null for those of the system.</param>
public sealed class ConnectionOpener(
    Func<IPEndPoint, IPAddress?, CancellationToken, Task<Stream>> dial,
    string hostname,
    SmtpTimeouts timeouts,
    TimeProvider time,
    ILogger<ConnectionOpener>? logger = null,
    Action? downgraded = null,
    X509Certificate2Collection? roots = null)
{
    private readonly ClearTextRules _clearText = new(time);

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

    /// <summary>Opens a connection for a message.</summary>
    /// <param name="queue">Of the destination.</param>
    /// <param name="address">Where to.</param>
    /// <param name="policy">What TLS must be there.</param>
    /// <param name="acceptedAt">When the message was accepted.</param>
    /// <param name="patience">How long it may take.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="SmtpException">It does not come to a connection.</exception>
    internal async Task<OpenConnection> OpenAsync(
        DestinationQueue queue, HostAddress address, TlsPolicy policy, DateTimeOffset acceptedAt, Patience patience, CancellationToken cancel)
    {
        var options = OptionsFor(queue.Destination, address, policy) with { Patience = patience };
        queue.BeginOpening();
        try
        {
            return options.Tls == TlsUse.IfOffered && _clearText.IsBroken(address.EndPoint)
                ? await OpenAsync(queue, address, options with { Tls = TlsUse.Never }, ClearText.Broken, cancel)
                : await OpenAsync(queue, address, options, ClearText.None, cancel);
        }
        catch (SmtpException e) when (options.Tls == TlsUse.IfOffered && e is { Stage: SmtpStage.Tls, Failure: not null })
        {
            var reason = Learn(address.EndPoint, e.Failure.Value, acceptedAt);
            if (reason == ClearText.None)
            {
                throw;
            }

            // The same host once more in clear (RFC 7435): the mail would never get there otherwise.
            LogClearText(address, e.Message);
            return await OpenAsync(queue, address, options with { Tls = TlsUse.Never }, reason, cancel);
        }
        catch (SmtpException e) when (e.Reply?.Code is 530 or 538)
        {
            TlsWanted(address.EndPoint);
            throw;
        }
        finally
        {
            queue.EndOpening();
        }
    }

    /// <summary>Whether a message may go over a connection that was opened for another one.</summary>
    internal bool MayUse(OpenConnection connection, DateTimeOffset acceptedAt) =>
        _clearText.Allow(connection.ClearText, connection.Address.EndPoint, connection.OpenedAt, acceptedAt);

    /// <summary>The next connection tries TLS again: the host wants it.</summary>
    internal void TlsWanted(IPEndPoint endPoint) => _clearText.Wanted(endPoint);

    private ClearText Learn(IPEndPoint endPoint, SmtpFailure failure, DateTimeOffset acceptedAt)
    {
        if (failure is SmtpFailure.TimedOut or SmtpFailure.Closed)
        {
            return _clearText.Interrupted(endPoint, acceptedAt) ? ClearText.Interrupted : ClearText.None;
        }

        _clearText.Broke(endPoint);
        return ClearText.Broken;
    }

    private async Task<OpenConnection> OpenAsync(
        DestinationQueue queue, HostAddress address, SmtpClientOptions options, ClearText reason, CancellationToken cancel)
    {
        var stream = await ConnectAsync(address.EndPoint, queue.Destination.Source, options.Patience!, cancel);
        var smtp = await SmtpClient.OpenAsync(stream, options, time, cancel);
        if (smtp.Tls is not null)
        {
            _clearText.Succeeded(address.EndPoint);
        }
        else if (smtp.IsDowngraded)
        {
            downgraded?.Invoke();
            if (reason == ClearText.None)
            {
                reason = ClearText.Refused;
                LogClearText(address, "it refuses the command");
            }
        }

        queue.Opened();
        return new OpenConnection(smtp, address, queue, reason, time.GetUtcNow()) { UsedAt = time.GetTimestamp() };
    }

    private void LogClearText(HostAddress address, string cause)
    {
        if (logger is not null && _clearText.IsNews(address.EndPoint))
        {
            Log.Downgraded(logger, address.Host, address.EndPoint, cause);
        }
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

    private SmtpClientOptions OptionsFor(Destination destination, HostAddress address, TlsPolicy policy) => new()
    {
        Hostname = hostname,
        ServerName = address.Host,
        Timeouts = timeouts,
        Tls = destination.Smarthost is { ImplicitTls: true } ? TlsUse.Implicit
            : policy.Level == TlsLevel.Opportunistic ? TlsUse.IfOffered
            : TlsUse.Required,
        CheckCertificate = policy.Level == TlsLevel.Verified,
        TlsRequiredBy = policy.Level == TlsLevel.Opportunistic ? null : policy.AskedBy,
        TrustedRoots = roots,
        Login = destination.Smarthost is { User: { } user, Password: { } password } ? new SmtpLogin(user, password) : null,
    };
}
