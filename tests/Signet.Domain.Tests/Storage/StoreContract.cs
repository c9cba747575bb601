using Signet.Storage;

namespace Signet.Tests.Storage;

/// <summary>
/// What the contract suites share: an empty store, opened. A subclass says only on which engine; or it has no store, and puts a fake in
/// memory in the place of what is in one.
/// </summary>
public abstract class StoreContract(TestStore? store) : IAsyncLifetime
{
    private Database? _database;

    protected TestStore Store => store ?? throw new InvalidOperationException("a fake has no store");

    protected Database Database => _database ?? throw new InvalidOperationException("a fake has no database");

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync() => _database = store is null ? null : await store.OpenAsync(Cancel);

    public virtual async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        if (store is not null)
        {
            await store.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Changes the store as no program of ours does.</summary>
    private protected Task<int> ExecuteAsync(string sql, params (string Name, object? Value)[] values) =>
        Database.WriteAsync(session => session.ExecuteAsync(sql, values), Cancel);

    /// <summary>A unit's statement of this number fails, its commit being the last, and fails again when the unit is begun again.</summary>
    protected static Action<string> FailingAt(int number)
    {
        var seen = 0;
        return sql =>
        {
            switch (sql.Split(' ')[0])
            {
                case "BEGIN":
                    seen = 0;
                    break;
                case "SAVEPOINT" or "RELEASE" or "ROLLBACK":
                    break;
                default:
                    if (++seen == number)
                    {
                        throw new IOException($"simulated at {sql}");
                    }

                    break;
            }
        };
    }
}
