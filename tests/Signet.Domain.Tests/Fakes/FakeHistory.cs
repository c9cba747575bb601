using Signet.Names;
using Signet.Sending;

namespace Signet.Tests.Fakes;

/// <summary>Refusals in a list. Of quota and statistics it knows nothing, and is asked for none.</summary>
internal sealed class FakeHistory : ISendingHistory
{
    public List<RefusedRequest> Refusals { get; } = [];

    public Task<IReadOnlyList<RefusedRequest>> RefusalsAsync(RefusalFilter filter, Guid? before, int limit, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<RefusedRequest>>([.. Refusals
            .Where(r => before is not { } last || Compare(r.Id, last) < 0)
            .Where(r => (filter.Account is null || r.Owner?.Account == filter.Account)
                && (filter.Region is null || r.Owner?.Region == filter.Region)
                && (filter.Since is null || r.At >= filter.Since)
                && (filter.Until is null || r.At < filter.Until)
                && (filter.Text is not { } text || Texts(r).Any(t => t.Contains(text, StringComparison.OrdinalIgnoreCase))))
            .OrderByDescending(r => r.Id, Comparer<Guid>.Create(Compare))
            .Take(limit)]);

    public Task<RefusedRequest?> FindRefusalAsync(Guid id, CancellationToken cancel) => Task.FromResult(Refusals.Find(r => r.Id == id));

    public Task<long> QuotaUsedAsync(AccountRegion owner, DateTimeOffset now, CancellationToken cancel) => throw new NotSupportedException();

    public Task<IReadOnlyList<SendStatistics>> StatisticsAsync(AccountRegion owner, DateTimeOffset now, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task RecordRefusalAsync(RefusedRequest refusal, CancellationToken cancel)
    {
        Refusals.Add(refusal);
        var kept = refusal.IsProven ? ISendingHistory.MaxRefusals : ISendingHistory.MaxUnprovenRefusals;
        var alike = Refusals.Where(r => r.Kind == refusal.Kind && r.Owner?.Account == refusal.Owner?.Account).ToList();
        if (alike.Count > kept)
        {
            Refusals.Remove(alike.MinBy(r => r.Id, Comparer<Guid>.Create(Compare))!);
        }

        return Task.CompletedTask;
    }

    // As a store compares their texts.
    private static int Compare(Guid one, Guid other) => string.CompareOrdinal($"{one}", $"{other}");

    private static IEnumerable<string> Texts(RefusedRequest refusal) =>
        [refusal.Refusal, refusal.Code, refusal.Caller, refusal.Action, .. refusal.Decision?.Checks.Select(c => c.Address) ?? [], .. refusal.Recipients];
}
