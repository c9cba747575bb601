namespace Signet.Delivery;

/// <summary>The memory of a large content that is read from the store.</summary>
internal sealed class ContentBuffer(int size, ContentBudget budget) : IDisposable
{
    private byte[] _bytes = budget.Rent(size);

    /// <summary>Where the content goes.</summary>
    public Memory<byte> Content => _bytes.AsMemory(0, size);

    /// <summary>Nobody may use the memory afterwards.</summary>
    public void Dispose()
    {
        budget.Return(_bytes);
        _bytes = [];
    }
}
