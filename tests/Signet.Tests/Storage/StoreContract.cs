using Signet.Storage;

namespace Signet.Tests.Storage;

/// <summary>What the contract suites share: an empty store, opened. A subclass says only on which engine.</summary>
public abstract class StoreContract(TestStore store) : IAsyncLifetime
{
    protected TestStore Store => store;

    protected Database Database { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync() => Database = await store.OpenAsync(Cancel);

    public virtual async ValueTask DisposeAsync()
    {
        if (Database is not null)
        {
            await Database.DisposeAsync();
        }

        await store.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
