using CsCheck;
using Microsoft.Data.Sqlite;
using Signet.Names;
using Signet.Queue;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

public abstract class QuotaContract(TestStore store) : StoreContract(store)
{
    private int _accounts;

    private SqlMessageQueue Queue => new(Database);

    private SqlSendingHistory History => new(Database);

    [Fact]
    public async Task The_running_total_is_the_sum_of_the_minutes_of_24_hours_whatever_was_sent_when()
    {
        // What happens, how many recipients, how far the clock goes on, how far this node's clock is off (both in seconds).
        var steps = Gen.Select(
            Gen.Int[0, 9], Gen.Int[1, 50], Gen.OneOf(Gen.Int[0, 90], Gen.Int[0, 90 * 60], Gen.Int[80_000, 90_000], Gen.Int[0, 400_000]),
            Gen.OneOf(Gen.Const(0), Gen.Int[-90, 90])).Array[1, 20];

        await steps.SampleAsync(AgreesAsync, iter: 25, threads: 1);
    }

    [Fact]
    public async Task The_quota_is_exact_when_many_send_at_once_from_far_below_it_up_to_it()
    {
        // Far enough that PostgreSQL lets them run side by side at first, however many connections it takes.
        const int quota = 1_000_000;
        await FillAsync(quota - 100_000);
        Assert.All(await SendAtOnceAsync(40, quota), r => Assert.Equal(EnqueueResult.Stored, r));

        await FillAsync(100_000 - 40 - 15);
        var results = await SendAtOnceAsync(40, quota);

        Assert.Equal(15, results.Count(r => r == EnqueueResult.Stored));
        Assert.Equal(quota, await History.QuotaUsedAsync(Owner, Noon, Cancel));
    }

    [Fact]
    public async Task A_refused_send_takes_what_has_left_the_window_off_the_total()
    {
        await Queue.EnqueueAsync(Message(Noon, recipients: ["a", "b"]), null, null, Cancel);
        await FillAsync(10, Noon.AddHours(1));
        var later = Noon.AddHours(24).AddMinutes(30);

        Assert.Equal(EnqueueResult.QuotaExceeded, await Queue.EnqueueAsync(Message(later), 10, null, Cancel));

        var expired = await Database.ReadAsync(s => s.CountAsync("SELECT MIN(expired) FROM quota_use"), Cancel);
        Assert.Equal(SendingCounter.Minute(later) - SendingCounter.MinutesPerDay, expired);
        Assert.Equal(10, await Database.ReadAsync(s => s.CountAsync("SELECT CAST(SUM(recipients) AS BIGINT) FROM quota_use"), Cancel));
    }

    [Fact]
    public async Task An_account_that_may_send_nothing_sends_nothing() =>
        Assert.Equal(EnqueueResult.QuotaExceeded, await Queue.EnqueueAsync(Message(), 0, null, Cancel));

    [Fact]
    public async Task A_store_of_an_older_version_gets_its_totals_from_its_counters()
    {
        var now = TimeProvider.System.GetUtcNow();
        await FillAsync(3, now.AddHours(-23));
        await FillAsync(5, now.AddHours(-25));
        await FillAsync(7, now);
        await Database.WriteAsync(UndoMigrationAsync, Cancel);

        await ApplyMigrationAsync();

        Assert.Equal(10, await History.QuotaUsedAsync(Owner, now, Cancel));
        Assert.Equal(15, await History.QuotaUsedAsync(Owner, now.AddHours(-2), Cancel));
        await FillAsync(1, now.AddMinutes(5));
        Assert.Equal(11, await History.QuotaUsedAsync(Owner, now.AddMinutes(5), Cancel));
    }

    private static async Task<int> UndoMigrationAsync(Session session)
    {
        var on = session.Dialect == Dialect.Postgres ? " ON sending_counter" : "";
        foreach (var trigger in new[] { "added", "changed", "forgotten" })
        {
            await session.ExecuteAsync($"DROP TRIGGER sending_counter_{trigger}{on}");
        }

        if (session.Dialect == Dialect.Postgres)
        {
            await session.ExecuteAsync("DROP FUNCTION add_quota_use, change_quota_use, forget_quota_use, quota_used, hold_quota");
        }

        return await session.ExecuteAsync("DROP TABLE quota_use");
    }

    // A session of SQLite's writer runs one statement at a time: the file goes by another connection there.
    private async Task ApplyMigrationAsync()
    {
        var resource = $"Signet.Storage.Migrations.0017_quota_use.{Database.Dialect.Engine}.sql";
        using var reader = new StreamReader(typeof(Database).Assembly.GetManifestResourceStream(resource)!);
        var sql = (await reader.ReadToEndAsync(Cancel)).Replace("{text}", Database.Dialect.Text, StringComparison.Ordinal);
        if (Store is not SqliteStore store)
        {
            await Database.WriteAsync(session => session.ExecuteAsync(sql), Cancel);
            return;
        }

        await using var other = new SqliteConnection($"Data Source={store.File};Pooling=false");
        await other.OpenAsync(Cancel);
        await using var session = new Session(other, Dialect.Sqlite);
        await session.ExecuteAsync(sql);
    }

    private Task<EnqueueResult> FillAsync(int recipients, DateTimeOffset? at = null) =>
        Queue.EnqueueAsync(Message(at) with { QuotaUse = recipients }, null, null, Cancel);

    private Task<EnqueueResult[]> SendAtOnceAsync(int count, double quota) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => Queue.EnqueueAsync(Message(), quota, null, Cancel)));

    private async Task AgreesAsync((int What, int Recipients, int Seconds, int Skew)[] steps)
    {
        // An account of its own, for the store is not emptied between two samples.
        var owner = Owner with { Account = AccountId.Parse($"{++_accounts:000000000000}") };
        var now = Noon;
        List<(long Minute, int Recipients)> sent = [];
        foreach (var (what, recipients, seconds, skew) in steps)
        {
            now = now.AddSeconds(seconds);
            var at = now.AddSeconds(skew);
            switch (what)
            {
                case 0:
                    // Old counters go, as retention lets them.
                    await new SqlMessageArchive(Database).PruneAsync(at, at.AddDays(-2), Cancel);
                    sent.RemoveAll(s => s.Minute < SendingCounter.Minute(at.AddDays(-14)));
                    break;
                case 1:
                    await Queue.EnqueueAsync(Message(at, owner), 0, null, Cancel);
                    break;
                default:
                    await Queue.EnqueueAsync(Message(at, owner) with { QuotaUse = recipients }, what < 6 ? null : 1e9, null, Cancel);
                    sent.Add((SendingCounter.Minute(at), recipients));
                    break;
            }

            var last = sent.Count == 0 ? SendingCounter.Minute(at) : sent[^1].Minute;
            foreach (var edge in new[] { SendingCounter.Minute(at), last + SendingCounter.MinutesPerDay }.SelectMany(m => new[] { m - 1, m, m + 1 }))
            {
                var instant = DateTimeOffset.FromUnixTimeMilliseconds((edge * SendingCounter.MillisecondsPerMinute) + 59_999);
                Assert.Equal(
                    sent.Where(s => s.Minute > edge - SendingCounter.MinutesPerDay).Sum(s => s.Recipients),
                    await History.QuotaUsedAsync(owner, instant, Cancel));
            }
        }
    }
}
