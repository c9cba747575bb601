using Signet.Storage;

namespace Signet.Tests.Storage;

/// <summary>What only a store on a disk has to keep to: keys outlive the program, and lie sealed.</summary>
public abstract class SqlSessionKeyStoreContract(TestStore store) : SessionKeyStoreContract(store)
{
    [Fact]
    public async Task A_key_is_there_after_a_restart()
    {
        await Keys.AddAsync("key-1", "<key/>", Cancel);

        await using var again = await Store.OpenAsync(Cancel);

        Assert.Equal(["<key/>"], await new SqlSessionKeyStore(again).ListAsync(Cancel));
    }

    [Fact]
    public async Task A_key_lies_in_the_store_sealed_and_opens_under_its_own_id_only()
    {
        await Keys.AddAsync("key-1", "<key>secret</key>", Cancel);
        var lies = await Database.ReadAsync(s => s.QueryAsync("SELECT xml FROM session_key", r => r.Bytes(0)), Cancel);
        Assert.True(Assert.Single(lies).AsSpan().IndexOf("secret"u8) < 0);

        await Database.WriteAsync(s => s.ExecuteAsync("UPDATE session_key SET id = 'key-2'"), Cancel);

        await Assert.ThrowsAsync<System.Security.Cryptography.CryptographicException>(() => Keys.ListAsync(Cancel));
    }
}
