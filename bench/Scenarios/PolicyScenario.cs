using System.Diagnostics;
using System.Globalization;
using Signet.Bench.Micro;

namespace Signet.Bench.Scenarios;

/// <summary>The mean of one policy decision, by a plain loop; <c>micro --filter *PolicyDecision*</c> measures the same with more care.</summary>
internal static class PolicyScenario
{
    private const int WarmUp = 20_000;
    private const int Decisions = 100_000;

    public static IReadOnlyList<ResultRow> Run()
    {
        var subject = new PolicyDecision();
        Loop(subject, WarmUp);
        var microseconds = ResultsTable.Median(Enumerable.Range(0, 5).Select(_ => Loop(subject, Decisions).TotalMicroseconds / Decisions));
        return
        [
            new ResultRow(
                "One policy decision, 20 policies of 4 KB", $"{microseconds.ToString("0.0", CultureInfo.InvariantCulture)} µs",
                ResultRow.None, ResultRow.None, "under 20 µs mean", "policy"),
        ];
    }

    private static TimeSpan Loop(PolicyDecision subject, int times)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < times; i++)
        {
            subject.Decide();
        }

        return Stopwatch.GetElapsedTime(begun);
    }
}
