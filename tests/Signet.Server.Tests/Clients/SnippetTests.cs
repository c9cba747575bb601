using Signet.Web.Messages;

namespace Signet.Server.Tests.Clients;

/// <summary>The programs that the empty console offers, as somebody copies them, against the started program.</summary>
public sealed class SnippetTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("signet-test-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task The_shell_program_sends_a_mail()
    {
        await Counterpart.RequireAsync("the AWS CLI", "aws", "--version");

        await RunAsync("shell", "bash", "first-mail.sh");
    }

    [Fact]
    public async Task The_python_program_sends_a_mail()
    {
        var python = await Counterpart.RequirePythonAsync("boto3");

        await RunAsync("python", python, "first_mail.py");
    }

    [Fact]
    public async Task The_node_program_sends_a_mail()
    {
        var modules = Path.Combine(RealClientTests.Folder(), "javascript", "node_modules");
        await Counterpart.RequireAsync("the JavaScript SDK (npm ci in tests/clients/javascript)", "node", "--input-type=module", "-e",
            $"await import('{new Uri(Path.Combine(modules, "@aws-sdk", "client-ses", "dist-cjs", "index.js"))}')");
        Directory.CreateSymbolicLink(Path.Combine(directory, "node_modules"), modules);

        await RunAsync("node", "node", "first-mail.mjs");
    }

    private async Task RunAsync(string key, string command, string file)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var signet = await RunningSignet.StartAsync(null, "dev", "--http", "127.0.0.1:0", "--smtp", "none");
        var program = Snippet.All.Single(s => s.Key == key).Fill(
            new SnippetValues(signet.Url.TrimEnd('/'), "us-east-1", "test", "test", "app@example.com", "you@example.net", Verifies: true));
        var path = Path.Combine(directory, file);
        await File.WriteAllTextAsync(path, program, cancel);

        var (exit, output) = await Counterpart.RunAsync(command, [path], new Dictionary<string, string>(), cancel);

        Assert.True(exit == 0, $"{program}\n{output}\nsignet said:\n{signet.Output}");
        using var http = new HttpClient();
        var count = await http.GetStringAsync(new Uri($"{signet.Url.TrimEnd('/')}/_signet/messages/count?to=you@example.net&subject=Hello"), cancel);
        Assert.Equal("{\"count\":1}", count);
    }
}
