using System.Text.Json;
using Signet.Server.Tests.Clients;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>The program's commands, each a process of its own.</summary>
internal static class Command
{
    /// <summary>Runs a command with <c>--json</c> and reads what it says; fails unless it ends with 0.</summary>
    public static async Task<JsonElement> RunAsync(params string[] arguments)
    {
        var (exit, output) = await TryRunAsync([.. arguments, "--json"]);
        Assert.True(exit == 0, output);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    /// <summary>Runs a command to its end, which has to come by itself.</summary>
    public static Task<(int ExitCode, string Output)> TryRunAsync(params string[] arguments) => Counterpart.RunAsync(
        RunningSignet.Program[0], [.. RunningSignet.Program.Skip(1), .. arguments], new Dictionary<string, string>(),
        TestContext.Current.CancellationToken);
}
