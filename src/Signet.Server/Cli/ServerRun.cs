using Signet.Server.Hosting;

namespace Signet.Server.Cli;

/// <summary>What <c>dev</c> and <c>serve</c> do: start, say so, run until told to stop.</summary>
internal static class ServerRun
{
    public static async Task<int> RunAsync(CommandSurroundings surroundings, Settings settings, CancellationToken cancel)
    {
        await using var host = await ServerHost.StartAsync(settings, surroundings.Settings, surroundings.Open, surroundings.Time, cancel);
        foreach (var line in host.StartLines)
        {
            await surroundings.Output.WriteLineAsync(line);
        }

        await surroundings.Output.FlushAsync(cancel);
        await host.RunAsync(cancel);
        return ExitCode.Done;
    }
}
