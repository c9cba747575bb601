using Signet.Queue;

namespace Signet.Storage;

/// <summary>What an operator may ask for of deliveries that nodes have in their memory.</summary>
/// <param name="Name">As it is stored.</param>
/// <param name="From">The states that it changes.</param>
/// <param name="Overrides">Which earlier requests give way to it: a drop is not replaced by a hold.</param>
/// <param name="Update">Does it.</param>
/// <param name="IsFulfilled">Whether it was done.</param>
internal sealed record OperatorRequest(string Name, DeliveryState[] From, string Overrides, string Update, string IsFulfilled)
{
    public static OperatorRequest Hold { get; } = new(
        "Hold",
        [DeliveryState.Queued, DeliveryState.Deferred],
        "(requested IS NULL OR requested = 'Hold')",
        $"UPDATE delivery SET state = '{DeliveryState.Held}', next_attempt_at = NULL, leased_to = NULL, visible_at = NULL, requested = NULL",
        $"state = '{DeliveryState.Held}'");

    public static OperatorRequest Drop { get; } = new(
        "Drop",
        [DeliveryState.Queued, DeliveryState.Deferred, DeliveryState.Held],
        "1 = 1",
        $"""
        UPDATE delivery SET state = '{DeliveryState.Failed}', next_attempt_at = NULL, leased_to = NULL, visible_at = NULL, requested = NULL,
            last_result = '{WaitingDelivery.DroppedResult}'
        """,
        $"state = '{DeliveryState.Failed}' AND last_result = '{WaitingDelivery.DroppedResult}'");

    public static IReadOnlyList<OperatorRequest> All { get; } = [Hold, Drop];
}
