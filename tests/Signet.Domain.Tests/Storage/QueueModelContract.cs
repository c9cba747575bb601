using System.Collections.Concurrent;
using CsCheck;
using Signet.Messages;
using Signet.Queue;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

/// <summary>The queue against what it promises, with several workers at once: nothing lost, nothing leased twice while a lease runs.</summary>
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
            m, null, i % 4 == 0 ? new Lease("dead", Noon.AddSeconds(1)) : null, Cancel)));
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
        // After the dead node's leases, and far enough for whatever was deferred.
        var now = Noon.AddHours(1);
        while (_ended.Count < wanted)
        {
            Cancel.ThrowIfCancellationRequested();
            var leased = await queue.LeaseAsync(LeaseOf(node, now), now, 1 + random.Next(8), Cancel);
            var deliveries = leased.SelectMany(m => m.Deliveries, (m, d) => (m.Id, d.Ordinal)).ToList();
            foreach (var delivery in deliveries)
            {
                Assert.True(_held.TryAdd(delivery, node), $"{delivery} is leased to {node} and another");
            }

            var results = deliveries.Select(d => random.Next(4) switch
            {
                0 => Deferred(d.Id, d.Ordinal, now, now),
                1 => Failed(d.Id, d.Ordinal, now),
                _ => Delivered(d.Id, d.Ordinal, now),
            }).ToList();
            deliveries.ForEach(d => _held.TryRemove(d, out _));
            Assert.Equal(results.Count, await queue.SettleAsync(node, results, Cancel));
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
                    var lease = which % 2 == 0 ? LeaseOf(node, now) : null;
                    await queue.EnqueueAsync(message, null, lease, Cancel);
                    model[message.Id] = new Modelled(DeliveryState.Queued, lease?.Node, lease?.Until ?? now, now);
                    break;
                case 1:
                    var leased = await queue.LeaseAsync(LeaseOf(node, now), now, 3, Cancel);
                    var due = model.Where(m => m.Value.Visible <= now).ToDictionary();
                    Assert.Equal(Math.Min(3, due.Count), leased.Count);
                    foreach (var id in leased.Select(m => m.Id))
                    {
                        Assert.Contains(id, due);
                        model[id] = model[id] with { Node = node, Visible = LeaseOf(node, now).Until };
                    }

                    break;
                case 2 or 3 when known.Count > 0:
                    var chosen = known[which % known.Count];
                    var result = operation == 2 ? Delivered(chosen, 0, now) : Deferred(chosen, 0, now, now.AddMinutes(3));
                    var stored = await queue.SettleAsync(node, [result], Cancel);
                    Assert.Equal(model[chosen].Node == node ? 1 : 0, stored);
                    if (stored > 0)
                    {
                        model[chosen] = new Modelled(
                            result.State, null, result.NextAttemptAt ?? DateTimeOffset.MaxValue, result.NextAttemptAt ?? DateTimeOffset.MaxValue);
                    }

                    break;
                case 4:
                    var mine = model.Where(m => m.Value.Node == node).Select(m => m.Key).ToList();
                    Assert.Equal(mine.Count, await queue.ReleaseAsync(node, Cancel));
                    mine.ForEach(id => model[id] = model[id] with { Node = null, Visible = model[id].Next });
                    break;
            }
        }

        var counts = await CountAsync();
        Assert.All(Enum.GetValues<DeliveryState>(), s => Assert.Equal(model.Values.Count(m => m.State == s), counts.GetValueOrDefault(s)));
    }

    // Of every state, also of those that have ended.
    private async Task<Dictionary<DeliveryState, long>> CountAsync() => (await Database.ReadAsync(
        s => s.QueryAsync("SELECT state, COUNT(*) FROM delivery GROUP BY state", r => (r.GetString(0), r.GetInt64(1))), Cancel))
        .ToDictionary(c => Enum.Parse<DeliveryState>(c.Item1), c => c.Item2);

    private sealed record Modelled(DeliveryState State, string? Node, DateTimeOffset Visible, DateTimeOffset Next);
}
