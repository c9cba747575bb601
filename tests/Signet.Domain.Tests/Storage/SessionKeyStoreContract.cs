using Signet.Operators;
using Signet.Storage;

namespace Signet.Tests.Storage;

public abstract class SessionKeyStoreContract(TestStore? store) : StoreContract(store)
{
    protected virtual ISessionKeyStore Keys => new SqlSessionKeyStore(Database);

    [Fact]
    public async Task Keys_are_listed_by_id_and_replaced_under_their_own()
    {
        Assert.Empty(await Keys.ListAsync(Cancel));
        await Keys.AddAsync("key-2", "<key>zwö</key>", Cancel);
        await Keys.AddAsync("key-1", "<key>old</key>", Cancel);
        await Keys.AddAsync("key-1", "<key>new</key>", Cancel);

        Assert.Equal(["<key>new</key>", "<key>zwö</key>"], await Keys.ListAsync(Cancel));
    }
}
