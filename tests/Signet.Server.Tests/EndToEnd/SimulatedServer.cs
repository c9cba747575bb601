using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Signet.Server.Cli;
using Signet.Server.Hosting;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>
/// <c>signet serve</c> in this process, with the real store and real sockets, by a clock that the test moves. The commands run beside it
/// by the same clock.
/// </summary>
internal sealed class SimulatedServer : IAsyncDisposable
{
    /// <summary>Small beside every wait of the program, so that what works at it is not overtaken by its time limits.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RealStep = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan RealPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly ServerHost _host;
    private readonly string[] _store;

    private SimulatedServer(ServerHost host, MailSystem system, FakeTimeProvider time, string[] store) =>
        (_host, System, Time, _store) = (host, system, time, store);

    public FakeTimeProvider Time { get; }

    /// <summary>The domain as the server has it.</summary>
    public MailSystem System { get; }

    public string Url => _host.Urls[0].Url.ToString();

    /// <param name="time">Its clock.</param>
    /// <param name="data">The data directory.</param>
    /// <param name="store">The options that name the store.</param>
    /// <param name="settings">Of <c>serve</c>, beside those.</param>
    public static async Task<SimulatedServer> StartAsync(
        FakeTimeProvider time, string data, string[] store, Dictionary<string, IReadOnlyList<string>> settings)
    {
        var surroundings = Surroundings(data);
        for (var i = 0; i < store.Length; i += 2)
        {
            settings[store[i][2..]] = [store[i + 1]];
        }

        MailSystem? system = null;
        var host = await ServerHost.StartAsync(
            SettingsReader.Read(isDev: false, settings, surroundings),
            surroundings,
            async (options, arrivals, metrics, loggers, cancel) =>
                system = await Composition.OpenAsync(options, arrivals, metrics, loggers, time, cancel),
            time,
            TestContext.Current.CancellationToken);
        return new SimulatedServer(host, system!, time, store);
    }

    /// <summary>A command over the same store, which has to succeed; what it says as JSON. The clock runs meanwhile.</summary>
    public Task<JsonElement> RunAsync(params string[] command) => WhileItRunsAsync(RunAsync(Time, _store, command));

    /// <summary>A command by itself.</summary>
    public static async Task<JsonElement> RunAsync(TimeProvider time, string[] store, params string[] command)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var line = new CommandLine(new CommandSurroundings(
            output, error, Surroundings(Path.GetTempPath()),
            (options, arrivals, metrics, loggers, cancel) => Composition.OpenAsync(options, arrivals, metrics, loggers, time, cancel),
            time));
        var code = await line.RunAsync([.. command, .. store, "--json"], TestContext.Current.CancellationToken);
        Assert.True(code == 0, $"{string.Join(' ', command)}: {error}");
        using var document = JsonDocument.Parse(output.ToString());
        return document.RootElement.Clone();
    }

    /// <summary>Lets the clock run until something has come to be.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        var begin = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(begin) < Patience, "it took too long");
            await StepAsync();
        }
    }

    /// <summary>
    /// Lets time pass, a minute at a time: most of it at once, and then enough of it for what became due. Before it jumps, what is under
    /// way has a moment to end.
    /// </summary>
    public async Task PassAsync(TimeSpan time)
    {
        var busy = TimeSpan.FromSeconds(2);
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMinutes(1))
        {
            Time.Advance(TimeSpan.FromMinutes(1) - busy);
            for (var step = TimeSpan.Zero; step < busy; step += Step)
            {
                await StepAsync();
            }

            await Task.Delay(RealPause, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Stopping waits for deliveries by the clock.
        var stopped = _host.DisposeAsync().AsTask();
        await WhileItRunsAsync(Task.Run(async () =>
        {
            await stopped;
            return true;
        }));
    }

    private async Task<T> WhileItRunsAsync<T>(Task<T> work)
    {
        await UntilAsync(() => work.IsCompleted);
        return await work;
    }

    private async Task StepAsync()
    {
        Time.Advance(Step);
        await Task.Delay(RealStep, TestContext.Current.CancellationToken);
    }

    private static SettingsSurroundings Surroundings(string directory) => new(_ => null, directory, "mail.example.com");
}
