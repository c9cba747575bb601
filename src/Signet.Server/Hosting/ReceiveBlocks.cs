using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Signet.Server.Hosting;

/// <summary>
/// Memory into which Kestrel receives. Its own pool has blocks of 4 KB, and reading a body of 14 MB takes 3,500 system calls; these take a
/// quarter of that. They are no larger, because a stranger's connection with half a request holds one.
/// </summary>
internal sealed class ReceiveBlocks : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    private const int Size = 16 * 1024;

    public override int MaxBufferSize => Shared.MaxBufferSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, Size));

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    protected override void Dispose(bool disposing)
    {
        // The blocks belong to the shared pool.
    }
}
