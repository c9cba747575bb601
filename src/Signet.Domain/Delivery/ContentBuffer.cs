namespace Signet.Delivery;

/// <summary>A large content, with room before it for its signatures, so that signing it makes no second copy.</summary>
internal sealed class ContentBuffer(int size, ContentBudget budget) : IDisposable
{
    /// <summary>Several times what two signatures take.</summary>
    private const int Room = 16 * 1024;

    private byte[] _bytes = budget.Rent(Room + size);

    /// <summary>Where the content goes.</summary>
    public Memory<byte> Content => _bytes.AsMemory(Room, size);

    /// <summary>The content with header fields on top.</summary>
    public ReadOnlyMemory<byte> Under(ReadOnlyMemory<byte> fields)
    {
        if (fields.Length > Room)
        {
            return (byte[])[.. fields.Span, .. Content.Span];
        }

        fields.CopyTo(_bytes.AsMemory(Room - fields.Length));
        return _bytes.AsMemory(Room - fields.Length, fields.Length + size);
    }

    /// <summary>Nobody may use the memory afterwards.</summary>
    public void Dispose()
    {
        budget.Return(_bytes);
        _bytes = [];
    }
}
