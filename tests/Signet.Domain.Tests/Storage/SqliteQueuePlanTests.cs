using Signet.Storage;

namespace Signet.Tests.Storage;

/// <summary>How SQLite goes about what every node asks every second.</summary>
public sealed class SqliteQueuePlanTests() : StoreContract(new SqliteStore())
{
    [Fact]
    public async Task What_operators_ask_for_is_found_without_looking_at_what_waits()
    {
        var plan = await Database.ReadAsync(
            session => session.QueryAsync($"EXPLAIN QUERY PLAN {SqlQueueControl.Pending}", r => r.GetString(3), ("now", Samples.Noon)), Cancel);

        Assert.Contains("USING INDEX delivery_requested", Assert.Single(plan), StringComparison.Ordinal);
    }
}
