using Signet.Accounts;
using Signet.Names;
using Signet.Tests.Fakes;

namespace Signet.Tests.Accounts;

public sealed class AccessKeysTests
{
    private static readonly AccessKey Made = new(
        "AKIAIOSFODNN7EXAMPLE", Principal("111122223333"), "made-secret", DateTimeOffset.UnixEpoch, null);

    private readonly InMemoryAccountStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("test", "000000000000", DevKeys.Any)]
    [InlineData("test", "000000000000", DevKeys.Known)]
    [InlineData("000000000000", "000000000000", DevKeys.Known)]
    [InlineData("111122223333", "111122223333", DevKeys.Any)]
    [InlineData("111122223333", "111122223333", DevKeys.Known)]
    public async Task In_dev_test_and_account_numbers_are_keys_of_a_root(string id, string account, DevKeys devKeys)
    {
        var key = await new AccessKeys(_store, devKeys).FindAsync(id, Cancel);

        Assert.Equal((Principal(account), "test", id, false), (key?.Owner, key?.Secret, key?.Id, key?.TakesAnySecret));
    }

    [Theory]
    [InlineData("Test")]
    [InlineData("11112222333")]
    [InlineData("AKIAIOSFODNN7EXAMPLE")]
    [InlineData("")]
    public async Task In_strict_dev_nothing_else_is_a_key(string id)
    {
        Assert.Null(await new AccessKeys(_store, DevKeys.Known).FindAsync(id, Cancel));
    }

    [Theory]
    [InlineData("Test")]
    [InlineData("AKIAIOSFODNN7EXAMPLE")]
    [InlineData("dummy-key")]
    public async Task In_dev_every_other_key_is_the_root_of_the_first_account_with_whatever_secret(string id)
    {
        var key = await new AccessKeys(_store, DevKeys.Any).FindAsync(id, Cancel);

        Assert.Equal((Principal("000000000000"), id, true), (key?.Owner, key?.Id, key?.TakesAnySecret));
    }

    [Theory]
    [InlineData("test")]
    [InlineData("111122223333")]
    public async Task In_production_there_are_no_dev_keys(string id)
    {
        Assert.Null(await new AccessKeys(_store, DevKeys.None).FindAsync(id, Cancel));
    }

    [Theory]
    [InlineData(DevKeys.None)]
    [InlineData(DevKeys.Known)]
    [InlineData(DevKeys.Any)]
    public async Task A_key_that_was_made_is_found(DevKeys devKeys)
    {
        await _store.AddKeyAsync(Made, Cancel);

        Assert.Equal(Made, await new AccessKeys(_store, devKeys).FindAsync(Made.Id, Cancel));
    }

    [Fact]
    public async Task A_key_that_was_made_wins_over_a_dev_key()
    {
        var made = Made with { Id = "test" };
        await _store.AddKeyAsync(made, Cancel);

        Assert.Equal(made, await new AccessKeys(_store, DevKeys.Any).FindAsync("test", Cancel));
    }

    [Fact]
    public async Task A_revoked_key_is_none_even_under_the_name_of_a_dev_key()
    {
        await _store.AddKeyAsync(Made with { Id = "test" }, Cancel);
        await _store.RevokeKeyAsync("test", DateTimeOffset.UnixEpoch, Cancel);

        Assert.Null(await new AccessKeys(_store, DevKeys.Any).FindAsync("test", Cancel));
    }

    private static Principal Principal(string account) => new(AccountId.Parse(account), null);
}
