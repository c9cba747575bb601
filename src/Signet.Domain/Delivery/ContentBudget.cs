using Signet.Messages;
using Signet.Names;

namespace Signet.Delivery;

/// <summary>
/// The memory that large contents may take while they are being delivered. One account gets half of it at most: when its receivers
/// are slow, the others' large mail goes on. Memory that was given back is used again, up to half of it.
/// </summary>
/// <param name="bytes">In all.</param>
internal sealed class ContentBudget(long bytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<AccountId, long> _ofAccounts = [];
    private readonly LargeArrays _arrays = new(bytes / 2);
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

    /// <inheritdoc cref="LargeArrays.Rent"/>
    public byte[] Rent(int size) => _arrays.Rent(size);

    /// <inheritdoc cref="LargeArrays.Return"/>
    public void Return(byte[] array) => _arrays.Return(array);
}
