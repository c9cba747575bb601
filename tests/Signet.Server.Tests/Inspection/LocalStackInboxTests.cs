using Signet.Server.Tests.Fakes;
using Signet.Tests;

namespace Signet.Server.Tests.Inspection;

public sealed class LocalStackInboxTests
{
    private readonly FakeDomain domain = new();

    public LocalStackInboxTests()
    {
        domain.Archive.Add(
            Samples.Message(1, "to@example.org", "hello", "Ann <ann@example.com>", "SendEmail", "cc@example.org", "hidden@example.org"),
            """
            From: Ann <ann@example.com>
            To: Bob <to@example.org>
            Cc: cc@example.org
            Subject: hello
            Content-Type: text/plain

            text
            """);
        domain.Archive.Add(
            Samples.Message(2, operation: "SendRawEmail"),
            """
            From: from@example.com
            Subject: hello

            raw
            """);
    }

    [Fact]
    public async Task Messages_have_the_shape_of_LocalStack_oldest_first()
    {
        await using var host = await TestHost.DevAsync(domain);

        var (status, body) = await host.GetAsync("/_aws/ses");

        Assert.Equal(200, status);
        Golden.Matches(Path.Combine(Golden.Folder(), "localstack-messages.json"), body);
    }

    [Fact]
    public async Task In_dev_a_confirmation_mail_has_the_body_with_its_link()
    {
        domain.Archive.Add(
            Samples.Message(3, operation: "VerifyEmailIdentity") with { Owner = null },
            """
            From: Signet <no-reply@signet.test>
            To: to@example.org
            Subject: Confirm
            Content-Type: text/plain

            https://signet.test/confirm/1
            """);
        await using var host = await TestHost.DevAsync(domain);

        var (_, body) = await host.GetAsync($"/_aws/ses?id={Samples.Id(3)}");

        Assert.Contains("\"Region\":\"us-east-1\"", body, StringComparison.Ordinal);
        Assert.Contains("\"text_part\":\"https://signet.test/confirm/1", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("email=from@example.com", 2)]
    [InlineData("email=Ann%20%3Cann@example.com%3E", 1)]
    [InlineData("email=ann@example.com", 0)]
    [InlineData("id=unknown", 0)]
    [InlineData("id=0100019c00000001-11111111-2222-4333-8444-555555555555-000000", 1)]
    [InlineData("id=0100019c00000001-11111111-2222-4333-8444-555555555555-000000&email=from@example.com", 0)]
    public async Task Id_and_email_choose_messages(string query, int expected)
    {
        await using var host = await TestHost.DevAsync(domain);

        var (_, body) = await host.GetAsync($"/_aws/ses?{query}");

        Assert.Equal(expected == 1, body.Contains(Samples.Id(1).Value, StringComparison.Ordinal));
        Assert.Equal(expected == 2, body.Contains(Samples.Id(2).Value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deleting_one_leaves_the_others_and_deleting_all_leaves_none()
    {
        await using var host = await TestHost.DevAsync(domain);

        Assert.Equal(204, (await host.SendAsync(HttpMethod.Delete, $"/_aws/ses?id={Samples.Id(1)}")).Status);
        Assert.Contains(Samples.Id(2).Value, (await host.GetAsync("/_aws/ses")).Body, StringComparison.Ordinal);
        Assert.Equal(204, (await host.SendAsync(HttpMethod.Delete, "/_aws/ses")).Status);
        Assert.Equal((200, """{"messages":[]}"""), await host.GetAsync("/_aws/ses"));
    }

    [Fact]
    public async Task Deleting_what_is_not_there_is_404()
    {
        await using var host = await TestHost.DevAsync(domain);

        Assert.Equal((404, """{"error":"no message `x`"}"""), await host.SendAsync(HttpMethod.Delete, "/_aws/ses?id=x"));
    }
}
