using Microsoft.Extensions.Time.Testing;
using Signet.Accounts;
using Signet.Names;
using Signet.Server.Aws;

namespace Signet.Server.Tests.Aws;

public sealed class KeyLookupTests
{
    private const string Client = "192.0.2.7";

    private static readonly AccessKey Key = new(
        "AKIAEXAMPLEOWNER0001", new Principal(AccountId.Parse("111122223333"), null), "secret", DateTimeOffset.UnixEpoch, null);

    private readonly FakeTimeProvider time = new();
    private readonly List<string> looks = [];
    private readonly KeyLookup lookup;

    public KeyLookupTests() => lookup = new KeyLookup(
        (id, _) =>
        {
            looks.Add(id);
            return Task.FromResult(id == Key.Id ? Key : null);
        },
        time);

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("AKIA EXAMPLE")]
    [InlineData("AKIAÄ")]
    public async Task What_cannot_be_an_id_is_not_looked_up(string id)
    {
        Assert.Null(await FindAsync(id));
        Assert.Null(await FindAsync(id + new string('A', KeyLookup.MaxId + 1)));
        Assert.Empty(looks);
    }

    [Fact]
    public async Task An_unknown_id_is_looked_up_once_in_a_while()
    {
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Null(await FindAsync("AKIAUNKNOWN"));
        }

        Assert.Single(looks);
        time.Advance(KeyLookup.Memory);
        Assert.Null(await FindAsync("AKIAUNKNOWN"));
        Assert.Equal(2, looks.Count);
    }

    [Fact]
    public async Task Who_names_many_unknown_ids_has_to_wait_and_nobody_else_has()
    {
        await NameUnknownAsync();

        Assert.Equal(("Throttling", 400), await RefusalAsync("AKIAANOTHER"));
        Assert.Equal(("Throttling", 400), await RefusalAsync(Key.Id));
        Assert.Equal(KeyLookup.MaxUnknown, looks.Count);
        Assert.Equal(Key, await lookup.FindAsync(Key.Id, "192.0.2.8", TestContext.Current.CancellationToken));

        time.Advance(KeyLookup.Window);
        Assert.Equal(Key, await FindAsync(Key.Id));
    }

    [Fact]
    public async Task Who_signs_with_a_good_key_does_not_suffer_for_a_neighbour()
    {
        Assert.Equal(Key, await FindAsync(Key.Id));
        lookup.Proven(Key.Id);

        await NameUnknownAsync();

        Assert.Equal(Key, await FindAsync(Key.Id));
    }

    private async Task NameUnknownAsync()
    {
        for (var i = 0; i < KeyLookup.MaxUnknown; i++)
        {
            Assert.Null(await FindAsync($"AKIAUNKNOWN{i}"));
        }
    }

    private async Task<(string Code, int Status)> RefusalAsync(string id)
    {
        var error = (await Assert.ThrowsAsync<AwsException>(() => FindAsync(id))).Error;
        return (error.Code, error.Status);
    }

    private Task<AccessKey?> FindAsync(string id) => lookup.FindAsync(id, Client, TestContext.Current.CancellationToken);
}
