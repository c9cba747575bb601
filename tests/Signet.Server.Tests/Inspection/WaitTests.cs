using System.Text.Json;
using Signet.Server.Inspection;
using Signet.Server.Tests.Fakes;

namespace Signet.Server.Tests.Inspection;

public sealed class WaitTests
{
    private readonly FakeDomain domain = new();

    [Fact]
    public async Task A_wait_ends_with_the_message_that_arrives()
    {
        await using var host = await TestHost.DevAsync(domain);
        var waiting = host.GetAsync("/_signet/messages?wait=300&subject=hello");
        await domain.Archive.FoundNothing.Task.InTimeAsync();

        domain.Archive.Add(Samples.Message(1), null);
        domain.Arrivals!.Raise();

        Assert.Equal(1, Count(await waiting.InTimeAsync()));
    }

    [Fact]
    public async Task A_message_that_does_not_match_does_not_end_it()
    {
        await using var host = await TestHost.DevAsync(domain);
        var waiting = host.GetAsync("/_signet/messages?wait=300&subject=wanted");
        await domain.Archive.FoundNothing.Task.InTimeAsync();

        domain.Archive.Add(Samples.Message(1, subject: "another"), null);
        domain.Arrivals!.Raise();
        domain.Archive.Add(Samples.Message(2, subject: "wanted"), null);
        domain.Arrivals!.Raise();

        var (_, body) = await waiting.InTimeAsync();
        Assert.Contains(Samples.Id(2).Value, body, StringComparison.Ordinal);
        Assert.DoesNotContain(Samples.Id(1).Value, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_of_another_node_is_found_without_a_signal()
    {
        var inbox = new Inbox(domain.Archive, new(), domain.Time, CancellationToken.None);
        var waiting = inbox.FindAsync(new(), 10, TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        domain.Archive.Add(Samples.Message(1), null);
        domain.Time.Advance(Inbox.Recheck);

        Assert.Single(await waiting.InTimeAsync());
    }

    [Fact]
    public async Task A_wait_that_is_over_answers_with_nothing()
    {
        var inbox = new Inbox(domain.Archive, new(), domain.Time, CancellationToken.None);
        var waiting = inbox.FindAsync(new(), 10, TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);

        domain.Time.Advance(TimeSpan.FromSeconds(3));

        Assert.Empty(await waiting.InTimeAsync());
    }

    [Fact]
    public async Task A_stop_ends_a_wait()
    {
        using var stopping = new CancellationTokenSource();
        var inbox = new Inbox(domain.Archive, new(), domain.Time, stopping.Token);
        var waiting = inbox.FindAsync(new(), 10, TimeSpan.FromSeconds(300), TestContext.Current.CancellationToken);

        await stopping.CancelAsync();

        Assert.Equal(503, (await Assert.ThrowsAsync<InspectionException>(() => waiting)).Status);
    }

    private static int Count((int Status, string Body) answer) =>
        JsonDocument.Parse(answer.Body).RootElement.GetProperty("messages").GetArrayLength();
}
