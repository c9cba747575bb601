using Signet.Names;

namespace Signet.Delivery.Destinations;

/// <summary>What one account has waiting for a destination, in two priorities.</summary>
internal sealed class AccountLine(AccountId account)
{
    /// <summary>Urgent ones after which one of the others goes, so that those are not starved.</summary>
    private const int UrgentInRow = 4;

    private readonly Priority _urgent = new();
    private readonly Priority _usual = new();
    private int _urgentInRow;
    private bool _largeIsHeld;

    public AccountId Account => account;

    public bool IsEmpty => _urgent.IsEmpty && _usual.IsEmpty;

    /// <summary>The one that goes next; null when none waits, or all that do are held.</summary>
    public DeliveryBatch? Next => NextPriority(out var isLarge)?.Peek(isLarge);

    /// <summary>When the first of them began to wait.</summary>
    public DateTimeOffset? Oldest => (_urgent.Oldest, _usual.Oldest) is var (a, b) && a is null || b < a ? b : a;

    public void Enqueue(DeliveryBatch batch) => (batch.Message.IsUrgent ? _urgent : _usual).Enqueue(batch);

    public void Dequeue()
    {
        var priority = NextPriority(out var isLarge)!;
        priority.Dequeue(isLarge);
        _urgentInRow = priority == _urgent ? _urgentInRow + 1 : 0;
    }

    /// <summary>Large contents let the others pass.</summary>
    public void HoldLarge() => _largeIsHeld = true;

    /// <summary>Ends what <see cref="HoldLarge"/> began.</summary>
    public void Release() => _largeIsHeld = false;

    /// <summary>Takes all out.</summary>
    public void Drain(List<DeliveryBatch> into)
    {
        _urgent.Drain(into);
        _usual.Drain(into);
    }

    private Priority? NextPriority(out bool isLarge)
    {
        var (first, second) = _urgentInRow < UrgentInRow ? (_urgent, _usual) : (_usual, _urgent);
        return first.HasNext(_largeIsHeld, out isLarge) ? first : second.HasNext(_largeIsHeld, out isLarge) ? second : null;
    }

    /// <summary>Small and large ones of one priority; whichever has waited longer goes first.</summary>
    private sealed class Priority
    {
        private readonly Queue<DeliveryBatch> _small = [];
        private Queue<DeliveryBatch>? _large;

        public bool IsEmpty => _small.Count == 0 && _large is null or { Count: 0 };

        public DateTimeOffset? Oldest => HasNext(false, out var isLarge) ? Peek(isLarge).AddedAt : null;

        public void Enqueue(DeliveryBatch batch) => (batch.Parent.IsLarge ? _large ??= [] : _small).Enqueue(batch);

        public bool HasNext(bool largeIsHeld, out bool isLarge)
        {
            var large = largeIsHeld || _large is not { Count: > 0 } ? null : _large.Peek();
            isLarge = large is not null && (!_small.TryPeek(out var small) || large.AddedAt < small.AddedAt);
            return isLarge || _small.Count > 0;
        }

        public DeliveryBatch Peek(bool isLarge) => isLarge ? _large!.Peek() : _small.Peek();

        public void Dequeue(bool isLarge)
        {
            if (isLarge)
            {
                _large!.Dequeue();
            }
            else
            {
                _small.Dequeue();
            }
        }

        public void Drain(List<DeliveryBatch> into)
        {
            into.AddRange(_small);
            into.AddRange(_large ?? []);
            _small.Clear();
            _large = null;
        }
    }
}
