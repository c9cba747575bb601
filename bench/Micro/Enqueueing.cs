using BenchmarkDotNet.Attributes;
using Signet.Storage;

namespace Signet.Bench.Micro;

/// <summary>Storing messages on SQLite, durably: one at a time, and 64 at once, which share commits.</summary>
public class Enqueueing : IDisposable
{
    private readonly WorkDirectory _work = new();
    private readonly SampleMessages _samples = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private Database? _database;
    private SqlMessageQueue? _queue;

    [Params(1, 64)]
    public int Callers { get; set; }

    [GlobalSetup]
    public async Task OpenAsync()
    {
        _database = await Database.OpenSqliteAsync(
            Path.Combine(_work.NewFolder("store"), "signet.db"), new SecretBox(new byte[MasterKey.Length]), CancellationToken.None);
        _queue = new SqlMessageQueue(_database);
    }

    [GlobalCleanup]
    public Task CloseAsync() => _database!.DisposeAsync().AsTask();

    [Benchmark]
    public Task EnqueueAsync() => Task.WhenAll(
        Enumerable.Range(0, Callers).Select(_ => _queue!.EnqueueAsync(_samples.Next(), null, null, CancellationToken.None)));

    public void Dispose()
    {
        _work.Dispose();
        GC.SuppressFinalize(this);
    }
}
