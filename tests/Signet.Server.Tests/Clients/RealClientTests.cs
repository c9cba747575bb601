using System.Runtime.CompilerServices;

namespace Signet.Server.Tests.Clients;

/// <summary>The scripts of <c>tests/clients</c> against the started program.</summary>
public sealed class RealClientTests
{
    [Fact]
    public async Task Boto3_does_all_of_it_with_two_accounts_and_a_user()
    {
        var python = await Counterpart.RequirePythonAsync("boto3");

        await RunAsync(python, "-m", "unittest", "-v", "test_boto3");
    }

    [Fact]
    public async Task Django_sends_as_django_ses_does_with_default_settings()
    {
        var python = await Counterpart.RequirePythonAsync("boto3", "django");

        await RunAsync(python, "-W", "ignore::ResourceWarning", "-m", "unittest", "-v", "test_django_ses");
    }

    [Fact]
    public async Task The_aws_cli_lends_a_domain_and_sends_with_it()
    {
        var python = await Counterpart.RequirePythonAsync("unittest");
        await Counterpart.RequireAsync("the AWS CLI", "aws", "--version");

        await RunAsync(python, "-m", "unittest", "-v", "test_aws_cli");
    }

    [Fact]
    public async Task The_javascript_sdk_does_the_same()
    {
        await RequireNodePackageAsync("@aws-sdk/client-ses");

        await RunAsync("node", "--test", "javascript/ses.test.mjs");
    }

    [Fact]
    public async Task Node_ses_sends_with_its_own_signatures()
    {
        await RequireNodePackageAsync("node-ses");

        await RunAsync("node", "--test", "javascript/node-ses.test.mjs");
    }

    [Fact]
    public async Task Nodemailer_6_sends_through_its_ses_transport()
    {
        await RequireNodePackageAsync("nodemailer");

        await RunAsync("node", "--test", "javascript/nodemailer.test.mjs");
    }

    private static Task RequireNodePackageAsync(string name) => Counterpart.RequireAsync(
        $"{name} (npm ci in tests/clients/javascript)", "node", "-e", "require(process.argv[1])",
        Path.Combine(Folder(), "javascript", "node_modules", name));

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
