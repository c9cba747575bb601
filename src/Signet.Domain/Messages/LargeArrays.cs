namespace Signet.Messages;

/// <summary>
/// Arrays for large contents that are used again. Arrays of megabytes that are thrown away stay with the process until the garbage collector
/// looks at its oldest generation; the shared pool of .NET keeps some for each thread, and of twice the size.
/// </summary>
/// <param name="maxKept">Bytes of all arrays that are kept while nobody uses them.</param>
public sealed class LargeArrays(long maxKept)
{
    // Contents of about one size use each other's arrays.
    private const int Step = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly List<byte[]> _kept = [];
    private long _size;

    /// <summary>An array of so many bytes at least, which holds what was there before.</summary>
    public byte[] Rent(int size)
    {
        lock (_lock)
        {
            // The smallest that fits, unless most of it would lie idle.
            var fit = _kept.Where(a => a.Length >= size && a.Length / 2 <= Math.Max(size, Step)).MinBy(a => a.Length);
            if (fit is not null)
            {
                _kept.Remove(fit);
                _size -= fit.Length;
                return fit;
            }
        }

        return GC.AllocateUninitializedArray<byte>((int)Math.Min(((long)size + Step - 1) / Step * Step, Array.MaxLength));
    }

    /// <summary>Gives back what <see cref="Rent"/> gave; nobody may use it afterwards.</summary>
    public void Return(byte[] array)
    {
        lock (_lock)
        {
            _kept.Add(array);
            _size += array.Length;
            while (_size > maxKept)
            {
                _size -= _kept[0].Length;
                _kept.RemoveAt(0);
            }
        }
    }
}
