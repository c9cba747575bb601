namespace Signet.Dkim;

/// <summary>
/// Values that are good for a time. Bounded: when it is full, what has expired goes, and everything if nothing has; what is needed
/// then comes back at once.
/// </summary>
public sealed class ExpiringCache<TKey, TValue>(int capacity, TimeSpan lifetime, TimeProvider time)
    where TKey : notnull
{
    private readonly Lock _access = new();
    private readonly Dictionary<TKey, (TValue Value, DateTimeOffset Until)> _entries = [];

    /// <summary>How many it holds, expired ones included.</summary>
    public int Count
    {
        get
        {
            lock (_access)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>False when there is none that is still good.</summary>
    public bool TryGet(TKey key, out TValue? value)
    {
        lock (_access)
        {
            var found = _entries.TryGetValue(key, out var entry) && time.GetUtcNow() < entry.Until;
            value = found ? entry.Value : default;
            return found;
        }
    }

    /// <summary>Keeps a value from now on.</summary>
    public void Put(TKey key, TValue value)
    {
        lock (_access)
        {
            var now = time.GetUtcNow();
            if (_entries.Count >= capacity && !_entries.ContainsKey(key))
            {
                MakeRoom(now);
            }

            _entries[key] = (value, now + lifetime);
        }
    }

    /// <summary>The value that is still good, or else a new one.</summary>
    public TValue GetOrAdd(TKey key, Func<TKey, TValue> make)
    {
        lock (_access)
        {
            if (!TryGet(key, out var value))
            {
                value = make(key);
                Put(key, value);
            }

            return value!;
        }
    }

    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (old, _) in _entries.Where(e => e.Value.Until <= now).ToList())
        {
            _entries.Remove(old);
        }

        if (_entries.Count >= capacity)
        {
            _entries.Clear();
        }
    }
}
