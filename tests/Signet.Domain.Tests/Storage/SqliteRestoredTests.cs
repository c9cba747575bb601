using Microsoft.Data.Sqlite;
using Signet.Archive;
using Signet.Queue;
using Signet.Storage;
using Signet.Traffic;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

/// <summary>A SQLite store that an operator has put together again, by <c>.dump</c> for instance: its rows have other numbers.</summary>
public sealed class SqliteRestoredTests() : StoreContract(new SqliteStore())
{
    [Fact]
    public async Task Counting_goes_on_in_a_store_that_was_dumped_and_read_back()
    {
        var (queue, counter) = (new SqlMessageQueue(Database), new SqlTrafficCounter(Database));
        List<NewMessage> messages = [.. Enumerable.Range(0, 10).Select(_ => Message())];
        foreach (var message in messages)
        {
            await queue.EnqueueAsync(message, null, "n1", Cancel);
        }

        await counter.CountAsync(100, Noon, Cancel);
        foreach (var message in messages.SkipLast(1))
        {
            await new SqlMessageArchive(Database).DeleteAsync(new MessageFilter { Id = message.Id }, Cancel);
        }

        await RenumberAsync();
        await counter.ForgetAsync(Noon, Cancel);
        await queue.EnqueueAsync(Message(), null, "n1", Cancel);
        await counter.CountAsync(100, Noon, Cancel);

        var hour = new TrafficQuery(Noon, Noon.AddHours(1), TimeSpan.FromHours(1));
        Assert.Equal(11, Assert.Single(await new SqlTrafficStore(Database).ReadAsync(hour, Cancel)).Counts.Accepted);
    }

    private async Task RenumberAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={((SqliteStore)Store).File};Pooling=False");
        await connection.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE event SET rowid = rowid - 9; UPDATE attempt SET rowid = rowid - 9 WHERE rowid > 9";
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
