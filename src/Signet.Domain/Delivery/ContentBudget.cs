using Signet.Names;

namespace Signet.Delivery;

/// <summary>
/// The memory that large contents may take while they are being delivered. One account gets half of it at most: when its receivers
/// are slow, the others' large mail goes on. Memory that was given back is used again, up to half of it: arrays of megabytes that are
/// thrown away stay with the process until the garbage collector looks at its oldest generation.
/// </summary>
/// <param name="bytes">In all.</param>
internal sealed class ContentBudget(long bytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<AccountId, long> _ofAccounts = [];
    private readonly List<byte[]> _kept = [];
    private long _taken;

    /// <summary>Takes memory for a content; false when too little is left. The only content fits, however large it is.</summary>
    public bool TryTake(AccountId account, int size)
    {
        lock (_lock)
        {
            var own = _ofAccounts.GetValueOrDefault(account);
            if ((_taken > 0 && _taken + size > bytes) || (own > 0 && own + size > bytes / 2))
            {
                return false;
            }

            _taken += size;
            _ofAccounts[account] = own + size;
            return true;
        }
    }

    public void GiveBack(AccountId account, int size)
    {
        lock (_lock)
        {
            _taken -= size;
            var own = _ofAccounts[account] -= size;
            if (own == 0)
            {
                _ofAccounts.Remove(account);
            }
        }
    }

    /// <summary>Memory of so many bytes at least, which holds what was there before.</summary>
    public byte[] Rent(int size)
    {
        lock (_lock)
        {
            // The smallest that fits, unless most of it would lie idle.
            var fit = _kept.Where(a => a.Length >= size && a.Length / 2 <= size).MinBy(a => a.Length);
            if (fit is not null)
            {
                _kept.Remove(fit);
                return fit;
            }
        }

        return GC.AllocateUninitializedArray<byte>(size);
    }

    /// <summary>Gives back what <see cref="Rent"/> gave; nobody may use it afterwards.</summary>
    public void Return(byte[] array)
    {
        lock (_lock)
        {
            _kept.Add(array);
            while (_kept.Sum(a => (long)a.Length) > bytes / 2)
            {
                _kept.RemoveAt(0);
            }
        }
    }
}
