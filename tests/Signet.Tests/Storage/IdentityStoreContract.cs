using Signet.Addresses;
using Signet.Dkim;
using Signet.Identities;
using Signet.Names;
using Signet.Policies;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

public abstract class IdentityStoreContract(TestStore store) : StoreContract(store)
{
    private SqlIdentityStore Identities => new(Database);

    [Fact]
    public async Task An_identity_is_read_as_it_was_written()
    {
        var domain = Pending(Domain("example.com")) with
        {
            VerificationToken = "token",
            Deadline = Noon.AddHours(72),
            NextCheckAt = Noon.AddMinutes(1),
            Dkim = new DkimState(false, VerificationStatus.TemporaryFailure, ["a", "b", "c"], Noon.AddDays(5)),
        };
        var address = Pending(new IdentityArn(Owner, new IdentityName.OfAddress(Address("Some.One+x"))));

        Assert.Equivalent(domain, await PutAsync(domain), strict: true);
        Assert.Equivalent(address, await PutAsync(address), strict: true);

        Assert.Equivalent(domain, await Identities.FindAsync(domain.Arn, Cancel), strict: true);
        Assert.Equivalent(address, await Identities.FindAsync(address.Arn, Cancel), strict: true);
        Assert.Null(await Identities.FindAsync(new IdentityArn(OtherRegion, domain.Arn.Name), Cancel));
    }

    [Fact]
    public async Task A_change_sees_what_is_stored_and_null_changes_nothing()
    {
        var identity = Pending(Domain("example.com"));

        Assert.Null(await Identities.ChangeAsync(identity.Arn, now => now, Cancel));
        await PutAsync(identity);
        var changed = await Identities.ChangeAsync(identity.Arn, now => now! with { Status = VerificationStatus.Success }, Cancel);
        var same = await Identities.ChangeAsync(identity.Arn, _ => null, Cancel);

        Assert.Equal(VerificationStatus.Success, changed!.Status);
        Assert.Equivalent(changed, same, strict: true);
    }

    [Fact]
    public async Task A_change_that_throws_changes_nothing_and_the_caller_hears_of_it()
    {
        var identity = Pending(Domain("example.com"));

        await Assert.ThrowsAsync<FormatException>(
            () => Identities.ChangeAsync(identity.Arn, _ => throw new FormatException("no"), Cancel));

        Assert.Null(await Identities.FindAsync(identity.Arn, Cancel));
    }

    [Fact]
    public async Task No_change_is_lost_when_many_come_at_once()
    {
        var arn = Domain("example.com");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Identities.ChangeAsync(
            arn,
            now =>
            {
                var before = now ?? Pending(arn);
                return before with { Dkim = before.Dkim with { Tokens = [.. before.Dkim.Tokens, $"{i}"] } };
            },
            Cancel)));

        Assert.Equal(20, (await Identities.FindAsync(arn, Cancel))!.Dkim.Tokens.Count);
    }

    [Fact]
    public async Task Those_of_many_names_that_exist_come_in_the_order_asked_for()
    {
        await PutAsync(Pending(Domain("a.test")));
        await PutAsync(Pending(Domain("b.test")));

        var found = await Identities.FindAllAsync(
            Owner, [Domain("b.test").Name, Domain("c.test").Name, Domain("a.test").Name], Cancel);

        Assert.Equal(["b.test", "a.test"], found.Select(i => i.Arn.Name.Value));
    }

    [Fact]
    public async Task Identities_are_listed_by_name_page_by_page_and_by_kind()
    {
        foreach (var name in new[] { "b.test", "a.test", "a-b.test", "_c.test" })
        {
            await PutAsync(Pending(Domain(name)));
        }

        await PutAsync(Pending(new IdentityArn(Owner, new IdentityName.OfAddress(Address("Z")))));
        await PutAsync(Pending(new IdentityArn(OtherAccount, Domain("d.test").Name)));

        Assert.Equal(
            ["Z@example.com", "_c.test", "a-b.test", "a.test", "b.test"],
            (await Identities.ListAsync(Owner, null, null, 10, Cancel)).Select(i => i.Arn.Name.Value));
        Assert.Equal(
            ["a-b.test", "a.test"], (await Identities.ListAsync(Owner, null, "_c.test", 2, Cancel)).Select(i => i.Arn.Name.Value));
        Assert.Single(await Identities.ListAsync(Owner, IdentityKind.EmailAddress, null, 10, Cancel));
        Assert.Equal(4, (await Identities.ListAsync(Owner, IdentityKind.Domain, null, 10, Cancel)).Count);
        Assert.Equal(5, await Identities.CountAsync(Owner, Cancel));
    }

    [Fact]
    public async Task Identities_of_all_owners_are_found_by_account_region_and_name_with_the_number_of_their_policies()
    {
        var policies = new SqlPolicyStore(Database);
        foreach (var arn in new[]
        {
            new IdentityArn(OtherAccount, Domain("a.test").Name), new IdentityArn(OtherRegion, Domain("b.test").Name), Domain("d.test"),
            Domain("c.test"),
        })
        {
            await PutAsync(Pending(arn));
        }

        await policies.PutAsync(Domain("c.test"), PolicyName.Parse("p"), "{}", Cancel);
        await policies.PutAsync(Domain("c.test"), PolicyName.Parse("q"), "{}", Cancel);
        await policies.PutAsync(new IdentityArn(OtherAccount, Domain("c.test").Name), PolicyName.Parse("r"), "{}", Cancel);

        var all = await Identities.SearchAsync(new IdentityFilter(), 0, 10, Cancel);
        var page = await Identities.SearchAsync(new IdentityFilter(), 1, 2, Cancel);

        // eu-west-1 comes before us-east-1.
        Assert.Equal(
            [("b.test", 0), ("c.test", 2), ("d.test", 0), ("a.test", 0)], all.Select(e => (e.Identity.Arn.Name.Value, e.PolicyCount)));
        Assert.Equivalent(Pending(Domain("c.test")), all[1].Identity, strict: true);
        Assert.Equal(["c.test", "d.test"], page.Select(e => e.Identity.Arn.Name.Value));
    }

    [Fact]
    public async Task A_search_for_identities_is_narrowed_by_each_part_of_its_filter_and_counted_alike()
    {
        await PutAsync(Pending(Domain("Shop.test")));
        await PutAsync(Pending(Domain("s_op.test")) with { Status = VerificationStatus.Success });
        await PutAsync(Pending(new IdentityArn(Owner, new IdentityName.OfAddress(Address("News", "shop.test")))));
        await PutAsync(Pending(new IdentityArn(OtherRegion, Domain("other.test").Name)));
        await PutAsync(Pending(new IdentityArn(OtherAccount, Domain("far.test").Name)));

        await AssertFoundAsync(new IdentityFilter { Account = OtherAccount.Account }, "far.test");
        await AssertFoundAsync(new IdentityFilter { Region = OtherRegion.Region }, "other.test");
        await AssertFoundAsync(new IdentityFilter { Text = "SHOP" }, "News@shop.test", "shop.test");
        await AssertFoundAsync(new IdentityFilter { Text = "news@" }, "News@shop.test");
        await AssertFoundAsync(new IdentityFilter { Text = "s_op" }, "s_op.test");
        await AssertFoundAsync(new IdentityFilter { Text = "%" });
        await AssertFoundAsync(new IdentityFilter { Kind = IdentityKind.EmailAddress }, "News@shop.test");
        await AssertFoundAsync(new IdentityFilter { Status = VerificationStatus.Success }, "s_op.test");
        await AssertFoundAsync(new IdentityFilter { Account = Owner.Account, Text = "o", Kind = IdentityKind.Domain }, "other.test", "s_op.test", "shop.test");
    }

    [Fact]
    public async Task Deleting_takes_policies_keys_and_confirmations_along()
    {
        var identity = Pending(Domain("example.com"));
        var policies = new SqlPolicyStore(Database);
        await PutAsync(identity);
        await policies.PutAsync(identity.Arn, PolicyName.Parse("p"), "{}", Cancel);
        await Identities.AddDkimKeysAsync(identity.Arn, [Key("s")], Cancel);
        await Identities.PutConfirmationAsync(new Confirmation("hash", identity.Arn, Noon.AddDays(1)), Cancel);

        await Identities.DeleteAsync(identity.Arn, Cancel);
        await Identities.DeleteAsync(identity.Arn, Cancel);

        Assert.Null(await Identities.FindAsync(identity.Arn, Cancel));
        Assert.Empty(await policies.ListAsync(identity.Arn, Cancel));
        Assert.Empty(await Identities.GetDkimKeysAsync(identity.Arn, Cancel));
        Assert.Null(await Identities.TakeConfirmationAsync("hash", Noon, Cancel));
    }

    [Fact]
    public async Task Those_with_a_check_or_a_deadline_in_the_past_are_due_waiting_longest_first()
    {
        await PutAsync(Pending(Domain("check.test")) with { NextCheckAt = Noon.AddMinutes(-1), Deadline = Noon.AddDays(1) });
        await PutAsync(Pending(Domain("deadline.test")) with { Deadline = Noon.AddMinutes(-3), NextCheckAt = Noon.AddDays(1) });
        await PutAsync(Pending(Domain("dkim.test")) with { Dkim = DkimState.NotStarted with { Deadline = Noon.AddMinutes(-2) } });
        await PutAsync(Pending(Domain("later.test")) with { NextCheckAt = Noon.AddMilliseconds(1) });
        await PutAsync(Pending(Domain("never.test")));

        var due = await Identities.DueAsync(Noon, 10, Cancel);

        Assert.Equal(["deadline.test", "dkim.test", "check.test"], due.Identities.Select(i => i.Arn.Name.Value));
        Assert.Single((await Identities.DueAsync(Noon, 1, Cancel)).Identities);
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
    public async Task Dkim_keys_keep_their_order_and_lie_sealed()
    {
        var identity = Pending(Domain("example.com"));
        await PutAsync(identity);

        Assert.True(await Identities.AddDkimKeysAsync(identity.Arn, [Key("c"), Key("a"), Key("b")], Cancel));

        Assert.Equivalent(new[] { Key("c"), Key("a"), Key("b") }, await Identities.GetDkimKeysAsync(identity.Arn, Cancel), strict: true);
        Assert.Empty(await Identities.GetDkimKeysAsync(Domain("other.test"), Cancel));
        var lies = await Database.ReadAsync(s => s.QueryAsync("SELECT private_key FROM dkim_key", r => r.Bytes(0)), Cancel);
        Assert.All(lies, l => Assert.True(l.AsSpan().IndexOf("private"u8) < 0));
    }

    [Fact]
    public async Task Of_several_who_bring_dkim_keys_at_once_one_is_heard()
    {
        var identity = Pending(Domain("example.com"));
        await PutAsync(identity);

        var heard = await Task.WhenAll("abcdefgh".Select(c => Identities.AddDkimKeysAsync(identity.Arn, [Key($"{c}")], Cancel)));

        Assert.Single(heard, h => h);
        Assert.Single(await Identities.GetDkimKeysAsync(identity.Arn, Cancel));
    }

    [Fact]
    public async Task What_is_no_identity_gets_no_dkim_keys()
    {
        Assert.False(await Identities.AddDkimKeysAsync(Domain("nobody.test"), [Key("a")], Cancel));
        Assert.Empty(await Identities.GetDkimKeysAsync(Domain("nobody.test"), Cancel));
    }

    [Fact]
    public async Task A_confirmation_is_fresh_once_even_when_its_link_is_followed_many_times_at_once()
    {
        var confirmation = new Confirmation("hash", new IdentityArn(Owner, new IdentityName.OfAddress(Address("a"))), Noon.AddDays(1));
        await Identities.PutConfirmationAsync(confirmation, Cancel);

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Identities.TakeConfirmationAsync("hash", Noon, Cancel)));

        Assert.All(taken, t => Assert.Equal(confirmation, t!.Value.Confirmation));
        Assert.Equal(1, taken.Count(t => t!.Value.State == ConfirmationState.Fresh));
        Assert.Equal(7, taken.Count(t => t!.Value.State == ConfirmationState.Used));
    }

    [Fact]
    public async Task A_confirmation_expires_and_an_unknown_one_is_null()
    {
        var arn = new IdentityArn(Owner, new IdentityName.OfAddress(Address("a")));
        await Identities.PutConfirmationAsync(new Confirmation("hash", arn, Noon), Cancel);

        Assert.Equal(ConfirmationState.Expired, (await Identities.TakeConfirmationAsync("hash", Noon, Cancel))!.Value.State);
        Assert.Null(await Identities.TakeConfirmationAsync("other", Noon, Cancel));
    }

    private async Task AssertFoundAsync(IdentityFilter filter, params string[] names)
    {
        Assert.Equal(names, (await Identities.SearchAsync(filter, 0, 10, Cancel)).Select(e => e.Identity.Arn.Name.Value));
        Assert.Equal(names.Length, await Identities.CountAsync(filter, Cancel));
    }

    private static IdentityArn Domain(string name) => new(Owner, new IdentityName.OfDomain(DomainName.Parse(name)));

    private static Identity Pending(IdentityArn arn) =>
        new(arn, VerificationStatus.Pending, null, Noon, null, null, DkimState.NotStarted);

    private static DkimKey Key(string selector) => new(selector, [.. "private"u8, (byte)selector[0]], [.. "public"u8]);

    private Task<Identity?> PutAsync(Identity identity) => Identities.ChangeAsync(identity.Arn, _ => identity, Cancel);
}
