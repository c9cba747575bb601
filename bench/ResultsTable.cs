using System.Globalization;
using System.Text;

namespace Signet.Bench;

/// <summary>One figure.</summary>
/// <param name="Figure">What was measured.</param>
/// <param name="Measured">Of Signet, with its unit.</param>
/// <param name="Peer">Of the peer; a dash where there is none.</param>
/// <param name="Ratio">Signet's to the peer's, the median of the rounds; a dash where there is none.</param>
/// <param name="Wanted">The aim.</param>
/// <param name="Repeat">The scenario's name on the command line.</param>
internal sealed record ResultRow(string Figure, string Measured, string Peer, string Ratio, string Wanted, string Repeat)
{
    public const string None = "–";

    /// <summary>The row of something that could not be measured here.</summary>
    public static ResultRow LeftOut(string figure, string why, string wanted, string repeat)
    {
        Console.WriteLine($"left out: {why}");
        return new ResultRow(figure, $"left out: {why}", None, None, wanted, repeat);
    }
}

/// <summary>The table that <c>bench/Results.md</c> keeps.</summary>
internal sealed class ResultsTable
{
    private readonly List<ResultRow> _rows = [];

    public void Add(IEnumerable<ResultRow> rows) => _rows.AddRange(rows);

    /// <summary>The middle one of the values.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    public static string PerSecond(double rate) => rate.ToString("#,0", CultureInfo.InvariantCulture) + "/s";

    public static string Ratio(double ratio) => ratio.ToString("0.00", CultureInfo.InvariantCulture) + " ×";

    public string ToMarkdown()
    {
        var text = new StringBuilder("| Figure | Signet | Peer | Ratio | Wanted | Repeat with |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var row in _rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row.Figure} | {row.Measured} | {row.Peer} | {row.Ratio} | {row.Wanted} | `{row.Repeat}` |\n");
        }

        return text.ToString();
    }

    /// <summary>Replaces the file.</summary>
    public Task WriteAsync(string file, CancellationToken cancel) => File.WriteAllTextAsync(
        file,
        $"""
        # Results

        Written by `dotnet run -c Release --project bench -- all`; a row is repeated with `dotnet run -c Release --project bench -- NAME`.
        What the rows mean is in [README.md](README.md). Signet and its peer take turns on one machine, together with the load
        generator; each figure is the median of the rounds. On a shared machine the ratio says more than the rates.

        {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GB of memory, {System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier}, .NET {Environment.Version}.

        {ToMarkdown()}
        """,
        cancel);
}
