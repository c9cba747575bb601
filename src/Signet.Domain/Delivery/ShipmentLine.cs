using System.Diagnostics.CodeAnalysis;
using Signet.Names;

namespace Signet.Delivery;

/// <summary>
/// The shipments that wait for one next hop, in their order. Those with a large content have lines of their own, one for each account:
/// while there is no room in memory for one, the others pass. Its owner sees to it that one caller at a time uses it.
/// </summary>
internal sealed class ShipmentLine
{
    private readonly Queue<Shipment> _small = [];
    private readonly Dictionary<AccountId, Queue<Shipment>> _large = [];
    private int _largeCount;

    public int Count => _small.Count + _largeCount;

    /// <summary>Whether one waits that may have had to let others pass.</summary>
    public bool HasLarge => _largeCount > 0;

    /// <summary>When the first of them began to wait; null when none waits.</summary>
    public DateTimeOffset? Oldest => Heads().Select(q => (DateTimeOffset?)q.Peek().AddedAt).Min();

    public void Enqueue(Shipment shipment)
    {
        if (!shipment.Parent.IsLarge)
        {
            _small.Enqueue(shipment);
            return;
        }

        var account = shipment.Parent.Account;
        if (!_large.TryGetValue(account, out var line))
        {
            _large.Add(account, line = []);
        }

        line.Enqueue(shipment);
        _largeCount++;
    }

    /// <summary>
    /// Takes the one that has waited longest of those whose content has room in memory, and makes the room: whoever takes it closes
    /// its message. False when there is none.
    /// </summary>
    public bool TryDequeue([NotNullWhen(true)] out Shipment? shipment)
    {
        if (!HasLarge)
        {
            return _small.TryDequeue(out shipment) && shipment.Parent.TryOpen();
        }

        foreach (var line in Heads().OrderBy(q => q.Peek().AddedAt))
        {
            if (!line.Peek().Parent.TryOpen())
            {
                continue;
            }

            shipment = line.Dequeue();
            if (shipment.Parent.IsLarge)
            {
                _largeCount--;
                if (line.Count == 0)
                {
                    _large.Remove(shipment.Parent.Account);
                }
            }

            return true;
        }

        shipment = null;
        return false;
    }

    private IEnumerable<Queue<Shipment>> Heads() => _small.Count > 0 ? _large.Values.Prepend(_small) : _large.Values;
}
