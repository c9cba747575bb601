using Signet.Storage;

namespace Signet.Tests.Storage;

/// <summary>What only a store on a disk has to keep to: rows that cannot be read, and how password hashes lie in it.</summary>
public abstract class SqlOperatorStoreContract(TestStore store) : OperatorStoreContract(store)
{
    [Theory]
    [InlineData("role = 'Bogus'")]
    [InlineData("account = 'x'")]
    public async Task An_operator_that_cannot_be_read_hides_no_other_and_is_nobody(string change)
    {
        await Operators.AddAsync(Ann, "hash", Cancel);
        await Operators.AddAsync(Bob, "other", Cancel);

        await Database.WriteAsync(s => s.ExecuteAsync($"UPDATE console_operator SET {change} WHERE name = 'bob'"), Cancel);

        Assert.Equal([Ann], await Operators.ListAsync(Cancel));
        Assert.Null(await Operators.FindAsync(Bob.Name, Cancel));
        Assert.Null(await Operators.FindWithPasswordAsync(Bob.Name, Cancel));
    }

    [Fact]
    public async Task A_password_hash_lies_in_the_store_sealed_and_opens_for_its_own_operator_only()
    {
        await Operators.AddAsync(Ann, "the-hash", Cancel);
        await Operators.AddAsync(Bob, "another", Cancel);
        var lies = await Database.ReadAsync(
            s => s.QueryAsync("SELECT password_hash FROM console_operator ORDER BY name", r => r.Bytes(0)), Cancel);
        Assert.All(lies, l => Assert.True(l.AsSpan().IndexOf("the-hash"u8) < 0));

        await Database.WriteAsync(s => s.ExecuteAsync("UPDATE console_operator SET password_hash = @hash", ("hash", lies[0])), Cancel);

        Assert.Equal("the-hash", (await Operators.FindWithPasswordAsync(Ann.Name, Cancel))?.Hash);
        await Assert.ThrowsAsync<System.Security.Cryptography.CryptographicException>(() => Operators.FindWithPasswordAsync(Bob.Name, Cancel));
    }
}
