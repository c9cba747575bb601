using Signet.Accounts;
using Signet.Names;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

/// <summary>What only a store on a disk has to keep to: how accounts and keys lie in it.</summary>
public abstract class SqlAccountStoreContract(TestStore store) : AccountStoreContract(store)
{
    [Fact]
    public async Task A_secret_lies_in_the_store_sealed_and_opens_for_its_own_key_only()
    {
        await Accounts.AddKeyAsync(new AccessKey("AKIA0000000000000001", new Principal(Owner.Account, null), "the-secret", Noon, null), Cancel);
        await Accounts.AddKeyAsync(new AccessKey("AKIA0000000000000002", new Principal(Owner.Account, null), "another", Noon, null), Cancel);
        var lies = await Database.ReadAsync(s => s.QueryAsync("SELECT secret FROM access_key", r => r.Bytes(0)), Cancel);
        Assert.All(lies, l => Assert.True(l.AsSpan().IndexOf("the-secret"u8) < 0));

        await Database.WriteAsync(
            s => s.ExecuteAsync("UPDATE access_key SET secret = @secret", ("secret", lies[0])), Cancel);

        await Assert.ThrowsAsync<System.Security.Cryptography.CryptographicException>(
            () => Accounts.FindKeyAsync("AKIA0000000000000002", Cancel));
        Assert.Equal("AKIA0000000000000001", Assert.Single(await Accounts.ListKeysAsync(Owner.Account, Cancel)).Id);
    }
}
