using System.Text.Json;
using Signet.Server.Tests.Clients;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>Commands print the DNS records that the server on the same store looks for.</summary>
public sealed class ServerNamesTests : IDisposable
{
    private const string Account = "111122223333";

    private static readonly string[] Serve =
        ["serve", "--http", "127.0.0.1:0", "--inspection", "127.0.0.1:0", "--smtp", "none", "--route", "capture"];

    private readonly string _data = Directory.CreateTempSubdirectory("signet-test-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Theory]
    [InlineData("dkim.mail.example.com", "--hostname", "mail.example.com")]
    [InlineData("keys.example.net", "--hostname", "mail.example.com", "--dkim-zone", "keys.example.net")]
    public async Task A_command_takes_the_zone_of_the_server_that_started_last(string zone, params string[] names)
    {
        await Command.RunAsync("account", "create", Account, "--data", _data);
        await using (var before = await RunningSignet.StartAsync(_data, [.. Serve, "--hostname", "old.example.com"]))
        {
            Assert.Equal(0, await before.StopAsync());
        }

        await using var signet = await RunningSignet.StartAsync(_data, [.. Serve, .. names]);
        await Eventually.TrueAsync(() => signet.Output.Contains(
            $"DKIM keys are expected below {zone} from now on, and no longer below dkim.old.example.com", StringComparison.Ordinal));
        string[] verify = ["identity", "verify", "example.org", "--account", Account, "--data", _data];

        Assert.All(Aliases(await Command.RunAsync(verify)), target => Assert.EndsWith($".{zone}", target, StringComparison.Ordinal));
        Assert.All(
            Aliases(await Command.RunAsync([.. verify, "--dkim-zone", "other.example.net"])),
            target => Assert.EndsWith(".other.example.net", target, StringComparison.Ordinal));
        Assert.All(Aliases(await Command.RunAsync(verify)), target => Assert.EndsWith($".{zone}", target, StringComparison.Ordinal));
        Assert.Equal(0, await signet.StopAsync());
    }

    private static List<string> Aliases(JsonElement identity)
    {
        List<string> targets =
        [
            .. identity.GetProperty("records").EnumerateArray()
                .Where(r => r.GetProperty("type").GetString() == "CNAME")
                .Select(r => r.GetProperty("value").GetString()!),
        ];
        Assert.Equal(3, targets.Count);
        return targets;
    }
}
