using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Queue;

namespace Signet.Delivery;

/// <summary>
/// Writes results of deliveries, as many at once as have come together while the last group was being written. A result that
/// cannot be written now is kept and tried again: losing it would deliver the message twice. One that the store will not take, while
/// it takes others, is written without its attempt and event or, if that fails too, dropped: it must not keep the others.
/// </summary>
public sealed class OutcomeWriter(IMessageQueue queue, Node node, TimeProvider time, ILogger<OutcomeWriter> logger) : BackgroundService
{
    private const int MaxGroup = 1_000;

    /// <summary>Results refused one by one, and none taken, after which it is the store and not they.</summary>
    private const int MaxRefused = 8;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongRetryDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LastWrites = TimeSpan.FromSeconds(5);

    private readonly Channel<DeliveryResult> _results = Channel.CreateUnbounded<DeliveryResult>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<DeliveryKey, byte> _unwritten = [];

    /// <summary>Deliveries with a result that is not on stable storage yet.</summary>
    internal IEnumerable<DeliveryKey> Unwritten => _unwritten.Keys;

    /// <summary>Takes a result to be written soon. Nothing is on stable storage yet when this returns.</summary>
    public void Add(DeliveryResult result)
    {
        // Now, not when it is written: the attempt was made, and the store may be away.
        MailLog.Write(logger, result);
        _unwritten.TryAdd(KeyOf(result), 0);
        _results.Writer.TryWrite(result);
    }

    /// <summary>
    /// Writes what it was given, and ends. It takes its own time for that, whatever
    /// <paramref name="cancel"/> says: when a server that does not answer has used up all that there was to stop in, the others'
    /// results are still to be written, or their messages would go out twice.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancel)
    {
        _results.Writer.TryComplete();
        using var patience = new CancellationTokenSource(LastWrites, time);
        if (ExecuteTask is { } running)
        {
            await Task.WhenAny(running, Task.Delay(Timeout.Infinite, patience.Token));
        }

        await base.StopAsync(patience.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken cancel)
    {
        // Those that were refused stand last, so that whatever else there is shows whether it is they or the store.
        List<DeliveryResult> kept = [];
        var refusedInTurn = 0;
        while (kept.Count > 0 || await _results.Reader.WaitToReadAsync(cancel))
        {
            List<DeliveryResult> group = [.. ReadNew(Math.Max(1, MaxGroup - kept.Count)), .. kept];
            var writing = new Writing();
            await WriteAsync(group, writing, cancel);
            foreach (var written in writing.Written)
            {
                _unwritten.TryRemove(KeyOf(written), out _);
            }

            var refused = writing.Refused.ConvertAll(r => r.Result);
            var left = group.Except(writing.Written).Except(refused);
            if (writing.Written.Count > 0)
            {
                // It is they: the store takes others. They stay unwritten, so that this node does not take their deliveries again.
                writing.Refused.ForEach(r => Log.ResultDropped(logger, r.Result.MessageId, r.Result.Ordinal, r.Cause));
                (kept, refusedInTurn) = ([.. left], 0);
                continue;
            }

            // It may be the store. When all of them were refused, the next result will show.
            kept = [.. left, .. refused];
            Log.ResultsNotWritten(logger, kept.Count, RetryDelay, writing.Refused[0].Cause.Message);
            await Task.Delay(RetryDelay, time, cancel);
            refusedInTurn += refused.Count;
            if (refusedInTurn >= kept.Count)
            {
                await WaitForResultAsync(cancel);
                refusedInTurn = 0;
            }
        }
    }

    private IEnumerable<DeliveryResult> ReadNew(int most)
    {
        for (var read = 0; read < most && _results.Reader.TryRead(out var result); read++)
        {
            yield return result;
        }
    }

    private async Task WaitForResultAsync(CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(LongRetryDelay, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            await _results.Reader.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Time to try again without one.
        }
    }

    private static DeliveryKey KeyOf(DeliveryResult result) => new(result.MessageId, result.Ordinal);

    /// <summary>Writes a group; of one that fails, all but those that fail by themselves.</summary>
    private async Task WriteAsync(List<DeliveryResult> group, Writing writing, CancellationToken cancel)
    {
        if (writing.IsHopeless)
        {
            return;
        }

        try
        {
            await WriteWhenAbleAsync(group, cancel);
            writing.Written.AddRange(group);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            // The unit was undone whole: one result in it is at fault, or the store.
            if (group.Count == 1)
            {
                await WriteLessAsync(group[0], e, writing, cancel);
                return;
            }

            var half = group.Count / 2;
            await WriteAsync(group.GetRange(0, half), writing, cancel);
            await WriteAsync(group.GetRange(half, group.Count - half), writing, cancel);
        }
    }

    // That it was delivered matters most: whatever else is wrong with a result, the message must not go out again.
    private async Task WriteLessAsync(DeliveryResult result, Exception cause, Writing writing, CancellationToken cancel)
    {
        (DeliveryResult Less, string What)[] forms =
        [
            (result with { Attempt = null }, "its attempt is left out"),
            (result with { Attempt = null, Event = null, Result = "the result could not be stored (see the log)" }, "its attempt, event and reply are left out"),
        ];
        foreach (var (less, what) in forms)
        {
            try
            {
                await WriteWhenAbleAsync([less], cancel);
                Log.ResultCut(logger, result.MessageId, result.Ordinal, what, cause);
                writing.Written.Add(result);
                return;
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                cause = e;
            }
        }

        writing.Refused.Add((result, cause));
    }

    private async Task WriteWhenAbleAsync(List<DeliveryResult> group, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await queue.StoreResultsAsync(node.Name, group, cancel);
                return;
            }
            catch (StoreUnavailableException e)
            {
                Log.ResultsNotWritten(logger, group.Count, RetryDelay, e.Message);
                await Task.Delay(RetryDelay, time, cancel);
            }
        }
    }

    /// <summary>What came of writing a group.</summary>
    private sealed class Writing
    {
        public List<DeliveryResult> Written { get; } = [];

        public List<(DeliveryResult Result, Exception Cause)> Refused { get; } = [];

        public bool IsHopeless => Written.Count == 0 && Refused.Count >= MaxRefused;
    }
}
