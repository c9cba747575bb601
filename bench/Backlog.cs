using Signet.Storage;

namespace Signet.Bench;

/// <summary>Deliveries that wait in a store before the program starts, put there by the store's own code.</summary>
internal static class Backlog
{
    private const int AtOnce = 200;
    private const int Small = 1_000;

    /// <summary>Bytes of contents that are handed to the store at once.</summary>
    private const int MostBytes = 100_000_000;

    /// <summary>Fills a data directory.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="deliveries">How many.</param>
    /// <param name="perMessage">Recipients of each message.</param>
    /// <param name="due">When their first attempt is, which is when the messages say that they were accepted.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="size">Bytes of each message's text.</param>
    /// <param name="domain">Where all go; null spreads them over the hundred domains of <see cref="SampleMessages"/>.</param>
    public static async Task FillAsync(
        string data, int deliveries, int perMessage, DateTimeOffset due, CancellationToken cancel, int size = Small, string? domain = null)
    {
        Console.WriteLine($"putting {deliveries} deliveries into the store");
        var secrets = SecretBox.WithKeyIn(data);
        await using var database = await Database.OpenSqliteAsync(Path.Combine(data, "signet.db"), secrets, cancel);
        var queue = new SqlMessageQueue(database);
        var samples = new SampleMessages(due, size, domain);
        var atOnce = Math.Clamp(Math.Min(MostBytes / size, deliveries / perMessage), 1, AtOnce);
        for (var stored = 0; stored < deliveries; stored += atOnce * perMessage)
        {
            await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => queue.EnqueueAsync(samples.Next(perMessage), null, null, cancel)));
        }
    }
}
