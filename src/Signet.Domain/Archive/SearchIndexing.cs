using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Queue;

namespace Signet.Archive;

/// <summary>
/// Indexes in the background what was accepted, so that accepting need not. It rests four times as long as it works: while mail comes
/// in fast, searching falls behind, not sending. One node does it for all.
/// </summary>
public sealed class SearchIndexing(
    ISearchIndex index, ArrivalSignal arrivals, Duties duties, TimeProvider time, ILogger<SearchIndexing> logger)
    : BackgroundService
{
    // Small, for on SQLite a portion holds up the writer.
    private const int Portion = 64;
    private const int RestFactor = 4;

    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(100);

    /// <summary>How often it looks without a signal, for what other nodes and commands store.</summary>
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(5);

    /// <summary>Indexes a portion of what waits. Returns how many messages were looked at: 0 when none waits.</summary>
    public async Task<int> IndexAsync(CancellationToken cancel)
    {
        var messages = await index.NextAsync(Portion, SearchWords.MaxContent, cancel);
        if (messages.Count > 0)
        {
            await AddAsync([.. messages.Select(m => (m, WordsOf(m)))], cancel);

            // Who waits for a message by its text can find it only now.
            arrivals.Raise();
        }

        return messages.Count;
    }

    // A message that cannot be cut into words is found by its addresses and subject all the same, and holds up no other.
    private IReadOnlyList<string> WordsOf(UnindexedMessage message)
    {
        try
        {
            return SearchWords.Of(message);
        }
        catch (Exception e)
        {
            Log.MessageNotCut(logger, message.Id, e);
            return [];
        }
    }

    private async Task AddAsync(List<(UnindexedMessage Message, IReadOnlyList<string> Words)> portion, CancellationToken cancel)
    {
        try
        {
            await index.AddAsync(portion, cancel);
        }
        catch (Exception e) when (e is not StoreUnavailableException && !cancel.IsCancellationRequested)
        {
            // Nothing of the portion is stored; which of them is at fault shows one by one.
            foreach (var (message, words) in portion)
            {
                await AddAloneAsync(message, words, cancel);
            }
        }
    }

    private async Task AddAloneAsync(UnindexedMessage message, IReadOnlyList<string> words, CancellationToken cancel)
    {
        try
        {
            await index.AddAsync([(message, words)], cancel);
        }
        catch (Exception e) when (e is not StoreUnavailableException && !cancel.IsCancellationRequested)
        {
            Log.MessageNotCut(logger, message.Id, e);
            await index.AddAsync([(message, [])], cancel);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var arrival = arrivals.Next;
            var begin = time.GetTimestamp();
            try
            {
                var count = await duties.IsMineAsync(Duty.SearchIndexing, stoppingToken) ? await IndexAsync(stoppingToken) : 0;
                var rest = time.GetElapsedTime(begin) * RestFactor;
                await Task.Delay(rest > ShortestRest ? rest : ShortestRest, time, stoppingToken);
                if (count == 0)
                {
                    await WaitAsync(arrival, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (StoreUnavailableException exception)
            {
                Log.NotIndexed(logger, Recheck, exception.Message);
                await WaitAsync(Task.Delay(Timeout.InfiniteTimeSpan, stoppingToken), stoppingToken);
            }
            catch (Exception exception)
            {
                // The loop must go on: what fails now may succeed at the next turn.
                Log.IndexFailed(logger, Recheck, exception);
                await WaitAsync(Task.Delay(Timeout.InfiniteTimeSpan, stoppingToken), stoppingToken);
            }
        }
    }

    private async Task WaitAsync(Task arrival, CancellationToken cancel)
    {
        try
        {
            await arrival.WaitAsync(Recheck, time, cancel);
        }
        catch (TimeoutException)
        {
            // Time to look again.
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The loop ends by itself.
        }
    }
}
