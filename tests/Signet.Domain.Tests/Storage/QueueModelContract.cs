using System.Collections.Concurrent;
using CsCheck;
using Signet.Messages;
using Signet.Queue;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

/// <summary>The queue against what it promises, with several workers at once: nothing lost, nothing claimed twice.</summary>
public abstract class QueueModelContract(TestStore store) : StoreContract(store)
{
    private readonly ConcurrentDictionary<(MessageId, int), string> _held = new();
    private readonly ConcurrentDictionary<(MessageId, int), int> _ended = new();

    [Fact]
    public async Task Several_workers_deliver_everything_and_never_hold_the_same_delivery()
    {
        var queue = new SqlMessageQueue(Database);
        var messages = Enumerable.Range(0, 40)
            .Select(i => Message(Noon.AddMilliseconds(i), recipients: [.. Enumerable.Range(0, 1 + (i % 3)).Select(r => $"r{r}")]))
            .ToList();
        var wanted = messages.Sum(m => m.Recipients.Count);

        var workers = Enumerable.Range(0, 4).Select(w => WorkAsync(queue, $"n{w}", new Random(w), wanted)).ToList();
        await Task.WhenAll(messages.Select((m, i) => queue.EnqueueAsync(
            m, null, i % 4 == 0 ? "dead" : null, Cancel)));
        await new SqlNodes(Database).BeatAsync("dead", TimeSpan.Zero, Cancel);
        await new SqlNodes(Database).FreeDeadAsync(Cancel);
        await Task.WhenAll(workers);

        Assert.Equal(wanted, _ended.Count);
        Assert.All(_ended.Values, times => Assert.Equal(1, times));
        var counts = await CountAsync();
        Assert.Equal(wanted, counts.GetValueOrDefault(DeliveryState.Delivered) + counts.GetValueOrDefault(DeliveryState.Failed));
    }

    [Fact]
    public async Task Any_sequence_of_operations_agrees_with_a_simple_model()
    {
        // Operation, which delivery, how many minutes pass.
        var operations = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 20], Gen.Int[0, 4]).Array[1, 25];

        await operations.SampleAsync(
            async sequence =>
            {
                await new SqlMessageArchive(Database).ResetAsync(null, Cancel);
                await AgreesAsync(sequence);
            },
            iter: 25, threads: 1);
    }

    private async Task WorkAsync(SqlMessageQueue queue, string node, Random random, int wanted)
    {
        await new SqlNodes(Database).BeatAsync(node, TimeSpan.FromHours(1), Cancel);
        // Far enough for whatever was deferred.
        var now = Noon.AddHours(1);
        while (_ended.Count < wanted)
        {
            Cancel.ThrowIfCancellationRequested();
            var claimed = await queue.ClaimAsync(node, new ClaimRequest(now, 1 + random.Next(8)), Cancel);
            var deliveries = claimed.SelectMany(m => m.Deliveries, (m, d) => (m.Id, d.Ordinal, d.Attempts)).ToList();
            foreach (var delivery in deliveries)
            {
                Assert.True(_held.TryAdd((delivery.Id, delivery.Ordinal), node), $"{delivery} is claimed by {node} and another");
            }

            var results = deliveries.Select(d => random.Next(4) switch
            {
                0 => Deferred(d.Id, d.Ordinal, now, now, d.Attempts),
                1 => Failed(d.Id, d.Ordinal, now, d.Attempts),
                _ => Delivered(d.Id, d.Ordinal, now, d.Attempts),
            }).ToList();
            deliveries.ForEach(d => _held.TryRemove((d.Id, d.Ordinal), out _));
            Assert.Equal(results.Count, await queue.StoreResultsAsync(node, results, Cancel));
            foreach (var ended in results.Where(r => r.State != DeliveryState.Deferred))
            {
                _ended.AddOrUpdate((ended.MessageId, ended.Ordinal), 1, (_, times) => times + 1);
            }
        }
    }

    private async Task AgreesAsync((int Operation, int Which, int Minutes)[] sequence)
    {
        var queue = new SqlMessageQueue(Database);
        var now = Noon;
        Dictionary<MessageId, Modelled> model = [];
        foreach (var (operation, which, minutes) in sequence)
        {
            now = now.AddMinutes(minutes);
            var node = $"n{which % 3}";
            var known = model.Keys.OrderBy(k => k.Value, StringComparer.Ordinal).ToList();
            switch (operation)
            {
                case 0:
                    var message = Message(now);
                    var owner = which % 2 == 0 ? node : null;
                    await queue.EnqueueAsync(message, null, owner, Cancel);
                    model[message.Id] = new Modelled(DeliveryState.Queued, owner, owner is not null, now, 0);
                    break;
                case 1:
                    var claimed = await queue.ClaimAsync(node, new ClaimRequest(now, 3), Cancel);
                    var due = model.Where(m => m.Value is { IsClaimed: false, HasEnded: false } && m.Value.Due <= now).ToDictionary();
                    Assert.Equal(Math.Min(3, due.Count), claimed.Count);
                    foreach (var id in claimed.Select(m => m.Id))
                    {
                        Assert.Contains(id, due);
                        model[id] = model[id] with { Node = node, IsClaimed = true };
                    }

                    break;
                case 2 or 3 when known.Count > 0:
                    var chosen = known[which % known.Count];

                    // Sometimes a result that was given before.
                    var attempts = Math.Max(0, model[chosen].Attempts - (minutes % 2));
                    var result = operation == 2 ? Delivered(chosen, 0, now, attempts) : Deferred(chosen, 0, now, now.AddMinutes(3), attempts);
                    var stored = await queue.StoreResultsAsync(node, [result], Cancel);
                    Assert.Equal(model[chosen] is { HasEnded: false } row && row.Node == node && row.Attempts == attempts ? 1 : 0, stored);
                    if (stored > 0)
                    {
                        model[chosen] = new Modelled(result.State, node, false, result.NextAttemptAt ?? DateTimeOffset.MaxValue, attempts + 1);
                    }

                    break;
                case 4:
                    var mine = model.Where(m => m.Value.IsClaimed && m.Value.Node == node).Select(m => m.Key).ToList();
                    Assert.Equal(mine.Count, await new SqlNodes(Database).LeaveAsync(node, Cancel));
                    mine.ForEach(id => model[id] = model[id] with { IsClaimed = false });
                    break;
            }
        }

        var counts = await CountAsync();
        Assert.All(Enum.GetValues<DeliveryState>(), s => Assert.Equal(model.Values.Count(m => m.State == s), counts.GetValueOrDefault(s)));
    }

    // Of every state, also of those that have ended.
    private async Task<Dictionary<DeliveryState, long>> CountAsync() => (await Database.ReadAsync(
        s => s.QueryAsync("SELECT state, COUNT(*) FROM any_delivery GROUP BY state", r => (r.GetString(0), r.GetInt64(1))), Cancel))
        .ToDictionary(c => Enum.Parse<DeliveryState>(c.Item1), c => c.Item2);

    /// <param name="State">The delivery's.</param>
    /// <param name="Node">Which claimed it last.</param>
    /// <param name="IsClaimed">Whether it has it still.</param>
    /// <param name="Due">When it may be claimed.</param>
    /// <param name="Attempts">How many ended.</param>
    private sealed record Modelled(DeliveryState State, string? Node, bool IsClaimed, DateTimeOffset Due, int Attempts)
    {
        public bool HasEnded => State is DeliveryState.Delivered or DeliveryState.Failed;
    }
}
