using Signet.Names;
using Signet.Sending;

namespace Signet.Server.Tests.Fakes;

/// <summary>Refusals in a list, the newest first.</summary>
internal sealed class FakeHistory : ISendingHistory
{
    public List<RefusedRequest> Refusals { get; } = [];

    public Task<IReadOnlyList<RefusedRequest>> RefusalsAsync(RefusalFilter filter, Guid? before, int limit, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<RefusedRequest>>([.. Refusals
            .Skip(before is { } last ? Refusals.FindIndex(r => r.Id == last) + 1 : 0)
            .Where(r => (filter.Account is null || r.Owner?.Account == filter.Account)
                && (filter.Region is null || r.Owner?.Region == filter.Region)
                && (filter.Since is null || r.At >= filter.Since)
                && (filter.Until is null || r.At < filter.Until)
                && (filter.Text is not { } text || Texts(r).Any(t => t.Contains(text, StringComparison.OrdinalIgnoreCase))))
            .Take(limit)]);

    public Task<RefusedRequest?> FindRefusalAsync(Guid id, CancellationToken cancel) => Task.FromResult(Refusals.Find(r => r.Id == id));

    public Task<long> QuotaUsedAsync(AccountRegion owner, DateTimeOffset now, CancellationToken cancel) => throw new NotSupportedException();

    public Task<IReadOnlyList<SendStatistics>> StatisticsAsync(AccountRegion owner, DateTimeOffset now, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task RecordRefusalAsync(RefusedRequest refusal, CancellationToken cancel)
    {
        Refusals.Insert(0, refusal);
        return Task.CompletedTask;
    }

    private static IEnumerable<string> Texts(RefusedRequest refusal) =>
        [refusal.Refusal, refusal.Code, refusal.Caller, refusal.Action, .. refusal.Decision?.Checks.Select(c => c.Address) ?? [], .. refusal.Recipients];
}
