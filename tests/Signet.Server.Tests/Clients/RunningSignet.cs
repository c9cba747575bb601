using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Signet.Server.Tests.Clients;

/// <summary>The built program, started as a process of its own with a data directory of its own.</summary>
internal sealed class RunningSignet : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output;

    private readonly bool _ownsData;

    private RunningSignet(Process process, ConcurrentQueue<string> output, string data, bool ownsData)
    {
        _ownsData = ownsData;
        _process = process;
        _output = output;
        Data = data;
    }

    /// <summary>The command that starts the program.</summary>
    public static IReadOnlyList<string> Program { get; } = ["dotnet", Path.Combine(AppContext.BaseDirectory, "signet.dll")];

    public string Data { get; }

    /// <summary>Everything it printed so far.</summary>
    public string Output => string.Join('\n', _output);

    public int ProcessId => _process.Id;

    /// <summary>Where the API answers.</summary>
    public string Url => Line("http ");

    /// <summary>Where inspection answers: in dev everything answers at one address.</summary>
    public string InspectionUrl => _output.Any(l => l.StartsWith("inspection ", StringComparison.Ordinal)) ? Line("inspection ") : Url;

    /// <summary>Starts it and waits for the line that begins with <c>ready</c>.</summary>
    /// <param name="data">A data directory to start on, which stays; null for a new one, which goes with the program.</param>
    /// <param name="arguments">The command and its options, without <c>--data</c>.</param>
    public static Task<RunningSignet> StartAsync(string? data, params string[] arguments) => StartThroughAsync([], data, arguments);

    /// <summary>Starts it through another command, which has to become it: <c>unshare</c>, say.</summary>
    public static async Task<RunningSignet> StartThroughAsync(IReadOnlyList<string> through, string? data, params string[] arguments)
    {
        var cancel = TestContext.Current.CancellationToken;
        var ownsData = data is null;
        data ??= Directory.CreateTempSubdirectory("signet-test-").FullName;
        string[] command = [.. through, .. Program, .. arguments, "--data", data];
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        var output = new ConcurrentQueue<string>();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => See(line.Data);
        process.ErrorDataReceived += (_, line) => See(line.Data);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("it ended before it was ready"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var running = new RunningSignet(process, output, data, ownsData);
        try
        {
            await ready.Task.WaitAsync(TimeSpan.FromMinutes(1), cancel);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            await running.DisposeAsync();
            throw new InvalidOperationException($"{e.Message}:\n{running.Output}", e);
        }

        return running;

        void See(string? line)
        {
            if (line is not null)
            {
                output.Enqueue(line);
                if (line.StartsWith("ready", StringComparison.Ordinal))
                {
                    ready.TrySetResult();
                }
            }
        }
    }

    /// <summary>Tells it to stop as an init system does, and gives its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await _process.InTimeAsync();
        return _process.ExitCode;
    }

    /// <summary>What a client script needs to know.</summary>
    public Dictionary<string, string> Environment() => new()
    {
        ["SIGNET_URL"] = Url,
        ["SIGNET_DATA"] = Data,
        ["SIGNET_PROGRAM"] = "[" + string.Join(", ", Program.Select(p => '"' + JsonEncodedText.Encode(p).ToString() + '"')) + "]",
    };

    private string Line(string beginning) =>
        _output.First(l => l.StartsWith(beginning, StringComparison.Ordinal))[beginning.Length..].Trim();

    /// <summary>Kills it as <c>kill -9</c> does, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.InTimeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.InTimeAsync();
        }

        _process.Dispose();
        if (_ownsData)
        {
            Directory.Delete(Data, recursive: true);
        }
    }
}
