using Signet.Queue;

namespace Signet.Storage;

/// <summary>What an operator may ask for of deliveries that nodes have in their memory.</summary>
/// <param name="Name">As it is stored.</param>
/// <param name="From">The states that it changes.</param>
/// <param name="Overrides">Which earlier requests give way to it: a drop is not replaced by a hold.</param>
/// <param name="Statements">
/// Does to the deliveries that match a condition what was asked for before. The first statement changes as many rows as deliveries.
/// </param>
/// <param name="IsFulfilled">The table and the condition by which it is seen that it was done; null when it may not show any more.</param>
internal sealed record OperatorRequest(
    string Name, DeliveryState[] From, string Overrides, Func<Dialect, string, IReadOnlyList<string>> Statements, string? IsFulfilled)
{
    // What is due already keeps its place among those that are due.
    private const string DueNow = "due_at = CASE WHEN due_at <= @now THEN due_at ELSE @now END";

    // Held deliveries are due at no time.
    private const string DueNowUnlessHeld = "due_at = CASE WHEN due_at IS NULL OR due_at <= @now THEN due_at ELSE @now END";

    private static readonly DeliveryState[] _open = [DeliveryState.Queued, DeliveryState.Deferred, DeliveryState.Held];

    public static OperatorRequest Hold { get; } = new(
        "Hold",
        [DeliveryState.Queued, DeliveryState.Deferred],
        "(requested IS NULL OR requested IN ('Hold', 'Reroute'))",
        (_, condition) => [Held("", condition)],
        $"open_delivery WHERE state = '{DeliveryState.Held}'");

    public static OperatorRequest Drop { get; } = new(
        "Drop",
        _open,
        "1 = 1",
        (dialect, condition) => DeliveryHistory.End(dialect, condition, DeliveryState.Failed, WaitingDelivery.DroppedResult),
        $"delivery WHERE state = '{DeliveryState.Failed}' AND last_result = '{WaitingDelivery.DroppedResult}'");

    /// <summary>The delivery has another route already, and is to be given up so that it is taken along that one.</summary>
    public static OperatorRequest Reroute { get; } = new(
        "Reroute",
        _open,
        "(requested IS NULL OR requested IN ('Hold', 'Reroute'))",
        (_, condition) => [$"UPDATE open_delivery SET is_claimed = 0, requested = NULL, {DueNowUnlessHeld} WHERE {condition}"],
        null);

    public static IReadOnlyList<OperatorRequest> All { get; } = [Hold, Drop, Reroute];

    /// <summary>What asking for it sets.</summary>
    public string Asks { get; init; } = $"requested = '{Name}'";

    /// <summary>Does it without having asked; as <see cref="Statements"/>.</summary>
    public Func<Dialect, string, IReadOnlyList<string>> AtOnce { get; init; } = Statements;

    /// <summary>What <see cref="Asks"/> and <see cref="AtOnce"/> name.</summary>
    public IReadOnlyList<(string Name, object? Value)> Values { get; init; } = [];

    /// <summary>A hold by a suspension.</summary>
    public static OperatorRequest Suspend(long number) => Hold with
    {
        Asks = "requested = 'Hold', suspended_by = @suspension",
        AtOnce = (_, condition) => [Held(", suspended_by = @suspension", condition)],
        Values = [("suspension", number)],
    };

    /// <summary>Another route.</summary>
    /// <param name="target">Null for the configured one.</param>
    public static OperatorRequest RerouteTo(string? target)
    {
        // Two texts, not one with a null: PostgreSQL cannot tell the type of a null.
        var route = target is null
            ? "route = NULL, lane = domain || ' ' || account"
            : $"route = @route, lane = domain || '{LaneShares.Rerouted}' || @route || ' ' || account";
        return Reroute with
        {
            // A hold that was asked for before stays: it is given up for that, too.
            Asks = $"{route}, requested = CASE WHEN requested IS NULL THEN 'Reroute' ELSE requested END",
            AtOnce = (_, condition) =>
                [$"UPDATE open_delivery SET {route}, {DueNowUnlessHeld}, requested = CASE WHEN requested = 'Reroute' THEN NULL ELSE requested END WHERE {condition}"],
            Values = target is null ? [] : [("route", target)],
        };
    }

    /// <summary>Makes a delivery due that an operator has held, or that is deferred.</summary>
    /// <param name="condition">Which.</param>
    public static string Release(string condition) =>
        $"""
        UPDATE open_delivery SET
            state = CASE WHEN attempts = 0 THEN '{DeliveryState.Queued}' ELSE '{DeliveryState.Deferred}' END, {DueNow},
            requested = CASE WHEN requested = 'Drop' THEN requested END, suspended_by = NULL
        WHERE {condition}
        """;

    /// <summary>Calls off a hold that was asked for, and requests that nobody knows.</summary>
    public static string CallOff(string condition) =>
        $"UPDATE open_delivery SET requested = NULL, suspended_by = NULL WHERE {condition} AND requested NOT IN ('Drop', 'Reroute')";

    private static string Held(string more, string condition) =>
        $"UPDATE open_delivery SET state = '{DeliveryState.Held}', due_at = NULL, is_claimed = 0, requested = NULL{more} WHERE {condition}";
}
