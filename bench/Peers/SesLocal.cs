using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Signet.Bench.Peers;

/// <summary>aws-ses-v2-local, the version that <c>bench/npm</c> pins.</summary>
internal sealed class SesLocal : IAsyncDisposable
{
    private readonly Process _process;

    private SesLocal(Process process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    /// <summary>Installs it into the work directory and starts it.</summary>
    /// <exception cref="PeerMissingException">Without Node.js and npm, or when npm cannot install it.</exception>
    public static async Task<SesLocal> StartAsync(WorkDirectory work, CancellationToken cancel)
    {
        if (!ChildProcess.Exists("node") || !ChildProcess.Exists("npm"))
        {
            throw new PeerMissingException("aws-ses-v2-local needs `node` and `npm`, which are not installed");
        }

        var folder = work.NewFolder("npm");
        foreach (var file in (string[])["package.json", "package-lock.json"])
        {
            File.Copy(Repository.PathOf("bench", "npm", file), Path.Combine(folder, file));
        }

        try
        {
            await ChildProcess.RunAsync("npm", folder, ["ci", "--no-audit", "--no-fund", "--silent"], cancel);
        }
        catch (InvalidOperationException e)
        {
            throw new PeerMissingException($"aws-ses-v2-local could not be installed: {e.Message}");
        }

        var port = FreePort.Find();
        var process = ChildProcess.Start(
            "node", folder, "node_modules/aws-ses-v2-local/dist/cli.js", "--host", "127.0.0.1", "--port", $"{port}");
        while (await process.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            if (line.Contains("server running", StringComparison.Ordinal))
            {
                return new SesLocal(process, new Uri($"http://127.0.0.1:{port}"));
            }
        }

        await ChildProcess.EndAsync(process);
        throw new PeerMissingException("aws-ses-v2-local does not start");
    }

    public async ValueTask DisposeAsync() => await ChildProcess.EndAsync(_process);
}

/// <summary>For peers that cannot pick a port themselves.</summary>
internal static class FreePort
{
    /// <summary>A port of loopback that was free a moment ago.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
