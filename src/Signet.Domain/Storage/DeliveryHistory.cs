using Signet.Queue;

namespace Signet.Storage;

/// <summary>Ends deliveries: their rows go from <c>open_delivery</c> to <c>delivery</c>.</summary>
internal static class DeliveryHistory
{
    /// <summary>
    /// Ends the deliveries that match without an attempt. The first statement changes as many rows as are ended, and leaves the others alone also
    /// when they change at the same time.
    /// </summary>
    /// <param name="dialect">The engine's.</param>
    /// <param name="condition">Over the columns of <c>open_delivery</c>.</param>
    /// <param name="state">How they end.</param>
    /// <param name="result">Why, as a constant of the program.</param>
    public static IReadOnlyList<string> End(Dialect dialect, string condition, DeliveryState state, string result)
    {
        const string columns = "message_id, ordinal, recipient, domain, state, attempts, last_attempt_at, last_result";
        var row = $"message_id, ordinal, recipient, domain, '{state}', attempts, last_attempt_at, '{result}'";

        // SQLite has one writer, so that nothing changes between its two statements.
        return dialect.HasSets
            ? [$"WITH gone AS (DELETE FROM open_delivery WHERE {condition} RETURNING *) INSERT INTO delivery ({columns}) SELECT {row} FROM gone"]
            : [$"INSERT INTO delivery ({columns}) SELECT {row} FROM open_delivery WHERE {condition}", $"DELETE FROM open_delivery WHERE {condition}"];
    }
}
