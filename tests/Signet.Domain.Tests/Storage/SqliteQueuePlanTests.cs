using Signet.Addresses;
using Signet.Queue;
using Signet.Storage;

namespace Signet.Tests.Storage;

/// <summary>How SQLite goes about what every node asks every second.</summary>
public sealed class SqliteQueuePlanTests() : StoreContract(new SqliteStore())
{
    [Fact]
    public async Task What_operators_ask_for_is_found_without_looking_at_what_waits()
    {
        var plan = await Database.ReadAsync(
            session => session.QueryAsync($"EXPLAIN QUERY PLAN {SqlQueueControl.Pending(session.Dialect)}", r => r.GetString(3)), Cancel);

        Assert.Contains("USING INDEX open_delivery_requested", plan[0], StringComparison.Ordinal);
        Assert.DoesNotContain(plan, step => step.StartsWith("SCAN open_delivery", StringComparison.Ordinal) && !step.Contains("INDEX", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_deliveries_of_messages_are_found_by_their_keys()
    {
        string[] queries = ["SELECT recipient FROM any_delivery WHERE message_id = @id", "SELECT recipients FROM searchable ORDER BY accepted_at DESC LIMIT 10"];
        List<string> plan = [];
        foreach (var query in queries)
        {
            plan.AddRange(await Database.ReadAsync(
                session => session.QueryAsync($"EXPLAIN QUERY PLAN {query}", r => r.GetString(3), ("id", "x")), Cancel));
        }

        Assert.DoesNotContain(plan, step => step.StartsWith("SCAN open_delivery", StringComparison.Ordinal) || step.StartsWith("SCAN delivery", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_due_in_a_lane_is_found_by_one_range_of_an_index()
    {
        var plan = await Database.ReadAsync(
            session => session.QueryAsync(
                """
                EXPLAIN QUERY PLAN SELECT message_id FROM open_delivery
                WHERE lane = @lane AND is_claimed = 0 AND due_at <= @now AND requested IS NULL ORDER BY due_at, message_id, ordinal LIMIT 10
                """,
                r => r.GetString(3), ("lane", "a"), ("now", Samples.Noon)),
            Cancel);

        Assert.Contains("USING INDEX open_delivery_due (lane=? AND due_at<?)", Assert.Single(plan), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("domain")]
    [InlineData("recipient")]
    [InlineData("destination")]
    [InlineData("held")]
    public async Task Narrow_selections_are_found_without_reading_the_queue(string by)
    {
        Assert.True(DestinationName.TryParse("mx.example.net,+1", out var destination));
        var filter = by switch
        {
            "domain" => new DeliveryFilter { Domain = DomainName.Parse("example.net") },
            "recipient" => new DeliveryFilter { Recipient = EmailAddress.Parse("a@example.net") },
            "destination" => new DeliveryFilter { Destination = destination },
            _ => new DeliveryFilter { State = DeliveryState.Held },
        };
        var selection = new DeliverySelection(filter, Database.Dialect);

        var plan = await Database.ReadAsync(
            session => session.QueryAsync(
                $"EXPLAIN QUERY PLAN SELECT d.message_id FROM {selection.From(isNarrow: true)} {selection.Where(isNarrow: true)}",
                r => r.GetString(3), [.. selection.ValuesWith(isNarrow: true)]),
            Cancel);

        Assert.True(selection.MayBeNarrow);
        Assert.Contains(plan, step => step.Contains("INDEX open_delivery_held", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, step => step == "SCAN d" || (step.StartsWith("SCAN d USING", StringComparison.Ordinal) && !step.Contains("INDEX open_delivery_", StringComparison.Ordinal)));
    }
}
