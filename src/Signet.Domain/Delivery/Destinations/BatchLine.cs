using System.Diagnostics.CodeAnalysis;
using Signet.Names;

namespace Signet.Delivery.Destinations;

/// <summary>
/// The batches that wait for one destination. Accounts take turns by what their messages cost, so that none waits for all of another's; within
/// an account, urgent ones go first, and large contents let the others pass while there is no room in memory for them. Its owner sees to it that
/// one caller at a time uses it.
/// </summary>
internal sealed class BatchLine
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
    private readonly Stack<DeliveryBatch> _first = [];
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

    public void Enqueue(DeliveryBatch batch)
    {
        var account = batch.Parent.Account;
        if (!_accounts.TryGetValue(account, out var line))
        {
            _accounts.Add(account, line = new AccountLine(account));
        }

        line.Enqueue(batch);
        _turns.Join(line);
        Count++;
        _large += batch.Parent.IsLarge ? 1 : 0;
    }

    /// <summary>Puts one back that was taken: it is the next.</summary>
    public void PutBack(DeliveryBatch batch)
    {
        _first.Push(batch);
        Count++;
        _large += batch.Parent.IsLarge ? 1 : 0;
    }

    /// <summary>
    /// Takes the one whose turn it is of those whose content has room in memory, and makes the room: whoever takes it closes its message. False
    /// when there is none.
    /// </summary>
    public bool TryDequeue([NotNullWhen(true)] out DeliveryBatch? batch)
    {
        if (_first.TryPeek(out batch) && batch.Parent.TryOpen())
        {
            _first.Pop();
            Took(batch);
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
            batch = line.Next!;
            if (!batch.Parent.TryOpen())
            {
                _turns.GiveBack(line, CostOf(batch));
                line.HoldLarge();
                _held.Add(line);
                continue;
            }

            line.Dequeue();
            Took(batch);
            if (line.IsEmpty && _accounts.Count > MaxEmpty)
            {
                _accounts.Remove(line.Account);
            }

            return true;
        }

        batch = null;
        return false;
    }

    /// <summary>Takes all out, unopened.</summary>
    public List<DeliveryBatch> Drain()
    {
        List<DeliveryBatch> all = [.. _first];
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

    private void Took(DeliveryBatch batch)
    {
        Count--;
        _large -= batch.Parent.IsLarge ? 1 : 0;
    }

    private static int CostOf(DeliveryBatch batch) => batch.Message.Size + PerMessage;
}
