using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Signet.Server.Aws;

/// <summary>
/// The bytes of a body that have come so far, in pieces: it takes as much memory as has come, not as much as was announced, and
/// growing copies nothing. Disposing it gives the pieces back.
/// </summary>
internal sealed class ReceivedBody : IBufferWriter<byte>, IDisposable
{
    // Small enough for the heap of short-lived objects (85,000 bytes), where what a stranger left behind goes soon.
    private const int MaxPiece = 64 * 1024;
    private const int MinPiece = 4 * 1024;

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
            var size = _pieces.Count == 0 ? MinPiece : Math.Min(MaxPiece, _pieces[^1].Bytes.Length * 2);
            size = Math.Max(size, sizeHint);
            _pieces.Add((size == MaxPiece ? LargePieces.Rent() : ArrayPool<byte>.Shared.Rent(size), 0));
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

    /// <summary>All bytes in one piece, for the caller to keep and to change; this body is empty then.</summary>
    public byte[] Detach()
    {
        var all = new byte[Length];
        var at = 0;
        foreach (var (bytes, length) in _pieces)
        {
            bytes.AsSpan(0, length).CopyTo(all.AsSpan(at));
            at += length;
        }

        Dispose();
        return all;
    }

    public void Dispose()
    {
        foreach (var (bytes, _) in _pieces)
        {
            if (bytes.Length == MaxPiece)
            {
                LargePieces.Return(bytes);
            }
            else
            {
                ArrayPool<byte>.Shared.Return(bytes);
            }
        }

        _pieces.Clear();
        Length = 0;
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
