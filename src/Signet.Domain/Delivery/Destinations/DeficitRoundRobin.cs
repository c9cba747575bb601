using System.Diagnostics.CodeAnalysis;

namespace Signet.Delivery.Destinations;

/// <summary>
/// Takes turns between lanes, each in proportion to its weight, whatever their items cost: deficit round robin (M. Shreedhar and G. Varghese,
/// "Efficient Fair Queuing Using Deficit Round Robin", 1996). A lane that has items is never passed over for good, and one that was empty has
/// saved nothing up. Not safe for threads.
/// </summary>
/// <param name="quantum">What a lane of weight 1 may spend in a round.</param>
internal sealed class DeficitRoundRobin<TLane>(int quantum)
    where TLane : notnull
{
    private readonly LinkedList<Turn> _ring = [];
    private readonly Dictionary<TLane, LinkedListNode<Turn>> _turns = [];
    private LinkedListNode<Turn>? _next;

    public int Count => _turns.Count;

    /// <summary>Lets a lane take part that has items; one that does already keeps its place.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="weight">From 1.</param>
    public void Join(TLane lane, int weight = 1)
    {
        if (_turns.TryGetValue(lane, out var known))
        {
            known.Value.Weight = weight;
            return;
        }

        var turn = new LinkedListNode<Turn>(new Turn(lane, weight));

        // At the end of the round: just behind those who wait for their turn.
        if (_next is null)
        {
            _ring.AddLast(turn);
            _next = turn;
        }
        else
        {
            _ring.AddBefore(_next, turn);
        }

        _turns.Add(lane, turn);
    }

    /// <summary>The lane whose first item goes next; false when there is none. A lane without items leaves.</summary>
    /// <param name="cost">What the first item of a lane costs; null when it has none.</param>
    /// <param name="lane">The lane, which has paid for the item.</param>
    public bool TryNext(Func<TLane, int?> cost, [NotNullWhen(true)] out TLane? lane)
    {
        while (_next is { } node)
        {
            var turn = node.Value;
            if (cost(turn.Lane) is not { } price)
            {
                Leave(node);
                continue;
            }

            if (!turn.IsPaid)
            {
                turn.Deficit += (long)quantum * turn.Weight;
                turn.IsPaid = true;
            }

            if (price <= turn.Deficit)
            {
                turn.Deficit -= price;
                lane = turn.Lane;
                return true;
            }

            turn.IsPaid = false;
            _next = node.Next ?? _ring.First;
        }

        lane = default;
        return false;
    }

    /// <summary>The item could not go after all: its lane gets back what it paid.</summary>
    public void GiveBack(TLane lane, int price)
    {
        if (_turns.TryGetValue(lane, out var turn))
        {
            turn.Value.Deficit += price;
        }
    }

    private void Leave(LinkedListNode<Turn> node)
    {
        _next = node.Next ?? _ring.First;
        if (ReferenceEquals(_next, node))
        {
            _next = null;
        }

        _ring.Remove(node);
        _turns.Remove(node.Value.Lane);
    }

    private sealed class Turn(TLane lane, int weight)
    {
        public TLane Lane => lane;

        public int Weight { get; set; } = weight;

        public long Deficit { get; set; }

        /// <summary>Whether it has had this round's quantum.</summary>
        public bool IsPaid { get; set; }
    }
}
