using Signet.Identities;
using Signet.Names;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

/// <summary>
/// What only a store on a disk has to keep to: rows that cannot be read or that an older version wrote, how keys lie in it, and what is
/// forgotten so that it takes no room.
/// </summary>
public abstract class SqlIdentityStoreContract(TestStore store) : IdentityStoreContract(store)
{
    [Fact]
    public async Task What_hung_on_an_identity_in_quotes_hangs_on_its_plain_spelling_after_an_upgrade()
    {
        var plain = await PutAsync(Pending(new IdentityArn(Owner, IdentityName.Parse("both@shop.test"))));
        await StoreAsync("both", "p", "q");
        foreach (var (old, policy) in new[] { ("\"boss\"", "p"), ("\"both\"", "p"), ("\"big boss\"", "p"), ("\".b\"", "p"), ("\"a@b\"", "p") })
        {
            await StoreIdentityAsync(old);
            await StoreAsync(old, policy);
        }

        foreach (var statement in Migration("0011_one_spelling"))
        {
            await Database.WriteAsync(s => s.ExecuteAsync(statement), Cancel);
        }

        Assert.Equal(
            ["\".b\"@shop.test", "\"a@b\"@shop.test", "\"big boss\"@shop.test", "boss@shop.test", "both@shop.test"], await NamesAsync("name FROM identity"));
        Assert.Equal(
            [
                "\".b\"@shop.test p", "\"a@b\"@shop.test p", "\"big boss\"@shop.test p", "boss@shop.test p", "both@shop.test p",
                "both@shop.test p-quoted", "both@shop.test q",
            ],
            await NamesAsync("identity || ' ' || name FROM identity_policy"));
        Assert.Equivalent(plain, await Identities.FindAsync(plain!.Arn, Cancel), strict: true);
        Assert.NotNull(await Identities.FindAsync(new IdentityArn(Owner, IdentityName.Parse("\"boss\"@shop.test")), Cancel));

        Task StoreIdentityAsync(string local) => Database.WriteAsync(
            s => s.ExecuteAsync(
                """
                INSERT INTO identity (account, region, name, kind, status, created_at, dkim_enabled, dkim_status, dkim_tokens)
                VALUES (@account, @region, @name, 'EmailAddress', 'Success', 0, 0, 'NotStarted', '[]')
                """,
                ("account", Owner.Account.Value), ("region", Owner.Region.Value), ("name", $"{local}@shop.test")),
            Cancel);

        async Task StoreAsync(string local, params string[] policies)
        {
            foreach (var policy in policies)
            {
                await Database.WriteAsync(
                    s => s.ExecuteAsync(
                        "INSERT INTO identity_policy (account, region, identity, name, document) VALUES (@account, @region, @name, @policy, '{}')",
                        ("account", Owner.Account.Value), ("region", Owner.Region.Value), ("name", $"{local}@shop.test"), ("policy", policy)),
                    Cancel);
            }
        }

        async Task<IReadOnlyList<string>> NamesAsync(string what) =>
            [.. (await Database.ReadAsync(s => s.QueryAsync($"SELECT {what}", r => r.GetString(0)), Cancel)).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task A_due_identity_that_cannot_be_read_is_named_and_holds_up_no_other()
    {
        await PutAsync(Pending(Domain("bad.test")) with { NextCheckAt = Noon.AddMinutes(-1) });
        await PutAsync(Pending(Domain("good.test")) with { NextCheckAt = Noon.AddMinutes(-1) });
        await ExecuteAsync("UPDATE identity SET dkim_tokens = 'none' WHERE name = 'bad.test'");

        var due = await Identities.DueAsync(Noon, 10, Cancel);

        Assert.Equal(["good.test"], due.Identities.Select(i => i.Arn.Name.Value));
        Assert.Equal(["bad.test"], due.Unreadable);
    }

    [Fact]
    public async Task Dkim_keys_lie_sealed()
    {
        await PutAsync(Pending(Domain("example.com")));
        await Identities.AddDkimKeysAsync(Domain("example.com"), [Key("c"), Key("a")], Cancel);

        var lies = await Database.ReadAsync(s => s.QueryAsync("SELECT private_key FROM dkim_key", r => r.Bytes(0)), Cancel);

        Assert.Equal(2, lies.Count);
        Assert.All(lies, l => Assert.True(l.AsSpan().IndexOf("private"u8) < 0));
    }

    [Fact]
    public async Task An_identity_that_cannot_be_read_hides_no_other_in_a_list()
    {
        foreach (var name in (string[])["bad.test", "good.test"])
        {
            var arn = Domain(name);
            await Identities.ChangeAsync(arn, _ => Pending(arn), Cancel);
        }

        await Database.WriteAsync(s => s.ExecuteAsync("UPDATE identity SET status = 'Bogus' WHERE name = 'bad.test'"), Cancel);

        Assert.Equal(["good.test"], (await Identities.ListAsync(Owner, null, null, 10, Cancel)).Select(i => i.Arn.Name.Value));
        Assert.Equal(["good.test"], (await Identities.SearchAsync(new IdentityFilter(), 0, 10, Cancel)).Select(e => e.Identity.Arn.Name.Value));
    }

    [Fact]
    public async Task A_pace_that_is_over_is_forgotten_by_and_by()
    {
        var before = Start(Pending(new IdentityArn(Owner, new IdentityName.OfAddress(Address("a")))), "0", Noon, Noon).Pace.ForgottenAt;
        for (var i = 0; i < 3; i++)
        {
            await StartAsync(Pending(new IdentityArn(Owner, new IdentityName.OfAddress(Address($"a{i}")))), $"{i}", Noon.AddDays(1));
        }

        await StartAsync(Pending(new IdentityArn(Owner, new IdentityName.OfAddress(Address("b")))), "b", Noon.AddDays(9), before.AddMilliseconds(-1));
        Assert.Equal(4, await CountPacesAsync());
        await StartAsync(Pending(new IdentityArn(Owner, new IdentityName.OfAddress(Address("c")))), "c", Noon.AddDays(9), before);
        Assert.Equal(2, await CountPacesAsync());
    }

    private Task<long> CountPacesAsync() => Database.ReadAsync(s => s.CountAsync("SELECT COUNT(*) FROM confirmation_pace"), Cancel);
}
