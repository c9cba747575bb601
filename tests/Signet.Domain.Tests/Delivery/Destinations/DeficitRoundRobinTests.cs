using CsCheck;
using Signet.Delivery.Destinations;

namespace Signet.Tests.Delivery.Destinations;

public sealed class DeficitRoundRobinTests
{
    private const int Quantum = 10;

    [Fact]
    public void Lanes_of_one_weight_take_turns()
    {
        var lanes = new Lanes(("a", [10, 10, 10]), ("b", [10, 10]), ("c", [10]));

        Assert.Equal("abcaba", lanes.Order());
    }

    [Fact]
    public void A_lane_of_twice_the_weight_gets_twice_as_much()
    {
        var lanes = new Lanes(("a", [.. Enumerable.Repeat(10, 6)]), ("b", [.. Enumerable.Repeat(10, 3)])) { Weights = { ["a"] = 2 } };

        Assert.Equal("aabaabaab", lanes.Order());
    }

    [Fact]
    public void Large_items_wait_until_their_lane_has_saved_up_for_them()
    {
        var lanes = new Lanes(("a", [30, 30]), ("b", [.. Enumerable.Repeat(10, 6)]));

        Assert.Equal("bbabbbab", lanes.Order());
    }

    [Fact]
    public void A_lane_that_was_empty_has_saved_nothing_up()
    {
        var turns = new DeficitRoundRobin<string>(Quantum);
        Dictionary<string, Queue<int>> items = new() { ["a"] = new([1]), ["b"] = new(Enumerable.Repeat(10, 20)) };
        turns.Join("a");
        turns.Join("b");
        for (var n = 0; n < 10; n++)
        {
            Take(turns, items);
        }

        Assert.Equal(1, turns.Count);
        items["a"] = new([10, 10, 10]);
        turns.Join("a");

        Assert.Equal(2, Enumerable.Range(0, 4).Count(_ => Take(turns, items) == "a"));
    }

    [Fact]
    public void Without_items_there_is_no_next()
    {
        var turns = new DeficitRoundRobin<string>(Quantum);
        turns.Join("a");

        Assert.False(turns.TryNext(_ => null, out _));
        Assert.Equal(0, turns.Count);
    }

    [Fact]
    public void Every_item_goes_and_lanes_that_have_items_get_their_share() =>
        Gen.Select(Gen.Int[1, 40].Array[0, 60], Gen.Int[1, 3]).Array[1, 8].Sample(lanes =>
        {
            var turns = new DeficitRoundRobin<int>(Quantum);
            var items = lanes.Select(l => new Queue<int>(l.Item1)).ToArray();
            var served = new long[lanes.Length];
            for (var lane = 0; lane < lanes.Length; lane++)
            {
                turns.Join(lane, lanes[lane].Item2);
            }

            while (turns.TryNext(l => items[l].TryPeek(out var cost) ? cost : null, out var next))
            {
                served[next] += items[next].Dequeue();
                var waiting = Enumerable.Range(0, lanes.Length).Where(l => items[l].Count > 0).ToList();
                foreach (var lane in waiting)
                {
                    // No lane that has had items all the time lags more than a round and its largest item behind another.
                    Assert.All(waiting, other => Assert.InRange(
                        ((double)served[lane] / lanes[lane].Item2) - ((double)served[other] / lanes[other].Item2), -(2 * Quantum) - 80, (2 * Quantum) + 80));
                }
            }

            Assert.All(items, Assert.Empty);
            Assert.Equal(lanes.Select(l => l.Item1.Sum(c => (long)c)), served);
        });

    private static string? Take(DeficitRoundRobin<string> turns, Dictionary<string, Queue<int>> items)
    {
        if (!turns.TryNext(l => items[l].TryPeek(out var cost) ? cost : null, out var lane))
        {
            return null;
        }

        items[lane].Dequeue();
        return lane;
    }

    private sealed class Lanes(params (string Name, int[] Costs)[] lanes)
    {
        public Dictionary<string, int> Weights { get; } = [];

        public string Order()
        {
            var turns = new DeficitRoundRobin<string>(Quantum);
            var items = lanes.ToDictionary(l => l.Name, l => new Queue<int>(l.Costs));
            foreach (var (name, _) in lanes)
            {
                turns.Join(name, Weights.GetValueOrDefault(name, 1));
            }

            var order = "";
            while (Take(turns, items) is { } lane)
            {
                order += lane;
            }

            return order;
        }
    }
}
