using System.Globalization;
using System.Text;
using System.Text.Json;
using Signet.Sending;
using Signet.Server.Tests.Clients;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>What one tenant can make the server do, log and keep by sends that are refused.</summary>
public sealed class RefusedSendsTests
{
    private const string Account = "111122223333";
    private const int Sends = 3 * RefusalLimit.Burst;

    [Fact]
    public async Task A_tenant_whose_sends_are_all_refused_is_told_to_slow_down_and_fills_neither_log_nor_store()
    {
        await using var signet = await RunningSignet.StartAsync(null, "dev", "--strict", "--http", "127.0.0.1:0", "--smtp", "none");
        using var ses = new SesCaller(signet.Url, Account, "test");
        List<string> answers = [];
        for (var i = 0; i < Sends; i++)
        {
            answers.Add(await ses.SendAsync($"a{i}@elsewhere.test", "c@client.test"));
        }

        var recorded = answers.Count(a => a.StartsWith("MessageRejected: Email address is not verified.", StringComparison.Ordinal));
        var slowed = answers.Count(a => a.StartsWith(
            "Throttling: Maximum sending rate exceeded. Too many sends of this account are refused, this one too: Email address", StringComparison.Ordinal));
        Assert.Equal(Sends, recorded + slowed);
        Assert.InRange(recorded, RefusalLimit.Burst, Sends - 1);
        Assert.Equal(recorded, await RefusalsAsync(signet));
        var lines = signet.Output.Split('\n').Where(l => l.Contains("not authorised", StringComparison.Ordinal)).ToList();
        Assert.Equal(recorded, lines.Count);
        Assert.All(lines, l => Assert.InRange(l.Length, 1, 1_000));
        Assert.All(lines, l => Assert.Matches($@"not authorised: .+ \({signet.Url}/?console/why/refusals/[0-9a-f-]{{36}}\)$", l));

        Assert.Equal(0, await signet.StopAsync());
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"{slowed} more refusals are not recorded: sends of account {Account}"), signet.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_of_thousands_of_authors_is_refused_unread_and_leaves_one_line()
    {
        await using var signet = await RunningSignet.StartAsync(null, "dev", "--strict", "--http", "127.0.0.1:0", "--smtp", "none");
        using var ses = new SesCaller(signet.Url, Account, "test");
        var authors = string.Join(",\r\n ", Enumerable.Range(0, 15_000).Select(i => $"a{i}@b.cc"));
        var message = Convert.ToBase64String(Encoding.ASCII.GetBytes($"From: {authors}\r\nTo: c@client.test\r\n\r\nx\r\n"));

        var (status, body) = await ses.CallAsync("SendRawEmail", ("RawMessage.Data", message));

        Assert.Equal(400, status);
        Assert.Contains("<Message>From address count exceeds 10.</Message>", body, StringComparison.Ordinal);
        Assert.Equal(1, await RefusalsAsync(signet));
        Assert.DoesNotContain("not authorised", signet.Output, StringComparison.Ordinal);
    }

    private static async Task<int> RefusalsAsync(RunningSignet signet)
    {
        using var http = new HttpClient();
        using var found = JsonDocument.Parse(
            await http.GetStringAsync(new Uri($"{signet.Url}/_signet/refusals?limit=1000"), TestContext.Current.CancellationToken));
        return found.RootElement.GetProperty("refusals").GetArrayLength();
    }
}
