using System.Globalization;

namespace Signet.Bench.Scenarios;

/// <summary>From the start of the process to its <c>ready</c>, each time with a new data directory.</summary>
internal sealed class StartScenario(PublishedSignet program, WorkDirectory work)
{
    private const int Starts = 9;

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancel)
    {
        List<double> seconds = [];
        for (var start = 0; start < Starts; start++)
        {
            await using var signet = await program.StartAsync(work.NewFolder("start"), cancel);
            seconds.Add(signet.StartTime.TotalSeconds);
        }

        var median = ResultsTable.Median(seconds).ToString("0.00", CultureInfo.InvariantCulture);
        return [new ResultRow("Start to `ready`, published, new data directory", $"{median} s", ResultRow.None, ResultRow.None, "under 0.6 s", "start")];
    }
}
