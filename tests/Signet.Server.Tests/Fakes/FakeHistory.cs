using Signet.Names;
using Signet.Sending;

namespace Signet.Server.Tests.Fakes;

/// <summary>Refusals in a list.</summary>
internal sealed class FakeHistory : ISendingHistory
{
    public List<RefusedSend> Refusals { get; } = [];

    public Task<IReadOnlyList<RefusedSend>> RefusalsAsync(AccountRegion? owner, int limit, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<RefusedSend>>([.. Refusals.Where(r => owner is null || r.Owner == owner).Take(limit)]);

    public Task<long> QuotaUsedAsync(AccountRegion owner, DateTimeOffset now, CancellationToken cancel) => throw new NotSupportedException();

    public Task<IReadOnlyList<SendStatistics>> StatisticsAsync(AccountRegion owner, DateTimeOffset now, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task RecordRefusalAsync(RefusedSend refusal, CancellationToken cancel) => throw new NotSupportedException();
}
