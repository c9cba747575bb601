using System.Diagnostics.CodeAnalysis;
using Signet.Names;

namespace Signet.Delivery.Destinations;

/// <summary>
/// The shipments that wait for one destination. Accounts take turns by what their messages cost, so that none waits for all of another's; within
/// an account, urgent ones go first, and large contents let the others pass while there is no room in memory for them. Its owner sees to it that
/// one caller at a time uses it.
/// </summary>
internal sealed class ShipmentLine
{
    /// <summary>What a message costs besides its bytes: mostly the waiting for a server's replies.</summary>
    private const int PerMessage = 8 * 1024;

    /// <summary>About four small messages: enough that turns are cheap, and little enough that nobody waits for long.</summary>
    private const int Quantum = 4 * PerMessage;

    /// <summary>So many accounts without anything waiting are remembered.</summary>
    private const int MaxEmpty = 64;

    private static readonly Func<AccountLine, int?> Cost = line => line.Next is { } next ? CostOf(next) : null;

    private readonly DeficitRoundRobin<AccountLine> _turns = new(Quantum);
    private readonly Dictionary<AccountId, AccountLine> _accounts = [];
    private readonly Stack<Shipment> _first = [];
    private readonly List<AccountLine> _held = [];
    private int _large;

    public int Count { get; private set; }

    /// <summary>Whether one waits that may have had to let others pass.</summary>
    public bool HasLarge => _large > 0;

    /// <summary>When the first of them began to wait; null when none waits.</summary>
    public DateTimeOffset? Oldest
    {
        get
        {
            DateTimeOffset? oldest = _first.TryPeek(out var first) ? first.AddedAt : null;
            foreach (var line in _accounts.Values)
            {
                oldest = line.Oldest is { } at && !(oldest <= at) ? at : oldest;
            }

            return oldest;
        }
    }

    public void Enqueue(Shipment shipment)
    {
        var account = shipment.Parent.Account;
        if (!_accounts.TryGetValue(account, out var line))
        {
            _accounts.Add(account, line = new AccountLine(account));
        }

        line.Enqueue(shipment);
        _turns.Join(line);
        Count++;
        _large += shipment.Parent.IsLarge ? 1 : 0;
    }

    /// <summary>Puts one back that was taken: it is the next.</summary>
    public void PutBack(Shipment shipment)
    {
        _first.Push(shipment);
        Count++;
        _large += shipment.Parent.IsLarge ? 1 : 0;
    }

    /// <summary>
    /// Takes the one whose turn it is of those whose content has room in memory, and makes the room: whoever takes it closes its message. False
    /// when there is none.
    /// </summary>
    public bool TryDequeue([NotNullWhen(true)] out Shipment? shipment)
    {
        if (_first.TryPeek(out shipment) && shipment.Parent.TryOpen())
        {
            _first.Pop();
            Took(shipment);
            return true;
        }

        // There may be room by now.
        foreach (var held in _held)
        {
            held.Release();
            _turns.Join(held);
        }

        _held.Clear();
        while (_turns.TryNext(Cost, out var line))
        {
            shipment = line.Next!;
            if (!shipment.Parent.TryOpen())
            {
                _turns.GiveBack(line, CostOf(shipment));
                line.HoldLarge();
                _held.Add(line);
                continue;
            }

            line.Dequeue();
            Took(shipment);
            if (line.IsEmpty && _accounts.Count > MaxEmpty)
            {
                _accounts.Remove(line.Account);
            }

            return true;
        }

        shipment = null;
        return false;
    }

    /// <summary>Takes all out, unopened.</summary>
    public List<Shipment> Drain()
    {
        List<Shipment> all = [.. _first];
        _first.Clear();
        foreach (var line in _accounts.Values)
        {
            line.Drain(all);
        }

        _accounts.Clear();
        _held.Clear();
        (Count, _large) = (0, 0);
        return all;
    }

    private void Took(Shipment shipment)
    {
        Count--;
        _large -= shipment.Parent.IsLarge ? 1 : 0;
    }

    private static int CostOf(Shipment shipment) => shipment.Message.Size + PerMessage;
}
