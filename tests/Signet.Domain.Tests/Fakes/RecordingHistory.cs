using Signet.Names;
using Signet.Queue;
using Signet.Sending;

namespace Signet.Tests.Fakes;

/// <summary>A stub, for what is recorded as a refusal, and what happens when it cannot be: nothing has been sent, and a page is the whole list.</summary>
internal sealed class RecordingHistory : ISendingHistory
{
    public List<RefusedRequest> Refusals { get; } = [];

    public bool Fails { get; set; }

    public Task<long> QuotaUsedAsync(AccountRegion owner, DateTimeOffset now, CancellationToken cancel) => Task.FromResult(0L);

    public Task<IReadOnlyList<SendStatistics>> StatisticsAsync(AccountRegion owner, DateTimeOffset now, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<SendStatistics>>([]);

    public Task RecordRefusalAsync(RefusedRequest refusal, CancellationToken cancel)
    {
        if (Fails)
        {
            throw new StoreUnavailableException("the disk is full");
        }

        Refusals.Add(refusal);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<RefusedRequest>> RefusalsAsync(RefusalFilter filter, Guid? before, int limit, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<RefusedRequest>>(Refusals);

    public Task<RefusedRequest?> FindRefusalAsync(Guid id, CancellationToken cancel) => Task.FromResult<RefusedRequest?>(null);
}
