using Signet.Names;
using Signet.Sending;

namespace Signet.Server.Tests.Fakes;

/// <summary>A stub, for actions that show quota and statistics: a history that always says the same, and keeps nothing.</summary>
internal sealed class FixedSendingHistory(long quotaUsed, params IReadOnlyList<SendStatistics> statistics) : ISendingHistory
{
    public Task<long> QuotaUsedAsync(AccountRegion owner, DateTimeOffset now, CancellationToken cancel) => Task.FromResult(quotaUsed);

    public Task<IReadOnlyList<SendStatistics>> StatisticsAsync(AccountRegion owner, DateTimeOffset now, CancellationToken cancel) =>
        Task.FromResult(statistics);

    public Task RecordRefusalAsync(RefusedRequest refusal, CancellationToken cancel) => Task.CompletedTask;

    public Task<IReadOnlyList<RefusedRequest>> RefusalsAsync(RefusalFilter filter, Guid? before, int limit, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<RefusedRequest>>([]);

    public Task<RefusedRequest?> FindRefusalAsync(Guid id, CancellationToken cancel) => Task.FromResult<RefusedRequest?>(null);
}
