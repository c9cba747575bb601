using System.Diagnostics;

namespace Signet.Bench;

/// <summary>The program as it is released: one self-contained file, compiled ahead of time where .NET can (ReadyToRun).</summary>
internal sealed class PublishedSignet
{
    private readonly string _file;

    private PublishedSignet(string file) => _file = file;

    /// <summary>Publishes into the work directory, or takes the program that SIGNET_PROGRAM names.</summary>
    public static async Task<PublishedSignet> PublishAsync(WorkDirectory work, CancellationToken cancel)
    {
        if (Environment.GetEnvironmentVariable("SIGNET_PROGRAM") is { Length: > 0 } given)
        {
            return new PublishedSignet(given);
        }

        Console.WriteLine("publishing Signet");
        var folder = work.NewFolder("program");

        await ChildProcess.RunAsync(
            "dotnet", Repository.PathOf(),
            [
                "publish", "src/Signet.Server", "-c", "Release", "-r", "linux-x64", "--self-contained", "-p:PublishSingleFile=true",
                "-p:PublishReadyToRun=true", "-o", folder, "-v", "q", "--nologo",
            ],
            cancel);
        return new PublishedSignet(Path.Combine(folder, "signet"));
    }

    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="InvalidOperationException">It could not be done; the message says why.</exception>
    public Task RunAsync(string[] arguments, CancellationToken cancel) => ChildProcess.RunAsync(_file, null, arguments, cancel);

    /// <summary>Starts <c>signet dev</c> on free ports and waits for its <c>ready</c>.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="options">More options of <c>dev</c>.</param>
    /// <exception cref="InvalidOperationException">It does not start.</exception>
    public async Task<RunningSignet> StartAsync(string data, CancellationToken cancel, params string[] options)
    {
        var begun = Stopwatch.GetTimestamp();
        var process = ChildProcess.Start(_file, null, ["dev", "--http", "127.0.0.1:0", "--smtp", "none", "--hostname", "bench.example.com", "--data", data, .. options]);
        Uri? url = null;
        while (await process.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            if (line.StartsWith("export AWS_ENDPOINT_URL", StringComparison.Ordinal) && line.Split('=') is [_, var address])
            {
                url = new Uri(address.Trim());
            }

            if (line.StartsWith("ready", StringComparison.Ordinal) && url is not null)
            {
                return new RunningSignet(process, url, Stopwatch.GetElapsedTime(begun));
            }
        }

        await ChildProcess.EndAsync(process);
        throw new InvalidOperationException($"Signet does not start with `{string.Join(' ', options)}`: run it so, and see what it says");
    }
}

/// <summary>A Signet that is ready.</summary>
/// <param name="Process">Its process.</param>
/// <param name="Url">The SES API.</param>
/// <param name="StartTime">From the start of the process to <c>ready</c>.</param>
internal sealed record RunningSignet(Process Process, Uri Url, TimeSpan StartTime) : IAsyncDisposable
{
    /// <summary>Resident memory now, in megabytes.</summary>
    public double ResidentMegabytes
    {
        get
        {
            Process.Refresh();
            return Process.WorkingSet64 / 1e6;
        }
    }

    /// <summary>The most resident memory that it had so far, in megabytes.</summary>
    public double PeakMegabytes
    {
        get
        {
            Process.Refresh();
            return Process.PeakWorkingSet64 / 1e6;
        }
    }

    /// <summary>Of all its threads since it started: what its work costs, however busy the machine is.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            Process.Refresh();
            return Process.TotalProcessorTime;
        }
    }

    public async ValueTask DisposeAsync() => await ChildProcess.EndAsync(Process);
}

/// <summary>Something that a scenario needs is not on this machine; its row is left out and the message says why.</summary>
internal sealed class PeerMissingException(string message) : Exception(message);
