using System.Globalization;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Signet.Archive;
using Signet.Events;
using Signet.Queue;
using Signet.Tests.Fakes;
using Signet.Tests.Storage;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>
/// A day in the life of a server, one mishap after the other: an upgrade over waiting mail, a poisoned row, a smarthost that is away for
/// six hours, a host that drops a handshake, a receiver that takes one recipient a transaction, and a campaign that is held and dropped
/// while it is being delivered. Nothing is lost, nothing arrives twice, and no address is blamed.
/// </summary>
public sealed class DayInTheLifeTests : IAsyncLifetime
{
    private const string Owner = "111122223333";
    private const string Partner = "444455556666";
    private const int CampaignMails = 200;
    private const int Handshakes = 5;

    private static readonly TimeSpan Outage = TimeSpan.FromHours(6);

    private readonly FakeTimeProvider _time = new(PreviousVersion.Next);
    private readonly string _data = Directory.CreateTempSubdirectory("signet-test-").FullName;
    private readonly SmtpSink _smarthost = SmtpSink.Away();
    private readonly SmtpSink _campaign = SmtpSink.Start();
    private readonly SmtpSink _others = SmtpSink.Start();
    private readonly TinyDnsServer _dns = TinyDnsServer.Start("");
    private readonly ScriptedSmtpServer _oneATime;
    private readonly ScriptedSmtpServer _dropping;

    public DayInTheLifeTests()
    {
        _oneATime = new ScriptedSmtpServer("EHLO: 250 one.test", _time) { MaxRecipients = 1 };
        _dropping = new ScriptedSmtpServer(
            """
            EHLO: 250-dropping.test|250 STARTTLS
            STARTTLS: once alert
            MAIL: once 530 5.7.0 Must issue a STARTTLS command first
            """,
            _time,
            SelfSigned.Certificate("dropping.test"));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _smarthost.DisposeAsync();
        await _campaign.DisposeAsync();
        await _others.DisposeAsync();
        await _oneATime.DisposeAsync();
        await _dropping.DisposeAsync();
        await _dns.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task On_SQLite()
    {
        var file = Path.Combine(_data, "signet.db");
        await PreviousVersion.WriteSqliteAsync(file, Cancel);

        await LiveAsync([], async sql =>
        {
            await using var store = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=false");
            await store.OpenAsync(Cancel);
            await using var command = store.CreateCommand();
            command.CommandText = sql;
            return await command.ExecuteNonQueryAsync(Cancel);
        });
    }

    [Fact]
    public async Task On_PostgreSQL_behind_PgBouncer_in_transaction_mode()
    {
        await using var bouncer = await PgBouncer.StartAsync(Cancel);
        await PreviousVersion.WritePostgresAsync(bouncer.ConnectionString, Cancel);

        await LiveAsync(["--database", bouncer.ConnectionString], async sql =>
        {
            await using var source = NpgsqlDataSource.Create(bouncer.ConnectionString);
            await using var command = source.CreateCommand(sql);
            return await command.ExecuteNonQueryAsync(Cancel);
        });
    }

    private async Task LiveAsync(string[] database, Func<string, Task<int>> changeAsync)
    {
        string[] store = ["--data", _data, "--secret-key", PreviousVersion.SecretKey, .. database];
        Assert.Equal(2, await PoisonAsync(changeAsync));
        await using var server = await SimulatedServer.StartAsync(_time, _data, store, new()
        {
            ["http"] = ["127.0.0.1:0"],
            ["inspection"] = ["127.0.0.1:0"],
            ["smtp"] = ["none"],
            ["dns"] = [_dns.EndPoint.ToString()],
            ["route"] =
            [
                .. Enumerable.Range(0, 3).Select(i => $"client{i}.test=smtp://127.0.0.1:{_smarthost.Port}"),
                $"many.test=smtp://{_oneATime.EndPoint}",
                $"dropping.test=smtp://{_dropping.EndPoint}",
                $"one.test=smtp://127.0.0.1:{_campaign.Port}",
                $"two.test=smtp://127.0.0.1:{_campaign.Port}",
                $"smtp://127.0.0.1:{_others.Port}",
            ],
        });

        await OneRecipientATimeAsync(server);
        await ADroppedHandshakeAsync(server);
        await SixHoursWithoutSmarthostAsync(server);
        await TheHeldAsync(server);
        var dropped = await ACampaignHeldAndDroppedAsync(server);
        await NothingIsLeftAsync(server, dropped);
    }

    /// <summary>One row has the decision of another version, another a recipient that is none. The first is delivered all the same.</summary>
    private static async Task<int> PoisonAsync(Func<string, Task<int>> changeAsync) =>
        await changeAsync("""UPDATE message SET decision = '{"of another version": 1}' WHERE subject = 'Waiting 0'""")
        + await changeAsync("UPDATE delivery SET recipient = 'nobody' WHERE recipient = 'h2@held.test'");

    private async Task OneRecipientATimeAsync(SimulatedServer server)
    {
        await server.UntilAsync(() => _oneATime.Contents.Count == 100);
        await server.UntilAsync(() => Waiting(server, "many.test") == 0);
    }

    private async Task ADroppedHandshakeAsync(SimulatedServer server)
    {
        using var ses = await CallerAsync(server, Owner);
        for (var i = 0; i < Handshakes; i++)
        {
            await SendAsync(ses, $"d{i}@dropping.test", $"Handshake {i}");
        }

        await server.UntilAsync(() => _dropping.Contents.Count == Handshakes);
        await server.UntilAsync(() => Waiting(server, "dropping.test") == 0);
        Assert.True(_dropping.Commands.Count(c => c == "STARTTLS") > 1);
    }

    private async Task SixHoursWithoutSmarthostAsync(SimulatedServer server)
    {
        await server.PassAsync(Outage);
        Assert.Empty(_smarthost.Receipts);
        Assert.Equal(PreviousVersion.Waiting.Count(), Enumerable.Range(0, 3).Sum(i => Waiting(server, $"client{i}.test")));

        _smarthost.Open();
        await server.RunAsync("queue", "retry", "--domain", "client0.test");

        // The others come by themselves, an hour and a half later at most.
        await server.PassAsync(TimeSpan.FromMinutes(91));
        await server.UntilAsync(() => _smarthost.Receipts.Count == PreviousVersion.Waiting.Count());
        Assert.Equal(
            PreviousVersion.Waiting.Order(), _smarthost.Receipts.Select(r => (r.Subject, r.Recipient)).Order());
    }

    private async Task TheHeldAsync(SimulatedServer server)
    {
        Assert.DoesNotContain(_others.Receipts, r => r.Recipient.EndsWith("@held.test", StringComparison.Ordinal));
        await server.RunAsync("queue", "retry", "--domain", "held.test");
        await server.UntilAsync(() => _others.Receipts.Count == 3);
        Assert.Equal(
            ["ceo@bank.test", "h0@held.test", "h1@held.test"],
            _others.Receipts.Select(r => r.Recipient).Order(StringComparer.Ordinal));
    }

    /// <summary>Returns how many were dropped.</summary>
    private async Task<int> ACampaignHeldAndDroppedAsync(SimulatedServer server)
    {
        var gate = new TaskCompletionSource();
        _campaign.Gate = gate.Task;
        using var ses = await CallerAsync(server, Partner);
        for (var i = 0; i < CampaignMails; i++)
        {
            await SendAsync(ses, $"c{i}@{(i % 2 == 0 ? "one" : "two")}.test", $"Campaign {i}", ("SourceArn", $"arn:aws:ses:us-east-1:{Owner}:identity/shop.test"));
        }

        await server.UntilAsync(() => _campaign.Waiting == 20);
        await server.RunAsync("queue", "hold", "--domain", "one.test");
        var drop = await server.RunAsync("queue", "drop", "--domain", "two.test", "--yes");
        var dropped = drop.GetProperty("changed").GetInt32();
        Assert.Equal(0, drop.GetProperty("leftAlone").GetInt32());
        Assert.Equal(CampaignMails / 2, dropped + drop.GetProperty("pending").GetInt32());
        gate.SetResult();
        await server.UntilAsync(() => _campaign.Receipts.Count == 20);

        await server.RunAsync("queue", "retry", "--domain", "one.test");
        await server.UntilAsync(() => _campaign.Receipts.Count == CampaignMails - dropped);
        return dropped;
    }

    private async Task NothingIsLeftAsync(SimulatedServer server, int dropped)
    {
        // What has arrived is written a moment later.
        await server.UntilAsync(() => Waiting(server, domain: null) == 1);
        await server.PassAsync(TimeSpan.FromMinutes(20));

        var poisoned = Assert.Single((await server.RunAsync("queue", "show")).EnumerateArray());
        Assert.Equal("nobody", poisoned.GetProperty("recipient").GetString());

        string[] arrived =
        [
            .. Subjects(_smarthost), .. Subjects(_others), .. Subjects(_campaign),
            .. _oneATime.Contents.Concat(_dropping.Contents).Select(SubjectOf),
        ];
        var expected = PreviousVersion.Waiting.Select(w => w.Subject)
            .Concat(Enumerable.Repeat("Fifty 0", 50)).Concat(Enumerable.Repeat("Fifty 1", 50))
            .Concat(Enumerable.Range(0, Handshakes).Select(i => $"Handshake {i}"))
            .Concat(["Held 0", "Held 1"]);
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            arrived.Where(s => !s.StartsWith("Campaign", StringComparison.Ordinal) && !IsConfirmation(s)).Order(StringComparer.Ordinal));
        Assert.Single(arrived, IsConfirmation);
        var campaign = arrived.Where(s => s.StartsWith("Campaign", StringComparison.Ordinal)).ToList();
        Assert.Equal(CampaignMails - dropped, campaign.Count);
        Assert.Equal(campaign.Count, campaign.Distinct().Count());
        Assert.Equal(50, _oneATime.Commands.Where(c => c.StartsWith("RCPT", StringComparison.Ordinal)).Distinct().Count());

        var blame = new[] { EventType.Bounce, EventType.Reject, EventType.Complaint };
        foreach (var type in blame)
        {
            Assert.Empty(await server.System.Archive.ListEventsAsync(null, type, 10, Cancel));
        }

        var failed = await server.System.Archive.CountAsync(new MessageFilter { State = DeliveryState.Failed, WithServerMail = true }, Cancel);
        Assert.Equal(dropped, failed);
    }

    private static bool IsConfirmation(string subject) => subject.Contains("confirm", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Subjects(SmtpSink sink) => sink.Receipts.Select(r => r.Subject);

    private static string SubjectOf(byte[] content) => Encoding.Latin1.GetString(content).Split("\r\n")
        .First(l => l.StartsWith("Subject: ", StringComparison.Ordinal))["Subject: ".Length..];

    private static int Waiting(SimulatedServer server, string? domain)
    {
        var destinations = server.System.QueueControl.ListDestinationsAsync(DeliveryFilter.Everything, 100, Cancel).GetAwaiter().GetResult().Listed;
        return (int)destinations.Where(d => domain is null || d.Domain == domain).Sum(d => d.Total);
    }

    private async Task<SesCaller> CallerAsync(SimulatedServer server, string account)
    {
        await server.RunAsync("account", "create", account, "--production", "--quota", "50000", "--rate", "1000");
        var key = await server.RunAsync("key", "create", "--account", account);
        return new SesCaller(
            server.Url, key.GetProperty("accessKeyId").GetString()!, key.GetProperty("secretAccessKey").GetString()!, time: _time);
    }

    private static async Task SendAsync(SesCaller ses, string to, string subject, params (string, string)[] more)
    {
        var (status, body) = await ses.CallAsync(
            "SendEmail",
            [
                ("Source", "news@shop.test"), ("Destination.ToAddresses.member.1", to), ("Message.Subject.Data", subject),
                ("Message.Body.Text.Data", "Text"), .. more,
            ]);
        Assert.True(status == 200, string.Create(CultureInfo.InvariantCulture, $"{status}: {body}"));
    }
}
