using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Signet.Storage;

/// <summary>Values that were read while the configuration had one version. Bounded: what would be too much makes it begin empty.</summary>
internal sealed class KeptConfiguration(long version)
{
    public const int MaxValues = 50_000;

    public const int MaxBytes = 32 * 1024 * 1024;

    // What a value takes besides its own bytes, with its key.
    private const int Overhead = 300;

    private readonly ConcurrentDictionary<object, object?> _values = new();
    private readonly Lock _gate = new();
    private int _count;
    private long _bytes;

    public long Version => version;

    /// <summary>False when the key's value is not here. A null is a value.</summary>
    public bool TryGet<T>(object key, [MaybeNullWhen(false)] out T value)
    {
        var found = _values.TryGetValue(key, out var kept);
        value = found ? (T)kept! : default;
        return found;
    }

    /// <summary>Keeps a value that was read under this version or later.</summary>
    public void Put<T>(object key, T value, int bytes)
    {
        var size = bytes + Overhead;
        lock (_gate)
        {
            if (_count == MaxValues || _bytes + size > MaxBytes)
            {
                _values.Clear();
                (_count, _bytes) = (0, 0);
            }

            if (size <= MaxBytes && _values.TryAdd(key, value))
            {
                (_count, _bytes) = (_count + 1, _bytes + size);
            }
        }
    }
}
