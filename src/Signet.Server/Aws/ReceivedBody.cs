using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Signet.Messages;

namespace Signet.Server.Aws;

/// <summary>
/// The bytes of a body that have come so far. Without an expected length they are in pieces: it takes as much memory as has come, and growing
/// copies nothing. Disposing it gives the memory back, so that large bodies leave no garbage.
/// </summary>
/// <param name="expected">
/// Bytes that will come, when that is known and room is reserved for them: they go into one piece and are never copied. Zero else.
/// </param>
internal sealed class ReceivedBody(int expected = 0) : IBufferWriter<byte>, IDisposable
{
    /// <summary>Bytes of whole bodies that are kept to be used again: four of SES's largest message, as SDKs encode it.</summary>
    private const long MaxKept = 64 * 1024 * 1024;

    // Small enough for the heap of short-lived objects (85,000 bytes), where what a stranger left behind goes soon.
    private const int MaxPiece = 64 * 1024;
    private const int MinPiece = 4 * 1024;

    private static readonly LargeArrays Whole = new(MaxKept);

    private readonly List<(byte[] Bytes, int Length)> _pieces = [];

    /// <summary>Bytes that have come. May be read while others are coming.</summary>
    public long Length { get; private set; }

    /// <summary>Bytes of memory it takes.</summary>
    public long Capacity => _pieces.Sum(p => (long)p.Bytes.Length);

    public void Advance(int count)
    {
        var (bytes, length) = _pieces[^1];
        _pieces[^1] = (bytes, length + count);
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_pieces.Count == 0 || _pieces[^1].Bytes.Length - _pieces[^1].Length < Math.Max(1, sizeHint))
        {
            var size = _pieces.Count == 0 ? Math.Max(MinPiece, expected) : Math.Min(MaxPiece, _pieces[^1].Bytes.Length * 2);
            _pieces.Add((Rent(Math.Max(size, sizeHint)), 0));
        }

        var (bytes, used) = _pieces[^1];
        return bytes.AsMemory(used);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>The SHA-256 of all bytes.</summary>
    public byte[] Hash()
    {
        if (_pieces is [var (only, used)])
        {
            return SHA256.HashData(only.AsSpan(0, used));
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (bytes, length) in _pieces)
        {
            hash.AppendData(bytes, 0, length);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>All bytes in one piece, for the caller to change; they are gone when this is disposed.</summary>
    public Memory<byte> Join()
    {
        if (_pieces.Count > 1)
        {
            var (whole, length) = (Rent((int)Length), (int)Length);
            var at = 0;
            foreach (var (bytes, used) in _pieces)
            {
                bytes.AsSpan(0, used).CopyTo(whole.AsSpan(at));
                at += used;
            }

            Dispose();
            _pieces.Add((whole, length));
            Length = length;
        }

        return _pieces is [var (only, filled)] ? only.AsMemory(0, filled) : default;
    }

    public void Dispose()
    {
        foreach (var (bytes, _) in _pieces)
        {
            Return(bytes);
        }

        _pieces.Clear();
        Length = 0;
    }

    private static byte[] Rent(int size) => size switch
    {
        MaxPiece => LargePieces.Rent(),
        < MaxPiece => ArrayPool<byte>.Shared.Rent(size),
        _ => Whole.Rent(size),
    };

    private static void Return(byte[] bytes)
    {
        switch (bytes.Length)
        {
            case MaxPiece:
                LargePieces.Return(bytes);
                break;
            case < MaxPiece:
                ArrayPool<byte>.Shared.Return(bytes);
                break;
            default:
                Whole.Return(bytes);
                break;
        }
    }

    /// <summary>
    /// Pieces of the largest size that are used again, 32 MB of them. The shared pool keeps far fewer: the rest of what large bodies leave
    /// would be garbage, as much as the collector lets come together.
    /// </summary>
    private static class LargePieces
    {
        private const int MaxKept = 512;

        private static readonly ConcurrentBag<byte[]> Kept = [];
        private static int _kept;

        public static byte[] Rent()
        {
            if (!Kept.TryTake(out var piece))
            {
                return GC.AllocateUninitializedArray<byte>(MaxPiece);
            }

            Interlocked.Decrement(ref _kept);
            return piece;
        }

        public static void Return(byte[] piece)
        {
            if (Interlocked.Increment(ref _kept) <= MaxKept)
            {
                Kept.Add(piece);
            }
            else
            {
                Interlocked.Decrement(ref _kept);
            }
        }
    }
}
