using System.Globalization;

namespace Signet.Bench.Peers;

/// <summary>A Postfix of our own between <c>smtp-source</c> and <c>smtp-sink</c>, with its own directories and port; never the system's.</summary>
internal sealed class Postfix : IAsyncDisposable
{
    private readonly string _config;

    private Postfix(string config, int port) => (_config, Port) = (config, port);

    public int Port { get; }

    /// <summary>Starts one that hands everything to the sink.</summary>
    /// <exception cref="PeerMissingException">It is not installed, or we are not root, whom it wants to be started by.</exception>
    public static async Task<Postfix> StartAsync(WorkDirectory work, int sinkPort, CancellationToken cancel)
    {
        if (!ChildProcess.Exists("postfix"))
        {
            throw new PeerMissingException("Postfix is not installed");
        }

        if (!Environment.IsPrivilegedProcess)
        {
            throw new PeerMissingException("Postfix can only be started by root");
        }

        var root = work.NewFolder("postfix");

        // Its processes run as another user, who has to get through to the queue.
        await ChildProcess.RunAsync("chmod", null, ["go+rx", work.Root, root], cancel);
        string Folder(string name) => Directory.CreateDirectory(Path.Combine(root, name)).FullName;
        var (config, queue, data) = (Folder("config"), Folder("queue"), Folder("data"));
        await ChildProcess.RunAsync("chown", null, ["postfix", data], cancel);
        var port = FreePort.Find();
        await File.WriteAllTextAsync(
            Path.Combine(config, "main.cf"),
            $"""
            compatibility_level = 3.6
            queue_directory = {queue}
            data_directory = {data}
            maillog_file = {root}/log
            maillog_file_prefixes = {root}
            myhostname = bench.example.com
            mydestination =
            mynetworks = 127.0.0.0/8
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            smtp_dns_support_level = disabled
            smtpd_relay_restrictions = permit_mynetworks, reject
            relayhost = [127.0.0.1]:{sinkPort.ToString(CultureInfo.InvariantCulture)}
            alias_maps =
            local_recipient_maps =

            """,
            cancel);
        await File.WriteAllTextAsync(
            Path.Combine(config, "master.cf"),
            $"""
            127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)} inet n - n - - smtpd
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            proxymap unix - - n - - proxymap
            smtp unix - - n - - smtp
            relay unix - - n - - smtp
            error unix - - n - - error
            retry unix - - n - - error
            discard unix - - n - - discard
            anvil unix - - n - 1 anvil
            scache unix - - n - 1 scache
            postlog unix-dgram n - n - 1 postlogd

            """,
            cancel);
        await ChildProcess.RunAsync("/usr/sbin/postfix", null, ["-c", config, "start"], cancel);
        return new Postfix(config, port);
    }

    /// <summary>Hands in so many messages of 4 KB over twenty sessions.</summary>
    public Task SendAsync(int messages, CancellationToken cancel) => ChildProcess.RunAsync(
        "/usr/sbin/smtp-source", null,
        [
            "-s", "20", "-l", "4096", "-m", messages.ToString(CultureInfo.InvariantCulture), "-f", "orders@example.com",
            "-t", "customer@d0.test", $"127.0.0.1:{Port}",
        ],
        cancel);

    public async ValueTask DisposeAsync() =>
        await ChildProcess.RunAsync("/usr/sbin/postfix", null, ["-c", _config, "stop"], CancellationToken.None);
}
