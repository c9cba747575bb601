using Microsoft.Data.Sqlite;
using Signet.Archive;
using Signet.Queue;
using Signet.Storage;
using Signet.Traffic;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

/// <summary>What only SQLite does to what has been counted.</summary>
public sealed class SqliteVacuumTests() : StoreContract(new SqliteStore())
{
    [Fact]
    public async Task Counting_goes_on_after_a_vacuum_has_given_the_rows_other_numbers()
    {
        var (queue, counter) = (new SqlMessageQueue(Database), new SqlTrafficCounter(Database));
        List<NewMessage> messages = [.. Enumerable.Range(0, 10).Select(_ => Message())];
        foreach (var message in messages)
        {
            await queue.EnqueueAsync(message, null, LeaseOf("n1", Noon), Cancel);
        }

        await counter.CountAsync(100, Noon, Cancel);
        foreach (var message in messages.SkipLast(1))
        {
            await new SqlMessageArchive(Database).DeleteAsync(new MessageFilter { Id = message.Id }, Cancel);
        }

        await VacuumAsync();
        await counter.ForgetAsync(Noon, Cancel);
        await queue.EnqueueAsync(Message(), null, LeaseOf("n1", Noon), Cancel);
        await counter.CountAsync(100, Noon, Cancel);

        var hour = new TrafficQuery(Noon, Noon.AddHours(1), TimeSpan.FromHours(1));
        Assert.Equal(11, Assert.Single(await new SqlTrafficStore(Database).ReadAsync(hour, Cancel)).Counts.Accepted);
    }

    private async Task VacuumAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={((SqliteStore)Store).File};Pooling=False");
        await connection.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = "VACUUM";
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
