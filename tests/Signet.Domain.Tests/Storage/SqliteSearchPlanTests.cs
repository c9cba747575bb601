using Signet.Archive;
using Signet.Queue;
using Signet.Storage;

namespace Signet.Tests.Storage;

/// <summary>How SQLite goes about searches that would take minutes if it went about them otherwise.</summary>
public sealed class SqliteSearchPlanTests() : StoreContract(new SqliteStore())
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Delivered_messages_are_asked_one_by_one_for_their_deliveries(bool bySubject)
    {
        var filter = new MessageFilter { State = DeliveryState.Delivered, Subject = bySubject ? "invoice" : null };
        var selection = new MessageSelection(filter, Database.Dialect);

        var plan = await Database.ReadAsync(
            session => session.QueryAsync($"EXPLAIN QUERY PLAN {selection.Count}", r => r.GetString(3), [.. selection.Values]), Cancel);

        Assert.Contains(plan, step => step.Contains("SEARCH delivery", StringComparison.Ordinal) && step.Contains("message_id=?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Messages_are_counted_by_indexes_alone_when_those_of_the_server_itself_are_left_out()
    {
        var selection = new MessageSelection(new MessageFilter(), Database.Dialect);

        var plan = await Database.ReadAsync(
            session => session.QueryAsync($"EXPLAIN QUERY PLAN {selection.Count}", r => r.GetString(3), [.. selection.Values]), Cancel);

        Assert.All(
            plan.Where(step => step.StartsWith("SCAN", StringComparison.Ordinal) || step.StartsWith("SEARCH", StringComparison.Ordinal)),
            step => Assert.Contains("COVERING INDEX", step, StringComparison.Ordinal));
    }
}
