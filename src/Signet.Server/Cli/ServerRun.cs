using System.Runtime.InteropServices;
using Signet.Server.Hosting;

namespace Signet.Server.Cli;

/// <summary>What <c>dev</c> and <c>serve</c> do: start, print the addresses, run until stopped.</summary>
internal static class ServerRun
{
    /// <param name="surroundings">Where it runs.</param>
    /// <param name="read">Reads the settings: at the start, and again at each SIGHUP.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<int> RunAsync(CommandSurroundings surroundings, Func<Settings> read, CancellationToken cancel)
    {
        var settings = read();
        ServerHost? running = null;
        using var hangUp = OnHangUp(() => Volatile.Read(ref running)?.ReadAgain(read));
        await using var host = await ServerHost.StartAsync(settings, surroundings.Settings, surroundings.Open, surroundings.Time, cancel);
        Volatile.Write(ref running, host);
        foreach (var line in host.StartLines)
        {
            await surroundings.Output.WriteLineAsync(line);
        }

        await surroundings.Output.FlushAsync(cancel);
        await host.RunAsync(cancel);
        return ExitCode.Done;
    }

    // The signal would end the process, during the start too. On Windows it means that the console window is closed, which has to end it.
    private static PosixSignalRegistration? OnHangUp(Action read) => OperatingSystem.IsWindows() ? null
        : PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            read();
        });
}
