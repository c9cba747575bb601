using System.Text.Json;
using Signet.Events;
using Signet.Queue;
using Signet.Server.Tests.Fakes;

namespace Signet.Server.Tests.Inspection;

public sealed class MessageEndpointsTests
{
    private const string Content = """
        From: from@example.com
        To: to@example.org
        Subject: hello
        MIME-Version: 1.0
        Content-Type: multipart/alternative; boundary=b

        --b
        Content-Type: text/plain

        text
        --b
        Content-Type: text/html

        <script>html</script>
        --b--

        """;

    private readonly FakeDomain domain = new();

    [Fact]
    public async Task Messages_are_listed_newest_first_and_page_by_page()
    {
        for (var number = 1; number <= 3; number++)
        {
            domain.Archive.Add(Samples.Message(number), Content);
        }

        await using var host = await TestHost.DevAsync(domain);
        var first = await JsonAsync(host, "/_signet/messages?limit=2");
        var second = await JsonAsync(host, $"/_signet/messages?limit=2&before={first.GetProperty("next").GetString()}");

        Assert.Equal([Samples.Id(3).Value, Samples.Id(2).Value], Ids(first));
        Assert.Equal([Samples.Id(1).Value], Ids(second));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
    }

    [Theory]
    [InlineData("to=other@", 2)]
    [InlineData("subject=WORLD", 2)]
    [InlineData("from=from@&since=2026-01-31T12:00:02Z", 2)]
    [InlineData("text=wor+hello", 2)]
    [InlineData("address=other", 2)]
    [InlineData("id=0100019c00000001-11111111-2222-4333-8444-555555555555-000000", 1)]
    [InlineData("state=Delivered&tag=campaign%3Done&until=2026-01-31T12:00:02Z", 1)]
    [InlineData("tag=campaign", 2, 1)]
    [InlineData("tag=campaign%3Dtwo")]
    [InlineData("to=", 2, 1)]
    [InlineData("account=444455556666")]
    public async Task Filters_choose_messages(string query, params int[] expected)
    {
        domain.Archive.Add(Samples.Message(1), Content);
        domain.Archive.Add(Samples.Message(2, "other@example.org", "hello world"), Content);
        await using var host = await TestHost.DevAsync(domain);

        var answer = await JsonAsync(host, $"/_signet/messages?{query}");

        Assert.Equal(expected.Select(n => Samples.Id(n).Value), Ids(answer));
        Assert.Equal(expected.Length, (await JsonAsync(host, $"/_signet/messages/count?{query}")).GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Mail_of_the_server_itself_is_listed_and_its_content_is_not_shown()
    {
        domain.Archive.Add(Samples.Message(1) with { Owner = null, Principal = ServerMail.Principal, IsContentHidden = true }, Content);
        await using var host = await TestHost.ServeAsync(domain);

        var list = await JsonAsync(host, "/_signet/messages", host.Inspection);
        var shown = await JsonAsync(host, $"/_signet/messages/{Samples.Id(1)}", host.Inspection);

        Assert.Equal([Samples.Id(1).Value], Ids(list));
        Assert.Equal(JsonValueKind.Null, list.GetProperty("messages")[0].GetProperty("account").ValueKind);
        Assert.False(shown.GetProperty("contentKept").GetBoolean());
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("text").ValueKind);
        Assert.Empty(shown.GetProperty("headers").EnumerateArray());
        Assert.Equal(
            (403, $$"""{"error":"{{ServerMail.NotShown}}"}"""), await host.GetAsync($"/_signet/messages/{Samples.Id(1)}/raw", host.Inspection));
        Assert.Equal((200, """{"messages":[]}"""), await host.GetAsync("/_aws/ses", host.Inspection));
        Assert.Empty((await JsonAsync(host, "/_signet/messages?account=111122223333", host.Inspection)).GetProperty("messages").EnumerateArray());
    }

    [Fact]
    public async Task One_message_shows_texts_deliveries_tags_and_decision()
    {
        domain.Archive.Add(Samples.Message(1), Content);
        await using var host = await TestHost.DevAsync(domain);

        var answer = await JsonAsync(host, $"/_signet/messages/{Samples.Id(1)}");

        Assert.True(answer.GetProperty("contentKept").GetBoolean());
        Assert.Equal("text", answer.GetProperty("text").GetString());
        Assert.Equal("<script>html</script>", answer.GetProperty("html").GetString());
        Assert.True(answer.GetProperty("decision").GetProperty("allowed").GetBoolean());
        var message = answer.GetProperty("message");
        Assert.Equal("campaign", message.GetProperty("tags")[0].GetProperty("name").GetString());
        Assert.Equal("delivered", message.GetProperty("deliveries")[0].GetProperty("state").GetString());
    }

    [Fact]
    public async Task One_message_tells_To_Cc_Bcc_and_Reply_To_apart()
    {
        var stored = Samples.Message(1);
        domain.Archive.Add(stored, "To: Ada <ada@example.net>\nCc: cy@example.net\nReply-To: desk@example.com\n\ntext\n");
        await using var host = await TestHost.DevAsync(domain);

        var answer = await JsonAsync(host, $"/_signet/messages/{Samples.Id(1)}");

        string[] Of(string name) => [.. answer.GetProperty(name).EnumerateArray().Select(a => a.GetString()!)];
        Assert.Equal(["Ada <ada@example.net>"], Of("to"));
        Assert.Equal(["cy@example.net"], Of("cc"));
        Assert.Equal(stored.Deliveries.Select(d => d.Recipient), Of("bcc"));
        Assert.Equal(["desk@example.com"], Of("replyTo"));
    }

    [Theory]
    [InlineData(500, false)]
    [InlineData(501, true)]
    [InlineData(300_000, true)]
    public async Task A_message_of_more_parts_than_are_accepted_now_shows_the_first_of_them(int parts, bool isMore)
    {
        domain.Archive.Add(
            Samples.Message(1), $"Content-Type: multipart/mixed; boundary=b\n\n{string.Concat(Enumerable.Repeat("--b\n\nx\n", parts))}--b--\n");
        await using var host = await TestHost.DevAsync(domain);

        var answer = await JsonAsync(host, $"/_signet/messages/{Samples.Id(1)}");

        Assert.Equal(isMore, answer.GetProperty("moreParts").GetBoolean());
        Assert.Equal(499, answer.GetProperty("attachments").GetArrayLength());
    }

    [Fact]
    public async Task A_message_whose_content_is_forgotten_still_shows_its_story()
    {
        domain.Archive.Add(Samples.Message(1), null);
        await using var host = await TestHost.DevAsync(domain);

        var answer = await JsonAsync(host, $"/_signet/messages/{Samples.Id(1)}");
        var (status, body) = await host.GetAsync($"/_signet/messages/{Samples.Id(1)}/raw");

        Assert.False(answer.GetProperty("contentKept").GetBoolean());
        Assert.Equal(404, status);
        Assert.Equal($$"""{"error":"the content of `{{Samples.Id(1)}}` is no longer kept"}""", body);
    }

    [Fact]
    public async Task Raw_bytes_are_no_page_for_a_browser()
    {
        domain.Archive.Add(Samples.Message(1), Content);
        await using var host = await TestHost.DevAsync(domain);

        using var response = await host.Http.GetAsync(
            new Uri($"/_signet/messages/{Samples.Id(1)}/raw", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("message/rfc822", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(
            Content.ReplaceLineEndings("\r\n"), await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Events_have_their_detail_as_an_object()
    {
        domain.Archive.Add(Samples.Message(1), Content);
        domain.Archive.Add(new MessageEvent(
            Guid.Empty, Samples.Id(1), Samples.Owner, DateTimeOffset.UnixEpoch, EventType.Delivery, ["to@example.org"], """{"smtpResponse":"250 ok"}"""));
        await using var host = await TestHost.DevAsync(domain);

        foreach (var path in (string[])[$"/_signet/messages/{Samples.Id(1)}/events", "/_signet/events?type=delivery"])
        {
            var happened = (await JsonAsync(host, path)).GetProperty("events")[0];

            Assert.Equal("Delivery", happened.GetProperty("type").GetString());
            Assert.Equal("250 ok", happened.GetProperty("detail").GetProperty("smtpResponse").GetString());
        }
    }

    [Fact]
    public async Task Deleting_answers_how_many_went()
    {
        domain.Archive.Add(Samples.Message(1), Content);
        domain.Archive.Add(Samples.Message(2), Content);
        domain.Archive.Add(Samples.Message(3, subject: "other"), Content);
        await using var host = await TestHost.DevAsync(domain);

        foreach (var slip in (string[])["?acount=1", "?limit=1", "?wait=1", "?subject=", "?to"])
        {
            Assert.Equal(400, (await host.SendAsync(HttpMethod.Delete, "/_signet/messages" + slip)).Status);
        }

        Assert.Equal(400, (await host.SendAsync(HttpMethod.Delete, "/_aws/ses?id=")).Status);
        Assert.Equal((200, """{"deleted":2}"""), await host.SendAsync(HttpMethod.Delete, "/_signet/messages?subject=hello"));
        Assert.Equal((200, """{"deleted":1}"""), await host.SendAsync(HttpMethod.Delete, $"/_signet/messages/{Samples.Id(3)}"));
        Assert.Equal(404, (await host.SendAsync(HttpMethod.Delete, $"/_signet/messages/{Samples.Id(3)}")).Status);
    }

    [Theory]
    [InlineData("/_signet/messages?limit=0", "`limit` is a number from 1 to 1000, not `0`")]
    [InlineData("/_signet/messages?limit=many", "`limit` is a number from 1 to 1000, not `many`")]
    [InlineData("/_signet/messages?wait=301", "`wait` is a number from 0 to 300, not `301`")]
    [InlineData("/_signet/messages?state=lost", "`state` is one of queued, deferred, held, delivered, failed, not `lost`")]
    [InlineData("/_signet/messages?since=soon", "`since` is a time as in 2026-01-31T12:00:00Z, not `soon`")]
    [InlineData("/_signet/messages?before=x", "`before` is a MessageId, not `x`")]
    [InlineData("/_signet/messages?account=1", "`account` is twelve digits, not `1`")]
    [InlineData("/_signet/events?type=Open", "`type` is one of Send, Reject, Delivery, DeliveryDelay, Bounce, Complaint, not `Open`")]
    [InlineData("/_signet/events?region=eu-west-1", "`region` needs `account` beside it")]
    [InlineData("/_signet/refusals?limit=-1", "`limit` is a number from 1 to 1000, not `-1`")]
    public async Task A_bad_parameter_is_answered_in_words(string path, string error)
    {
        await using var host = await TestHost.DevAsync(domain);

        Assert.Equal((400, $$"""{"error":"{{error}}"}"""), await host.GetAsync(path));
    }

    [Theory]
    [InlineData("/_signet/messages/x", "no message `x`")]
    [InlineData("/_signet/messages/x/raw", "no message `x`")]
    [InlineData("/_signet/messages/x/events", "no message `x`")]
    [InlineData("/_signet/messages/x/decision", "no message `x`")]
    [InlineData("/_signet/nothing", "nothing is at `/_signet/nothing`")]
    public async Task What_is_not_there_is_404_in_words(string path, string error)
    {
        await using var host = await TestHost.DevAsync(domain);

        Assert.Equal((404, $$"""{"error":"{{error}}"}"""), await host.GetAsync(path));
    }

    [Fact]
    public async Task A_store_that_is_away_is_503()
    {
        domain.Archive.Failure = new StoreUnavailableException("disk full");
        await using var host = await TestHost.DevAsync(domain);

        Assert.Equal((503, """{"error":"the store does not answer"}"""), await host.GetAsync("/_signet/messages"));
    }

    [Fact]
    public async Task Only_dev_forgets_everything()
    {
        await using (var dev = await TestHost.DevAsync(domain))
        {
            Assert.Equal(204, (await dev.SendAsync(HttpMethod.Post, "/_signet/reset")).Status);
            Assert.True(domain.Archive.WasReset);
        }

        var production = new FakeDomain();
        await using var serve = await TestHost.ServeAsync(production);
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Post, "/_signet/reset"), (HttpMethod.Delete, "/_signet/messages"), (HttpMethod.Delete, "/_aws/ses"),
        })
        {
            var answer = await serve.SendAsync(method, path, client: serve.Inspection);
            Assert.Equal((403, """{"error":"only `signet dev` deletes and resets"}"""), answer);
        }

        Assert.False(production.Archive.WasReset);
    }

    private static IEnumerable<string> Ids(JsonElement list) =>
        list.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("id").GetString()!);

    private static async Task<JsonElement> JsonAsync(TestHost host, string path, HttpClient? client = null)
    {
        var (status, body) = await host.GetAsync(path, client);
        Assert.True(status == 200, body);
        return JsonDocument.Parse(body).RootElement;
    }
}
