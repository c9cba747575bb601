using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Signet.Tests.Storage;

/// <summary>
/// Stands before PostgreSQL on a port of its own and passes on what either side says, until it falls silent: then it takes connections
/// and bytes and answers nothing, like a host that a network has lost.
/// </summary>
public sealed class PostgresProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly EndPoint _server;
    private readonly Task _accepting;
    private volatile bool _isSilent;

    private PostgresProxy(EndPoint server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <param name="settings">Of the server; from now on they lead here.</param>
    public static PostgresProxy Before(NpgsqlConnectionStringBuilder settings)
    {
        var proxy = new PostgresProxy(settings.Host!.StartsWith('/')
            ? new UnixDomainSocketEndPoint($"{settings.Host}/.s.PGSQL.{settings.Port}")
            : new DnsEndPoint(settings.Host, settings.Port));
        settings.Host = "127.0.0.1";
        settings.Port = ((IPEndPoint)proxy._listener.LocalEndpoint).Port;
        settings.SslMode = SslMode.Disable;
        return proxy;
    }

    public void FallSilent() => _isSilent = true;

    /// <summary>New connections are served again; those that met silence stay as they are.</summary>
    public void Speak() => _isSilent = false;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        using (var server = _server is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp))
        using (var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            try
            {
                await server.ConnectAsync(_server, over.Token);
                await Task.WhenAny(PassAsync(client, server, over.Token), PassAsync(server, client, over.Token));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The server or the test is gone.
            }

            await over.CancelAsync();
        }
    }

    private async Task PassAsync(Socket from, Socket to, CancellationToken cancel)
    {
        var buffer = new byte[8192];
        var isLost = false;
        try
        {
            while (await from.ReceiveAsync(buffer, cancel) is > 0 and var count)
            {
                isLost |= _isSilent;
                if (!isLost)
                {
                    await to.SendAsync(buffer.AsMemory(0, count), cancel);
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side has closed.
        }
    }
}
