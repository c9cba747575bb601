using System.Globalization;
using Microsoft.Data.Sqlite;
using Signet.Sending;
using Signet.Server.Tests.Clients;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>
/// Every limit is kept for an account in a region: what a tenant gets who makes regions up, and how an operator stops a tenant in all of
/// them.
/// </summary>
public sealed class RegionsTests : IDisposable
{
    private const string Account = "111122223333";

    private static readonly string[] Serve =
        ["serve", "--http", "127.0.0.1:0", "--inspection", "127.0.0.1:0", "--smtp", "none", "--route", "capture", "--hostname", "signet.test"];

    // All that a request of a tenant may write, but for the record of its refusal.
    private static readonly string[] Tables =
        ["account_settings", "identity", "identity_policy", "dkim_key", "confirmation", "message", "message_content", "delivery", "event", "sending_counter"];

    private readonly string _data = Directory.CreateTempSubdirectory("signet-test-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_tenant_that_makes_regions_up_is_refused_in_each_and_only_some_of_the_refusals_are_recorded()
    {
        var (id, secret) = await NewKeyAsync();
        await using var signet = await RunningSignet.StartAsync(_data, Serve);
        Assert.Equal(0, await RowsAsync());

        for (var i = 0; i < 200; i++)
        {
            using var ses = new SesCaller(signet.Url, id, secret, $"made-up-{i}");
            await RefusedAsync(ses, "VerifyEmailIdentity", ("EmailAddress", "stranger@example.net"));
            await RefusedAsync(ses, "VerifyDomainDkim", ("Domain", "example.net"));
            await RefusedAsync(ses, "UpdateAccountSendingEnabled", ("Enabled", "true"));
            Assert.StartsWith("SignatureDoesNotMatch: ", await ses.SendAsync("a@example.com", "stranger@example.net"), StringComparison.Ordinal);
        }

        Assert.Equal(0, await RowsAsync());
        Assert.InRange(await RowsAsync("refusal"), 1, ISendingHistory.MaxUnprovenRefusals);
        using var real = new SesCaller(signet.Url, id, secret);
        Assert.Equal(200, (await real.CallAsync("VerifyEmailIdentity", ("EmailAddress", "me@example.com"))).Status);
        Assert.NotEqual(0, await RowsAsync());
        Assert.Equal(0, await signet.StopAsync());
    }

    [Fact]
    public async Task An_account_is_paused_at_once_in_every_region_and_resumed_beside_a_running_server()
    {
        var (id, secret) = await NewKeyAsync();
        string[] regions = ["us-east-1", "eu-west-1"];
        foreach (var region in regions)
        {
            await Command.RunAsync("account", "update", Account, "--production", "--region", region, "--data", _data);
            await Command.RunAsync("identity", "verify", "example.com", "--now", "--account", Account, "--region", region, "--data", _data);
        }

        await using var signet = await RunningSignet.StartAsync(_data, Serve);
        using var here = new SesCaller(signet.Url, id, secret, regions[0]);
        using var there = new SesCaller(signet.Url, id, secret, regions[1]);
        SesCaller[] callers = [here, there];
        await SentAsync();

        var paused = await Command.RunAsync("account", "update", Account, "--pause", "spam", "--data", _data);

        Assert.Equal("spam", paused.GetProperty("paused").GetProperty("reason").GetString());
        foreach (var ses in callers)
        {
            Assert.Equal(
                "AccountSendingPausedException: Sending paused for this account. For more information, please contact the operator of this server.",
                await ses.SendAsync("a@example.com", "you@example.net"));
            await ses.CallAsync("UpdateAccountSendingEnabled", ("Enabled", "true"));
            Assert.Contains("<Enabled>false</Enabled>", (await ses.CallAsync("GetAccountSendingEnabled")).Body, StringComparison.Ordinal);
            Assert.Contains("AccountSendingPausedException", (await ses.CallAsync("VerifyEmailIdentity", ("EmailAddress", "you@example.net"))).Body, StringComparison.Ordinal);
        }

        await Command.RunAsync("account", "update", Account, "--resume", "--data", _data);
        await SentAsync();
        Assert.Equal(0, await signet.StopAsync());

        async Task SentAsync()
        {
            foreach (var ses in callers)
            {
                Assert.Matches("^010[02][0-9a-f]{12}-", await ses.SendAsync("a@example.com", "you@example.net"));
            }
        }
    }

    [Fact]
    public async Task What_is_in_a_region_that_is_no_longer_listed_is_warned_of_and_stays()
    {
        await NewKeyAsync();
        string[] show = ["identity", "show", "example.com", "--account", Account, "--region", "eu-west-1", "--data", _data];
        await Command.RunAsync("identity", "verify", "example.com", "--now", "--account", Account, "--region", "eu-west-1", "--data", _data);

        await using var signet = await RunningSignet.StartAsync(_data, [.. Serve, "--regions", "us-east-1,us-west-2"]);

        var (exit, refusal) = await Command.TryRunAsync(show);
        Assert.Equal((2, "signet: `eu-west-1` is not a region of this server, which has us-east-1, us-west-2 (setting `--regions`)"), (exit, refusal.Trim()));
        Assert.Equal("Success", (await Command.RunAsync([.. show, "--regions", "eu-west-1"])).GetProperty("status").GetString());
        Assert.Equal(2, (await Command.TryRunAsync(show)).ExitCode);
        Assert.Equal(0, await signet.StopAsync());
        Assert.Contains(
            "--regions does not list eu-west-1, so requests for these regions are refused; what they hold stays (identities: 1, accounts with settings of their own: 0)",
            signet.Output, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(SesCaller ses, string action, (string Name, string Value) parameter)
    {
        var (status, body) = await ses.CallAsync(action, parameter);

        Assert.Equal(403, status);
        Assert.Contains("Credential should be scoped to a valid region, not", body, StringComparison.Ordinal);
        Assert.Contains("--regions", body, StringComparison.Ordinal);
    }

    private async Task<(string Id, string Secret)> NewKeyAsync()
    {
        await Command.RunAsync("account", "create", Account, "--data", _data);
        var key = await Command.RunAsync("key", "create", "--account", Account, "--data", _data);
        return (key.GetProperty("accessKeyId").GetString()!, key.GetProperty("secretAccessKey").GetString()!);
    }

    private Task<long> RowsAsync() => RowsAsync(Tables);

    private async Task<long> RowsAsync(params string[] tables)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_data, "signet.db")};Pooling=false");
        await connection.OpenAsync(Cancel);
        await using var count = connection.CreateCommand();
        count.CommandText = $"SELECT {string.Join(" + ", tables.Select(t => $"(SELECT COUNT(*) FROM {t})"))}";
        return Convert.ToInt64(await count.ExecuteScalarAsync(Cancel), CultureInfo.InvariantCulture);
    }
}
