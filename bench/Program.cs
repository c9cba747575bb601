using System.Globalization;
using BenchmarkDotNet.Running;
using Signet.Bench;
using Signet.Bench.Load;
using Signet.Bench.Micro;
using Signet.Bench.Scenarios;

// What bench/README.md describes: `all`, single scenarios, `load`, or `micro` with arguments of BenchmarkDotNet.
string[] known = ["accept", "limits", "relay", "slow", "recipients", "large", "waiting", "start", "search", "console", "policy", "cost", "fair", "idle", "upgrade"];
if (args is ["micro", .. var rest])
{
    BenchmarkSwitcher.FromAssembly(typeof(PolicyDecision).Assembly).Run(rest);
    return 0;
}

// The load of `accept` against a program that runs already, for a profiler to look at.
if (args is ["load", var address, var seconds])
{
    var target = new Uri(address);
    await Mail.AuthoriseAsync(target, CancellationToken.None);
    var rate = await HttpLoad.RunForAsync(
        target, Mail.SendEmails(target), TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)), CancellationToken.None);
    Console.WriteLine(ResultsTable.PerSecond(rate));
    return 0;
}

var wanted = args is [] or ["all"] ? known : args;
if (wanted.Except(known).FirstOrDefault() is { } stranger)
{
    Console.Error.WriteLine($"there is no scenario `{stranger}`: choose from all, {string.Join(", ", known)}, or micro");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
using var work = new WorkDirectory();
var program = await PublishedSignet.PublishAsync(work, stop.Token);
var results = new ResultsTable();
foreach (var scenario in wanted)
{
    Console.WriteLine($"== {scenario}");
    IReadOnlyList<ResultRow> rows = scenario switch
    {
        "accept" => await new AcceptScenario(program, work).RunAsync(stop.Token),
        "limits" => await new LimitsScenario(program, work).RunAsync(stop.Token),
        "relay" => await new RelayScenario(program, work).RunAsync(stop.Token),
        "slow" => await new SlowSinkScenario(program, work).RunAsync(stop.Token),
        "recipients" => await new RecipientsScenario(program, work).RunAsync(stop.Token),
        "large" => await new LargeScenario(program, work).RunAsync(stop.Token),
        "waiting" => await new WaitingScenario(program, work).RunAsync(stop.Token),
        "search" => await new SearchScenario(work).RunAsync(stop.Token),
        "console" => await new ConsoleScenario(program, work).RunAsync(stop.Token),
        "cost" => await new CostScenario(program, work).RunAsync(stop.Token),
        "start" => await new StartScenario(program, work).RunAsync(stop.Token),
        "fair" => await new FairnessScenario(program, work).RunAsync(stop.Token),
        "idle" => await new IdleScenario(program, work).RunAsync(stop.Token),
        "upgrade" => await new UpgradeScenario(work).RunAsync(stop.Token),
        _ => PolicyScenario.Run(),
    };
    results.Add(rows);
}

// Some scenarios are a look at one thing: only a whole run replaces the results that are kept.
Console.WriteLine(results.ToMarkdown());
if (wanted.Length == known.Length)
{
    await results.WriteAsync(Repository.PathOf("bench", "Results.md"), stop.Token);
}

return 0;
