using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Signet.Archive;
using Signet.Messages;
using Signet.Names;
using Signet.Queue;
using Signet.Storage;

namespace Signet.Bench;

/// <summary>100,000 messages of 1 KB that were accepted and delivered before, put into a store by the store's own code.</summary>
internal static class SearchableMail
{
    public const int Messages = 100_000;

    private const int AtOnce = 500;

    private static readonly string[] Vocabulary = [.. Enumerable.Range(0, 5_000).Select(i => $"w{i * 7919 % 100_003:x}")];

    /// <summary>A word that some of the messages have.</summary>
    public static string CommonWord => Vocabulary[17];

    /// <summary>
    /// Fills, indexes for searching and counts the traffic, as the server does in the background, without its rests. Every text has the
    /// word <c>hello</c>, the message of number N the word <c>endN</c> and <c>Your order N</c> as its subject. One in 1,000
    /// failed; the others have the word <c>there</c>.
    /// </summary>
    /// <param name="database">The store.</param>
    /// <param name="last">When the last message was accepted; the others every 10 ms before it.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task FillAsync(Database database, DateTimeOffset last, CancellationToken cancel)
    {
        Console.WriteLine($"putting {Messages} messages into the store");
        await EnqueueAsync(new SqlMessageQueue(database), last - TimeSpan.FromMilliseconds(10 * Messages), cancel);
        var indexing = new SearchIndexing(
            new SqlSearchIndex(database), new ArrivalSignal(), Duties.Alone, TimeProvider.System, NullLogger<SearchIndexing>.Instance);
        var begin = Stopwatch.GetTimestamp();
        while (await indexing.IndexAsync(cancel) > 0)
        {
        }

        Console.WriteLine($"indexed in {Stopwatch.GetElapsedTime(begin).TotalMicroseconds / Messages:0} µs each");
        var counter = new SqlTrafficCounter(database);
        while ((await counter.CountAsync(AtOnce, last, cancel)).Looked > 0)
        {
        }
    }

    private static async Task EnqueueAsync(SqlMessageQueue queue, DateTimeOffset first, CancellationToken cancel)
    {
        var samples = new SampleMessages(first);
        var random = new Random(1);
        for (var done = 0; done < Messages; done += AtOnce)
        {
            await Task.WhenAll(Enumerable.Range(done, AtOnce).Select(number =>
            {
                var isFailed = number % 1000 == 0;
                var at = first.AddMilliseconds(10 * number);
                var body = string.Join(' ', Enumerable.Range(0, 150).Select(_ => Vocabulary[random.Next(Vocabulary.Length)]));
                var id = MessageId.New(Region.Default, at, random);
                var message = samples.Next();
                return queue.EnqueueAsync(
                    message with
                    {
                        Id = id,
                        AcceptedAt = at,
                        Subject = $"Your order {number}",
                        Content = Encoding.ASCII.GetBytes($"Subject: Your order {number}\r\n\r\nhello {(isFailed ? "" : "there")} {body} end{number}\r\n"),
                        Captured =
                        [
                            .. message.Recipients.Select((_, ordinal) => new DeliveryResult(
                                id, ordinal, isFailed ? DeliveryState.Failed : DeliveryState.Delivered, at, null, "250 captured", null) { Attempts = 0 }),
                        ],
                    },
                    null, null, cancel);
            }));
        }
    }
}
