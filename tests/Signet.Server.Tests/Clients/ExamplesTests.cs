using System.Runtime.InteropServices;
using System.Text.Json;
using Signet.Server.Tests.Fakes;

namespace Signet.Server.Tests.Clients;

/// <summary>The examples in docs/examples, run as their pages say: with a server that is there, and with one that they start.</summary>
public sealed class ExamplesTests
{
    /// <summary>How many tests each example has.</summary>
    private const int Tests = 12;

    /// <summary>How many of them send a mail.</summary>
    private const int Mails = 10;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_pytest_example_passes_on_four_workers_and_cleans_up()
    {
        var python = await Counterpart.RequirePythonAsync("pytest", "xdist", "boto3");

        await PassesBesideAServerAsync($"{Tests} passed", python, [.. Pytest(), "-n", "4"]);
    }

    [Fact]
    public async Task The_pytest_example_starts_a_server_of_its_own()
    {
        var python = await Counterpart.RequirePythonAsync("pytest", "boto3");

        await PassesAsync($"{Tests} passed", python, Pytest(), Own());
    }

    [Fact]
    public async Task The_vitest_example_passes_in_files_beside_each_other_and_cleans_up()
    {
        await RequireVitestAsync();

        await PassesBesideAServerAsync($"Tests  {Tests} passed", "node", Vitest());
    }

    [Fact]
    public async Task The_vitest_example_starts_a_server_of_its_own()
    {
        await RequireVitestAsync();

        await PassesAsync($"Tests  {Tests} passed", "node", Vitest(), Own());
    }

    private static async Task PassesBesideAServerAsync(string closing, string command, string[] arguments)
    {
        await using var signet = await RunningSignet.StartAsync(null, "dev", "--http", "127.0.0.1:0", "--smtp", "none");

        await PassesAsync(closing, command, arguments, new() { ["SIGNET_URL"] = signet.Url });

        using var http = new HttpClient();
        using var left = JsonDocument.Parse(await http.GetStringAsync(new Uri($"{signet.Url}/_signet/messages/count"), Cancel));
        Assert.Equal(0, left.RootElement.GetProperty("count").GetInt32());
        Assert.Equal(0, await signet.StopAsync());
        Assert.Equal(Mails, signet.Output.Split('\n').Count(line => line.Contains("@example.net (captured", StringComparison.Ordinal)));
    }

    private static async Task PassesAsync(string closing, string command, string[] arguments, Dictionary<string, string> environment)
    {
        environment["PYTHONDONTWRITEBYTECODE"] = "1";
        environment["NO_COLOR"] = "1";
        var (exit, output) = await Counterpart.RunAsync(command, arguments, environment, Cancel);

        Assert.True(exit == 0, output);
        Assert.Contains(closing, output, StringComparison.Ordinal);
    }

    private static Task RequireVitestAsync() =>
        Counterpart.RequireAsync("vitest (npm ci in docs/examples/vitest)", "node", VitestProgram(), "--version");

    private static string[] Pytest() => ["-m", "pytest", "-p", "no:cacheprovider", Folder("pytest")];

    private static string[] Vitest() => [VitestProgram(), "run", "--root", Folder("vitest")];

    private static string VitestProgram() => Path.Combine(Folder("vitest"), "node_modules", "vitest", "vitest.mjs");

    private static string Folder(string example) => Path.Combine(Repository.Root, "docs", "examples", example);

    /// <summary>No server is there; <c>signet</c> is on the PATH, and finds the runtime that runs the tests.</summary>
    private static Dictionary<string, string> Own() => new()
    {
        ["SIGNET_URL"] = "",
        ["PATH"] = AppContext.BaseDirectory + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH"),
        ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")),
    };
}
