namespace Signet.Server.Hosting;

/// <summary>What a start has opened so far. Disposing it closes all of it, the last first.</summary>
internal sealed class OpenedParts : IAsyncDisposable
{
    private readonly Stack<object> _parts = [];

    public T Add<T>(T part)
        where T : notnull
    {
        _parts.Push(part);
        return part;
    }

    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            if (part is IAsyncDisposable waits)
            {
                await waits.DisposeAsync();
            }
            else
            {
                ((IDisposable)part).Dispose();
            }
        }
    }
}
