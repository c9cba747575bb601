using Npgsql;

namespace Signet.Storage;

/// <summary>A PostgreSQL server as long as it is the one in use, with its pool of connections.</summary>
/// <param name="index">Its place in the connection string, from 0.</param>
/// <param name="settings">Of a connection to it alone.</param>
internal sealed class PostgresHost(int index, NpgsqlConnectionStringBuilder settings) : IAsyncDisposable
{
    private readonly CancellationTokenSource _replaced = new();

    public int Index => index;

    public string Name => $"{settings.Host}:{settings.Port}";

    public NpgsqlDataSource Source { get; } = NpgsqlDataSource.Create(settings);

    /// <summary>Whether another one is used by now. Nothing that this one says counts any more.</summary>
    public bool IsReplaced => _replaced.IsCancellationRequested;

    /// <summary>Waits for what is done at this host, but no longer than it is in use: a frozen one does not end it.</summary>
    /// <exception cref="OperationCanceledException">The host was replaced. Whether it is done nobody knows.</exception>
    public Task<T> WhileInUseAsync<T>(Task<T> work) => work.WaitAsync(_replaced.Token);

    /// <summary>Lets go of all that waits for it. Its connections are closed as they become free.</summary>
    public async Task ReplaceAsync()
    {
        await _replaced.CancelAsync();
        await Source.DisposeAsync();
    }

    // What waits for the token may still do so: it holds nothing that must be disposed of.
    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
