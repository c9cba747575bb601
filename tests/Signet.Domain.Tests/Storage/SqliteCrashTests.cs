using Signet.Queue;
using Signet.Storage;
using Signet.Traffic;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

/// <summary>
/// The process dies before the nth statement, for every n: the files as they are then are copied and opened, as the next start
/// would find them.
/// </summary>
public sealed class SqliteCrashTests() : StoreContract(new SqliteStore())
{
    [Fact]
    public async Task Wherever_the_process_dies_a_message_is_stored_whole_or_not_at_all_and_what_was_answered_is_there()
    {
        var queue = new SqlMessageQueue(Database);
        var answered = Message();
        await queue.EnqueueAsync(answered, null, "n1", Cancel);
        List<string> crashes = [];
        Database.BeforeStatement = _ => crashes.Add(CopyFiles());
        var message = Message(recipients: ["a", "b"]);

        await queue.EnqueueAsync(message, 1000, "n1", Cancel);
        var accepted = crashes.Count;
        await queue.StoreResultsAsync(
            "n1", [Delivered(answered.Id, 0, Noon), Deferred(message.Id, 0, Noon, Noon), Failed(message.Id, 1, Noon)], Cancel);
        Database.BeforeStatement = null;

        Assert.True(accepted > 6, $"{accepted} statements only");
        for (var n = 0; n < crashes.Count; n++)
        {
            await using var database = await SqliteStore.OpenFileAsync(crashes[n], Cancel);
            var archive = new SqlMessageArchive(database);
            var first = await archive.GetAsync(answered.Id, Cancel);
            var second = await archive.GetAsync(message.Id, Cancel);
            var secondContent = await archive.GetContentAsync(message.Id, Cancel);
            var used = await new SqlSendingHistory(database).QuotaUsedAsync(Owner, Noon, Cancel);

            // Nothing of these units is committed before the crash point that follows their COMMIT.
            Assert.Equal(DeliveryState.Queued, first!.Deliveries[0].State);
            Assert.Equal(n >= accepted, second is not null);
            Assert.Equal(n >= accepted, secondContent is not null);
            Assert.Equal(n >= accepted ? 3 : 1, used);
            Assert.Equal(n >= accepted ? 2 : 0, second?.Deliveries.Count(d => d.State == DeliveryState.Queued) ?? 0);
            Assert.Equal(n >= accepted ? 2 : 1, (await archive.ListEventsAsync(null, null, 10, Cancel)).Count);
        }

        await using var after = await SqliteStore.OpenFileAsync(CopyFiles(), Cancel);
        Assert.Equal(
            [DeliveryState.Deferred, DeliveryState.Failed],
            (await new SqlMessageArchive(after).GetAsync(message.Id, Cancel))!.Deliveries.Select(d => d.State));
    }

    [Fact]
    public async Task Wherever_the_process_dies_traffic_is_counted_once()
    {
        var queue = new SqlMessageQueue(Database);
        var message = Message(recipients: ["a", "b"]);
        await queue.EnqueueAsync(message, null, "n1", Cancel);
        await queue.StoreResultsAsync("n1", [Delivered(message.Id, 0, Noon), Failed(message.Id, 1, Noon)], Cancel);
        var hour = new TrafficQuery(Noon, Noon.AddHours(1), TimeSpan.FromHours(1));
        List<string> crashes = [];
        Database.BeforeStatement = _ => crashes.Add(CopyFiles());

        await new SqlTrafficCounter(Database).CountAsync(100, Noon, Cancel);
        Database.BeforeStatement = null;
        crashes.Add(CopyFiles());

        Assert.True(crashes.Count > 6, $"{crashes.Count} statements only");
        foreach (var crash in crashes)
        {
            await using var database = await SqliteStore.OpenFileAsync(crash, Cancel);
            var traffic = new SqlTrafficStore(database);
            Assert.Equal(
                crash == crashes[^1] ? new TrafficCounts(2, 1, 0, 1, 0, 0) : default, Assert.Single(await traffic.ReadAsync(hour, Cancel)).Counts);

            await new SqlTrafficCounter(database).CountAsync(100, Noon, Cancel);
            Assert.Equal(new TrafficCounts(2, 1, 0, 1, 0, 0), Assert.Single(await traffic.ReadAsync(hour, Cancel)).Counts);
        }
    }

    private string CopyFiles()
    {
        var store = (SqliteStore)Store;
        var copy = Path.Combine(Directory.CreateDirectory(Path.Combine(store.Folder, Guid.NewGuid().ToString("N"))).FullName, "signet.db");
        File.Copy(store.File, copy);
        File.Copy(store.File + "-wal", copy + "-wal");
        return copy;
    }
}
