using Signet.Server.Tests.Clients;

namespace Signet.Server.Tests.Chaos;

/// <summary>A command that starts a program whose wall clock is ahead. How it measures time is not changed.</summary>
internal static class SkewedClock
{
    /// <summary>Skips (in CI: fails) the running test where libfaketime is missing.</summary>
    public static async Task<IReadOnlyList<string>> AheadAsync(TimeSpan by)
    {
        await Counterpart.RequireAsync("libfaketime (package faketime)", "sh", "-c", "ls /usr/lib/*/faketime/libfaketime.so.1");
        var library = Directory.GetDirectories("/usr/lib").Select(d => Path.Combine(d, "faketime", "libfaketime.so.1")).First(File.Exists);
        return ["env", $"LD_PRELOAD={library}", $"FAKETIME=+{(long)by.TotalSeconds}s", "FAKETIME_DONT_FAKE_MONOTONIC=1", "DONT_FAKE_MONOTONIC=1"];
    }
}
