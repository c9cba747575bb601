using Signet.Names;
using Signet.Sending;

namespace Signet.Server.Tests.Fakes;

/// <summary>Refusals in a list, the newest first.</summary>
internal sealed class FakeHistory : ISendingHistory
{
    public List<RefusedSend> Refusals { get; } = [];

    public Task<IReadOnlyList<RefusedSend>> RefusalsAsync(RefusalFilter filter, Guid? before, int limit, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<RefusedSend>>([.. Refusals
            .Skip(before is { } last ? Refusals.FindIndex(r => r.Id == last) + 1 : 0)
            .Where(r => (filter.Account is null || r.Owner.Account == filter.Account)
                && (filter.Region is null || r.Owner.Region == filter.Region)
                && (filter.Since is null || r.At >= filter.Since)
                && (filter.Until is null || r.At < filter.Until)
                && (filter.Text is not { } text || Texts(r).Any(t => t.Contains(text, StringComparison.OrdinalIgnoreCase))))
            .Take(limit)]);

    public Task<RefusedSend?> FindRefusalAsync(Guid id, CancellationToken cancel) => Task.FromResult(Refusals.Find(r => r.Id == id));

    public Task<long> QuotaUsedAsync(AccountRegion owner, DateTimeOffset now, CancellationToken cancel) => throw new NotSupportedException();

    public Task<IReadOnlyList<SendStatistics>> StatisticsAsync(AccountRegion owner, DateTimeOffset now, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task RecordRefusalAsync(RefusedSend refusal, CancellationToken cancel) => throw new NotSupportedException();

    private static IEnumerable<string> Texts(RefusedSend refusal) =>
        [refusal.Refusal, refusal.Decision.Principal, .. refusal.Decision.Checks.Select(c => c.Address), .. refusal.Recipients];
}
