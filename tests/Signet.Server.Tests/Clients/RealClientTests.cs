using System.Runtime.CompilerServices;

namespace Signet.Server.Tests.Clients;

/// <summary>The scripts of <c>tests/clients</c> against the started program.</summary>
public sealed class RealClientTests
{
    [Fact]
    public async Task Boto3_does_all_of_it_with_two_accounts_and_a_user()
    {
        var python = Python();
        await Counterpart.RequireAsync("boto3", python, "-c", "import boto3");

        await RunAsync(python, "-m", "unittest", "-v", "test_boto3");
    }

    [Fact]
    public async Task The_aws_cli_lends_a_domain_and_sends_with_it()
    {
        await Counterpart.RequireAsync("the AWS CLI", "aws", "--version");

        await RunAsync(Python(), "-m", "unittest", "-v", "test_aws_cli");
    }

    [Fact]
    public async Task The_javascript_sdk_does_the_same()
    {
        await Counterpart.RequireAsync("the JavaScript SDK (npm ci in tests/clients/javascript)", "node", "--input-type=module", "-e",
            $"await import('{new Uri(Path.Combine(Folder(), "javascript", "node_modules", "@aws-sdk", "client-ses", "dist-cjs", "index.js"))}')");

        await RunAsync("node", "--test", "javascript/ses.test.mjs");
    }

    internal static string Python() => OperatingSystem.IsWindows() ? "python" : "python3";

    private static async Task RunAsync(string command, params string[] arguments)
    {
        await using var signet = await RunningSignet.StartAsync(null, "dev", "--http", "127.0.0.1:0", "--smtp", "none");

        var environment = signet.Environment();
        environment["PYTHONPATH"] = Folder();
        environment["PYTHONDONTWRITEBYTECODE"] = "1";
        var (exit, output) = await Counterpart.RunAsync(
            command,
            arguments.Select(a => a.EndsWith(".mjs", StringComparison.Ordinal) ? Path.Combine(Folder(), a) : a),
            environment,
            TestContext.Current.CancellationToken);

        Assert.True(exit == 0, $"{command} {string.Join(' ', arguments)}:\n{output}\nsignet said:\n{signet.Output}");
    }

    internal static string Folder([CallerFilePath] string caller = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", "clients"));
}
