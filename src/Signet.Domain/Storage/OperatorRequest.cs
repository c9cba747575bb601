using Signet.Queue;

namespace Signet.Storage;

/// <summary>What an operator may ask for of deliveries that nodes have in their memory.</summary>
/// <param name="Name">As it is stored.</param>
/// <param name="From">The states that it changes.</param>
/// <param name="Overrides">Which earlier requests give way to it: a drop is not replaced by a hold.</param>
/// <param name="Statements">Does it to the deliveries that match a condition. The first statement changes as many rows as deliveries.</param>
/// <param name="IsFulfilled">The table and the condition by which it is seen that it was done.</param>
internal sealed record OperatorRequest(
    string Name, DeliveryState[] From, string Overrides, Func<Dialect, string, IReadOnlyList<string>> Statements, string IsFulfilled)
{
    public static OperatorRequest Hold { get; } = new(
        "Hold",
        [DeliveryState.Queued, DeliveryState.Deferred],
        "(requested IS NULL OR requested = 'Hold')",
        (_, condition) => [$"UPDATE open_delivery SET state = '{DeliveryState.Held}', due_at = NULL, is_claimed = 0, requested = NULL WHERE {condition}"],
        $"open_delivery WHERE state = '{DeliveryState.Held}'");

    public static OperatorRequest Drop { get; } = new(
        "Drop",
        [DeliveryState.Queued, DeliveryState.Deferred, DeliveryState.Held],
        "1 = 1",
        (dialect, condition) => DeliveryHistory.End(dialect, condition, DeliveryState.Failed, WaitingDelivery.DroppedResult),
        $"delivery WHERE state = '{DeliveryState.Failed}' AND last_result = '{WaitingDelivery.DroppedResult}'");

    public static IReadOnlyList<OperatorRequest> All { get; } = [Hold, Drop];
}
