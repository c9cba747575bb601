using System.Diagnostics;
using Microsoft.Playwright;
using Signet.Bench.Browser;
using Signet.Storage;
using Signet.Web.Shell;

namespace Signet.Bench.Scenarios;

/// <summary>
/// The console over 100,000 messages on SQLite, in a real Chromium that runs already: from the start of the server's process to a list
/// that can be used, searches, and the list scrolled from its top to its end. Each round starts the server anew on a copy of the store,
/// when that is on the disk and the browser at rest; the files are in the page cache, for only root could empty it.
/// </summary>
internal sealed class ConsoleScenario(PublishedSignet program, WorkDirectory work)
{
    private const int Rounds = 5;

    // A new window goes on using a processor for a while.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancel)
    {
        const string Wanted = "under 1 s";
        if (InboxPage.Browser() is not { } place)
        {
            return [ResultRow.LeftOut("Start to a list that can be used", "Chromium is not installed", Wanted, "console")];
        }

        var store = work.NewFolder("console");
        await FillAsync(store, cancel);
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = place, Args = ["--no-sandbox", "--disable-gpu"] });
        List<double> drawn = [], usable = [];
        Dictionary<string, List<double>> searches = [];
        List<Scrolling> scrolled = [];
        for (var round = 0; round < Rounds; round++)
        {
            var data = Copy(store);
            await using var page = await InboxPage.NewAsync(chromium);
            await Task.Delay(Rest, cancel);
            var begin = Stopwatch.GetTimestamp();
            await using (var signet = await program.StartAsync(data, cancel))
            {
                await page.OpenAsync(signet.Url);
                drawn.Add(Stopwatch.GetElapsedTime(begin).TotalSeconds);
                await page.UseAsync();
                usable.Add(Stopwatch.GetElapsedTime(begin).TotalSeconds);
                Console.WriteLine($"ready after {signet.StartTime.TotalSeconds:0.00} s, lines after {drawn[^1]:0.00} s, usable after {usable[^1]:0.00} s");
                foreach (var (name, isTyped, search) in Searches)
                {
                    var took = await search(page);
                    searches.TryAdd(name, []);
                    searches[name].Add(isTyped ? took - FilterField.Pause : took);
                    Console.WriteLine($"{name,-36} {took:0} ms, {searches[name][^1]:0} ms without the wait for more keys");
                }

                scrolled.Add(await page.ScrollAsync());
                Console.WriteLine($"scrolled: {scrolled[^1]}");
            }

            Directory.Delete(data, recursive: true);
        }

        var slowest = searches.Values.Max(ResultsTable.Median);
        return
        [
            Row("Start of the process to a list of 100,000 messages that can be used in Chromium", $"{ResultsTable.Median(usable):0.00} s", Wanted),
            Row("The same to its first lines", $"{ResultsTable.Median(drawn):0.00} s", Wanted),
            Row(
                $"Slowest search of them, from the last key to what is drawn: the field waits {FilterField.Pause:0} ms for more", $"{slowest + FilterField.Pause:0} ms",
                "under 300 ms"),
            Row("The same without that wait", $"{slowest:0} ms", "under 300 ms"),
            Row(
                $"The list scrolled to its end in {InboxPage.Steps} steps: lines drawn, median and p95 of the steps",
                $"{ResultsTable.Median(scrolled.Select(s => s.Median)):0}, {ResultsTable.Median(scrolled.Select(s => s.P95)):0} ms", "p95 under 100 ms"),
            Row(
                "Frames over 50 ms meanwhile", $"{ResultsTable.Median(scrolled.Select(s => (double)s.LongFrames)):0} of {ResultsTable.Median(scrolled.Select(s => (double)s.Frames)):0}",
                "under 1 in 100"),
        ];
    }

    private static ResultRow Row(string figure, string measured, string wanted) =>
        new(figure, measured, ResultRow.None, ResultRow.None, wanted, "console");

    private static IEnumerable<(string Name, bool IsTyped, Func<InboxPage, Task<double>> Search)> Searches =>
    [
        ("a word of one text", true, page => page.TypeAsync("Search messages", "end77777")),
        ("a word of some", true, page => page.TypeAsync("Search messages", SearchableMail.CommonWord)),
        ("a word of nearly all", true, page => page.TypeAsync("Search messages", "there")),
        ("a word of all, and one of many", true, page => page.TypeAsync("Search messages", "hello end9")),
        ("part of a subject", true, page => page.TypeAsync("Subject", "order 777")),
        ("part of an address", true, page => page.TypeAsync("Address", "customer7777")),
        ("part of no address", true, page => page.TypeAsync("Address", "nobody@")),
        ("failed", false, page => page.ChooseAsync("failed")),
        ("delivered", false, page => page.ChooseAsync("delivered")),
    ];

    private static async Task FillAsync(string data, CancellationToken cancel)
    {
        await using var database = await Database.OpenSqliteAsync(
            Path.Combine(data, "signet.db"), SecretBox.WithKeyIn(data), cancel);
        await SearchableMail.FillAsync(database, TimeProvider.System.GetUtcNow(), cancel);
    }

    private string Copy(string store)
    {
        var folder = work.NewFolder("console-copy");
        foreach (var file in Directory.GetFiles(store))
        {
            var copy = Path.Combine(folder, Path.GetFileName(file));
            File.Copy(file, copy);
            using var written = new FileStream(copy, FileMode.Open);
            written.Flush(flushToDisk: true);
        }

        return folder;
    }
}
