using System.Diagnostics;
using Signet.Archive;
using Signet.Names;
using Signet.Queue;
using Signet.Storage;

namespace Signet.Bench.Scenarios;

/// <summary>
/// How long a search of 100,000 messages takes on SQLite: a page of the list and the count of all that match, each by another filter.
/// The slowest counts. Indexing runs as in the server, without its rests.
/// </summary>
internal sealed class SearchScenario(WorkDirectory work)
{
    private const int Messages = SearchableMail.Messages;
    private const int PageSize = 50;

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancel)
    {
        await using var database = await Database.OpenSqliteAsync(
            Path.Combine(work.NewFolder("search"), "signet.db"), new SecretBox(new byte[MasterKey.Length]), cancel);
        await SearchableMail.FillAsync(database, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), cancel);
        var archive = new SqlMessageArchive(database);
        var slowest = TimeSpan.Zero;
        foreach (var (name, filter, offset) in Searches())
        {
            await archive.CountAsync(filter, cancel);
            var begin = Stopwatch.GetTimestamp();
            var page = await archive.ListAsync(filter, offset, PageSize, cancel);
            var listed = Stopwatch.GetElapsedTime(begin);
            begin = Stopwatch.GetTimestamp();
            var count = await archive.CountAsync(filter, cancel);
            var counted = Stopwatch.GetElapsedTime(begin);
            Console.WriteLine($"{name,-36} {count,7} found, page of {page.Count} in {listed.TotalMilliseconds:0} ms, counted in {counted.TotalMilliseconds:0} ms");
            slowest = new[] { slowest, listed, counted }.Max();
        }

        return
        [
            new ResultRow(
                "Slowest search of 100,000 messages, SQLite", $"{slowest.TotalMilliseconds:0} ms", ResultRow.None, ResultRow.None,
                "< 300 ms", "search"),
        ];
    }

    private static IEnumerable<(string Name, MessageFilter Filter, int Offset)> Searches()
    {
        yield return ("everything", new MessageFilter(), 0);
        yield return ("everything, from the other end", new MessageFilter(), Messages - PageSize);
        yield return ("a word of one text", new MessageFilter { Text = "end77777" }, 0);
        yield return ("a word of some", new MessageFilter { Text = SearchableMail.CommonWord }, 0);
        yield return ("a word of all", new MessageFilter { Text = "hello" }, 0);
        yield return ("a word of all, from the other end", new MessageFilter { Text = "hello" }, Messages - PageSize);
        yield return ("beginnings of two words", new MessageFilter { Text = "en hel" }, 0);
        yield return ("part of one subject", new MessageFilter { Subject = "order 77777" }, 0);
        yield return ("part of no address", new MessageFilter { Address = "nobody@" }, 0);
        yield return ("part of all recipients", new MessageFilter { To = "customer" }, 0);
        yield return ("a tag that none has", new MessageFilter { Tag = new TagFilter("no", null) }, 0);
        yield return ("failed", new MessageFilter { State = DeliveryState.Failed }, 0);
        yield return ("delivered", new MessageFilter { State = DeliveryState.Delivered }, 0);
        yield return ("an account that sent nothing", new MessageFilter { Account = AccountId.Parse("999999999999") }, 0);
        yield return ("a word of all, delivered, by subject", new MessageFilter { Text = "hello", State = DeliveryState.Delivered, Subject = "7" }, 0);
    }
}
