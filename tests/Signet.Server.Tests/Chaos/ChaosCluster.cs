using System.Diagnostics;
using Signet.Server.Tests.Clients;
using Signet.Server.Tests.EndToEnd;

namespace Signet.Server.Tests.Chaos;

/// <summary>
/// Three nodes on one PostgreSQL, each a process of its own under load. A sink records the messages it receives and the node that sent each. A
/// message that was answered with a MessageId must arrive. It may arrive twice only when the node that sent it first was killed in between.
/// </summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    private const int Nodes = 3;
    private const int Callers = 2;

    /// <summary>Accepted, or received, after which a node, or all, have gone on.</summary>
    private const int GoneOn = 5;

    private readonly SmtpSink _sink = SmtpSink.Start();
    private readonly Evidence _evidence;
    private readonly string _connection;
    private readonly IReadOnlyList<string> _throughForLast;
    private readonly string[] _data = [.. Enumerable.Range(0, Nodes).Select(_ => Directory.CreateTempSubdirectory("signet-test-").FullName)];
    private readonly RunningSignet?[] _nodes = new RunningSignet?[Nodes];
    private readonly Load?[] _loads = new Load?[Nodes];
    private readonly List<Load> _ended = [];
    private readonly List<(string Node, int Life)> _kills = [];
    private readonly List<Recovery> _recoveries = [];

    private ChaosCluster(string connection, IReadOnlyList<string> throughForLast)
    {
        _connection = connection;
        _throughForLast = throughForLast;
        _evidence = new Evidence(_sink);
    }

    /// <summary>How long all nodes took to accept and to deliver again, after each mishap.</summary>
    public IReadOnlyList<Recovery> Recoveries => _recoveries;

    /// <summary>How many requests were refused by the nodes that run now.</summary>
    public int Refused => _loads.Sum(l => l!.Refusals.Values.Sum());

    /// <param name="connection">Of PostgreSQL.</param>
    /// <param name="throughForLast">A command through which the last node is started, or none.</param>
    public static async Task<ChaosCluster> StartAsync(string connection, params IReadOnlyList<string> throughForLast)
    {
        var cluster = new ChaosCluster(connection, throughForLast);
        try
        {
            for (var node = 0; node < Nodes; node++)
            {
                await cluster.StartAsync(node);
                if (node + 1 < Nodes)
                {
                    File.Copy(Path.Combine(cluster._data[0], "secret.key"), Path.Combine(cluster._data[node + 1], "secret.key"));
                }
            }
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        await Eventually.TrueAsync(() => cluster._loads.All(l => l!.Answered > GoneOn));
        return cluster;
    }

    /// <summary>Kills a node as <c>kill -9</c> does, and starts another in its place.</summary>
    public async Task KillAndStartAsync(int node)
    {
        await _nodes[node]!.KillAsync();
        _kills.Add((Name(node), _sink.Life));
        _sink.Life++;
        await _nodes[node]!.DisposeAsync();
        End(node);
        await StartAsync(node);
        await Eventually.TrueAsync(() => _loads[node]!.Answered > GoneOn);
    }

    /// <summary>Measures from the beginning of a mishap until all nodes accept, and mail arrives.</summary>
    public async Task RecoverAsync(Func<Task> mishap)
    {
        var begin = Stopwatch.GetTimestamp();
        await mishap();
        var answered = _loads.Select(l => l!.Answered).ToList();
        var received = _sink.Receipts.Count;
        await Eventually.TrueAsync(() => _loads.Zip(answered).All(l => l.First!.Answered > l.Second + GoneOn), what: "that all nodes accept");
        var accepting = Stopwatch.GetElapsedTime(begin);
        await Eventually.TrueAsync(() => _sink.Receipts.Count > received + GoneOn, what: "that mail arrives");
        _recoveries.Add(new Recovery(accepting, Stopwatch.GetElapsedTime(begin)));
        _sink.Life++;
    }

    /// <summary>Ends the load, waits until all that was accepted has arrived, says what was seen, and stops the nodes in order.</summary>
    public async Task EndAsync(ITestOutputHelper output)
    {
        for (var node = 0; node < Nodes; node++)
        {
            End(node);
        }

        await _evidence.AllArrivedAsync();
        foreach (var node in _nodes)
        {
            Assert.Equal(0, await node!.StopAsync());
        }

        var twice = _sink.Receipts.GroupBy(r => (r.Subject, r.Recipient)).Where(g => g.Count() > 1).ToList();
        var refused = _ended.SelectMany(l => l.Refusals).GroupBy(r => r.Key).Select(g => $"{g.Key}: {g.Sum(r => r.Value)}");
        output.WriteLine($"{_evidence.Accepted.Count} accepted, {_sink.Receipts.Count} received, {twice.Count} more than once, {_kills.Count} kills; refused: {string.Join(", ", refused)}");
        Report(output, "accepting", [.. _recoveries.Select(r => r.Accepting)]);
        Report(output, "delivering", [.. _recoveries.Select(r => r.Delivering)]);

        Assert.All(_ended.SelectMany(l => l.Refusals.Keys), r => Assert.Equal("503 ServiceUnavailable", r));
        Assert.All(twice, g => Assert.All(g.Zip(g.Skip(1)), pair => Assert.True(
            IsExplained(pair.First, pair.Second), $"{g.Key.Subject}: {pair.First.Client} in {pair.First.Life}, {pair.Second.Client} in {pair.Second.Life}")));
    }

    public async ValueTask DisposeAsync()
    {
        for (var node = 0; node < Nodes; node++)
        {
            End(node);
            if (_nodes[node] is { } running)
            {
                await running.DisposeAsync();
            }

            Directory.Delete(_data[node], recursive: true);
        }

        await _sink.DisposeAsync();
    }

    // What a node had sent was delivered again by another, or by a later life of it: it was killed before the result was written.
    private bool IsExplained(Receipt first, Receipt second) =>
        _kills.Any(k => k.Node == first.Client && k.Life >= first.Life && k.Life < second.Life);

    private static void Report(ITestOutputHelper output, string what, List<TimeSpan> spans)
    {
        if (spans.Count > 0)
        {
            spans.Sort();
            output.WriteLine($"seconds until {what} again: median {spans[spans.Count / 2].TotalSeconds:0.0}, worst {spans[^1].TotalSeconds:0.0}, of {spans.Count} times");
        }
    }

    private static string Name(int node) => $"node{node}.test";

    private async Task StartAsync(int node)
    {
        _nodes[node] = await RunningSignet.StartThroughAsync(
            node == Nodes - 1 ? _throughForLast : [],
            _data[node],
            "dev", "--http", "127.0.0.1:0", "--smtp", "none", "--hostname", Name(node), "--dkim-zone", "dkim.test",
            "--route", $"smtp://127.0.0.1:{_sink.Port}", "--database", _connection);
        _loads[node] = Load.Start(_nodes[node]!.Url, _evidence.Accepted, $"{node}-{_sink.Life}", Callers);
    }

    private void End(int node)
    {
        if (_loads[node] is { } load)
        {
            load.Dispose();
            _ended.Add(load);
            _loads[node] = null;
        }
    }

    /// <param name="Accepting">From the beginning of a mishap until every node accepted messages.</param>
    /// <param name="Delivering">Until messages arrived.</param>
    public sealed record Recovery(TimeSpan Accepting, TimeSpan Delivering);
}
