using Signet.Accounts;
using Signet.Names;
using Signet.Tests.Fakes;

namespace Signet.Tests.Accounts;

public sealed class KeyringTests
{
    private static readonly AccessKey Made = new(
        "AKIAIOSFODNN7EXAMPLE", Principal("111122223333"), "made-secret", DateTimeOffset.UnixEpoch, null);

    private readonly InMemoryAccountStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("test", "000000000000")]
    [InlineData("000000000000", "000000000000")]
    [InlineData("111122223333", "111122223333")]
    public async Task In_dev_test_and_account_numbers_are_keys_of_a_root(string id, string account)
    {
        var key = await new Keyring(_store, devKeys: true).FindAsync(id, Cancel);

        Assert.Equal((Principal(account), "test", id), (key?.Owner, key?.Secret, key?.Id));
    }

    [Theory]
    [InlineData("Test")]
    [InlineData("11112222333")]
    [InlineData("AKIAIOSFODNN7EXAMPLE")]
    [InlineData("")]
    public async Task In_dev_nothing_else_is_a_key(string id)
    {
        Assert.Null(await new Keyring(_store, devKeys: true).FindAsync(id, Cancel));
    }

    [Theory]
    [InlineData("test")]
    [InlineData("111122223333")]
    public async Task In_production_there_are_no_dev_keys(string id)
    {
        Assert.Null(await new Keyring(_store, devKeys: false).FindAsync(id, Cancel));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_that_was_made_is_found(bool devKeys)
    {
        await _store.AddKeyAsync(Made, Cancel);

        Assert.Equal(Made, await new Keyring(_store, devKeys).FindAsync(Made.Id, Cancel));
    }

    [Fact]
    public async Task A_key_that_was_made_wins_over_a_dev_key()
    {
        var made = Made with { Id = "test" };
        await _store.AddKeyAsync(made, Cancel);

        Assert.Equal(made, await new Keyring(_store, devKeys: true).FindAsync("test", Cancel));
    }

    [Fact]
    public async Task A_revoked_key_is_none_even_under_the_name_of_a_dev_key()
    {
        await _store.AddKeyAsync(Made with { Id = "test" }, Cancel);
        await _store.RevokeKeyAsync("test", DateTimeOffset.UnixEpoch, Cancel);

        Assert.Null(await new Keyring(_store, devKeys: true).FindAsync("test", Cancel));
    }

    private static Principal Principal(string account) => new(AccountId.Parse(account), null);
}
