using System.Diagnostics;
using System.Text;

namespace Signet.Server.Tests.Clients;

/// <summary>
/// A real program that tests speak with. Where it is missing the test is skipped with the reason; in CI, where everything is
/// installed, a missing one is a failure.
/// </summary>
internal static class Counterpart
{
    /// <summary>Many times what the longest suite of a client needs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>Skips (in CI: fails) the running test unless the command ends with 0.</summary>
    public static async Task RequireAsync(string what, string command, params string[] arguments)
    {
        var (exit, output) = await RunAsync(command, arguments, new Dictionary<string, string>(), TestContext.Current.CancellationToken);
        if (exit == 0)
        {
            return;
        }

        var reason = $"{what} is not installed: {command} {string.Join(' ', arguments)} said {output.Trim()}";
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", reason);
        Assert.Fail(reason);
    }

    /// <summary>
    /// The Python that has these modules. There may be two: one that comes first on the PATH, and Debian's, which alone has what Debian's
    /// packages install. Skips (in CI: fails) the running test where neither has them.
    /// </summary>
    public static async Task<string> RequirePythonAsync(params string[] modules)
    {
        string[] arguments = ["-c", $"import {string.Join(", ", modules)}"];
        var usual = OperatingSystem.IsWindows() ? "python" : "python3";
        foreach (var python in (string[])[usual, "/usr/bin/python3"])
        {
            if ((await RunAsync(python, arguments, new Dictionary<string, string>(), TestContext.Current.CancellationToken)).ExitCode == 0)
            {
                return python;
            }
        }

        await RequireAsync($"Python with {string.Join(", ", modules)}", usual, arguments);
        return usual;
    }

    /// <summary>Runs a command to its end; its output and errors in one text. Exit code -1: it could not be started.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string command, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(command) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = new Process { StartInfo = start };
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, e.Message);
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.InTimeAsync(Patience, cancel);
        }
        catch (TimeoutException e)
        {
            return (-1, $"{e.Message}\n{output}");
        }

        return (process.ExitCode, output.ToString());

        void Append(string? line)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }
    }
}
