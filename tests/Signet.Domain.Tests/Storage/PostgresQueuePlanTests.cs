using Signet.Storage;

namespace Signet.Tests.Storage;

public sealed class PostgresQueuePlanTests(PostgresServer server) : StoreContract(new PostgresStore(server))
{
    [Fact]
    public async Task Lanes_are_found_by_an_index_also_when_the_statistics_are_those_of_a_short_table()
    {
        await new SqlMessageQueue(Database).EnqueueAsync(Samples.Message(), null, null, Cancel);
        await Database.WriteAsync(s => s.ExecuteAsync("ANALYZE open_delivery"), Cancel);

        var plan = await Database.WriteAsync(
            async session =>
            {
                await session.PreferIndexesAsync();
                return await session.QueryAsync(
                    $"EXPLAIN {ClaimStatements.Lanes}", r => r.GetString(0),
                    ("after", ""), ("most", 10), ("now", Samples.Noon), ("counted", 10));
            },
            Cancel);

        Assert.DoesNotContain(plan, step => step.Contains("Seq Scan on open_delivery", StringComparison.Ordinal));
    }
}
