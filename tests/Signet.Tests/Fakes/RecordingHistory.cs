using Signet.Names;
using Signet.Queue;
using Signet.Sending;

namespace Signet.Tests.Fakes;

internal sealed class RecordingHistory : ISendingHistory
{
    public List<RefusedSend> Refusals { get; } = [];

    public bool Fails { get; set; }

    public Task<long> QuotaUsedAsync(AccountRegion owner, DateTimeOffset now, CancellationToken cancel) => Task.FromResult(0L);

    public Task<IReadOnlyList<SendStatistics>> StatisticsAsync(AccountRegion owner, DateTimeOffset now, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<SendStatistics>>([]);

    public Task RecordRefusalAsync(RefusedSend refusal, CancellationToken cancel)
    {
        if (Fails)
        {
            throw new StoreUnavailableException("the disk is full");
        }

        Refusals.Add(refusal);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<RefusedSend>> RefusalsAsync(RefusalFilter filter, Guid? before, int limit, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<RefusedSend>>(Refusals);

    public Task<RefusedSend?> FindRefusalAsync(Guid id, CancellationToken cancel) => Task.FromResult<RefusedSend?>(null);
}
