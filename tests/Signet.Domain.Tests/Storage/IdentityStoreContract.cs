using Signet.Addresses;
using Signet.Dkim;
using Signet.Identities;
using Signet.Names;
using Signet.Policies;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

public abstract class IdentityStoreContract(TestStore? store) : StoreContract(store)
{
    protected virtual IIdentityStore Identities => new SqlIdentityStore(Database);

    /// <summary>Of the same store.</summary>
    protected virtual IPolicyStore Policies => new SqlPolicyStore(Database);

    [Fact]
    public async Task The_names_are_those_of_the_server_that_started_last()
    {
        Assert.Null(await Identities.FindServerNamesAsync(Cancel));
        var names = new ServerNames(DomainName.Parse("mail.example.com"), DomainName.Parse("keys.example.net"));
        await Identities.PutServerNamesAsync(new ServerNames(DomainName.Parse("old.example.com"), DomainName.Parse("dkim.old.example.com")), Cancel);
        await Identities.PutServerNamesAsync(names, Cancel);

        Assert.Equal(names, await Identities.FindServerNamesAsync(Cancel));
    }

    [Fact]
    public async Task An_identity_is_read_as_it_was_written()
    {
        var domain = Pending(Domain("example.com")) with
        {
            VerificationToken = "token",
            Deadline = Noon.AddHours(72),
            NextCheckAt = Noon.AddMinutes(1),
            Dkim = new DkimState(false, VerificationStatus.TemporaryFailure, ["a", "b", "c"], Noon.AddDays(5)),
            IsVouched = true,
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
        foreach (var arn in new[]
        {
            new IdentityArn(OtherAccount, Domain("a.test").Name), new IdentityArn(OtherRegion, Domain("b.test").Name), Domain("d.test"),
            Domain("c.test"),
        })
        {
            await PutAsync(Pending(arn));
        }

        await Policies.PutAsync(Domain("c.test"), PolicyName.Parse("p"), "{}", Cancel);
        await Policies.PutAsync(Domain("c.test"), PolicyName.Parse("q"), "{}", Cancel);
        await Policies.PutAsync(new IdentityArn(OtherAccount, Domain("c.test").Name), PolicyName.Parse("r"), "{}", Cancel);

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
        await PutAsync(identity);
        await Policies.PutAsync(identity.Arn, PolicyName.Parse("p"), "{}", Cancel);
        await Identities.AddDkimKeysAsync(identity.Arn, [Key("s")], Cancel);
        await StartAsync(identity, "hash", Noon.AddDays(1));

        await Identities.DeleteAsync(identity.Arn, Cancel);
        await Identities.DeleteAsync(identity.Arn, Cancel);

        Assert.Null(await Identities.FindAsync(identity.Arn, Cancel));
        Assert.Empty(await Policies.ListAsync(identity.Arn, Cancel));
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
    public async Task Dkim_keys_keep_their_order()
    {
        var identity = Pending(Domain("example.com"));
        await PutAsync(identity);

        Assert.True(await Identities.AddDkimKeysAsync(identity.Arn, [Key("c"), Key("a"), Key("b")], Cancel));

        Assert.Equivalent(new[] { Key("c"), Key("a"), Key("b") }, await Identities.GetDkimKeysAsync(identity.Arn, Cancel), strict: true);
        Assert.Empty(await Identities.GetDkimKeysAsync(Domain("other.test"), Cancel));
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
        var identity = Pending(new IdentityArn(Owner, new IdentityName.OfAddress(Address("a"))));
        var confirmation = await StartAsync(identity, "hash", Noon.AddDays(1));

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Identities.TakeConfirmationAsync("hash", Noon, Cancel)));

        Assert.All(taken, t => Assert.Equal(confirmation, t!.Value.Confirmation));
        Assert.Equal(1, taken.Count(t => t!.Value.State == ConfirmationState.Fresh));
        Assert.Equal(7, taken.Count(t => t!.Value.State == ConfirmationState.Used));
    }

    [Fact]
    public async Task A_confirmation_expires_and_an_unknown_one_is_null()
    {
        await StartAsync(Pending(new IdentityArn(Owner, new IdentityName.OfAddress(Address("a")))), "hash", Noon);

        Assert.Equal(ConfirmationState.Expired, (await Identities.TakeConfirmationAsync("hash", Noon, Cancel))!.Value.State);
        Assert.Null(await Identities.TakeConfirmationAsync("other", Noon, Cancel));
    }

    [Fact]
    public async Task A_start_of_a_confirmation_stores_all_of_it_or_with_null_nothing()
    {
        var identity = Pending(new IdentityArn(Owner, new IdentityName.OfAddress(Address("a"))));

        Assert.Equal("no", await Identities.StartConfirmationAsync(identity.Arn, "a@example.com", (_, _, _) => ((ConfirmationStart?)null, "no"), Cancel));
        Assert.Null(await Identities.FindAsync(identity.Arn, Cancel));
        Assert.Equal(new MailboxPace(null, null), await PaceAsync(identity.Arn, "a@example.com"));

        await StartAsync(identity, "hash", Noon.AddDays(1));

        Assert.Equivalent(identity, await Identities.FindAsync(identity.Arn, Cancel), strict: true);
        Assert.Equal(ConfirmationState.Fresh, (await Identities.TakeConfirmationAsync("hash", Noon, Cancel))!.Value.State);
        Assert.Equal(new MailboxPace(new ConfirmationPace(Noon, TimeSpan.FromMinutes(5)), Noon), await PaceAsync(identity.Arn, "a@example.com"));
    }

    [Fact]
    public async Task The_pace_of_a_mailbox_is_that_of_the_account_and_the_last_mail_of_all()
    {
        var name = new IdentityName.OfAddress(Address("a"));
        await StartAsync(Pending(new IdentityArn(Owner, name)), "first", Noon.AddDays(1));
        await StartAsync(Pending(new IdentityArn(OtherAccount, name)), "second", Noon.AddDays(1), Noon.AddMinutes(7));

        var own = new ConfirmationPace(Noon, TimeSpan.FromMinutes(5));
        Assert.Equal(new MailboxPace(own, Noon.AddMinutes(7)), await PaceAsync(new IdentityArn(Owner, name), "a@example.com"));
        Assert.Equal(new MailboxPace(own, Noon.AddMinutes(7)), await PaceAsync(new IdentityArn(OtherRegion, name), "a@example.com"));
        Assert.Equal(new MailboxPace(null, null), await PaceAsync(new IdentityArn(Owner, name), "b@example.com"));
    }

    [Fact]
    public async Task Of_many_starts_at_once_for_one_mailbox_each_sees_the_one_before()
    {
        // Two accounts, two regions, two spellings: different identities of one mailbox.
        IdentityArn[] arns =
        [
            .. from owner in (AccountRegion[])[Owner, OtherRegion, OtherAccount]
               from local in (string[])["a", "a+x"]
               select new IdentityArn(owner, new IdentityName.OfAddress(Address(local))),
        ];

        var started = await AtOnceAsync(200, i => Identities.StartConfirmationAsync(
            arns[i % arns.Length],
            "a@example.com",
            (_, pace, _) => pace.WaitAt(Noon) is null ? (Start(Pending(arns[i % arns.Length]), $"{i}", Noon.AddDays(1), Noon), true) : (null, false),
            Cancel));

        Assert.Single(started, s => s);
    }

    [Fact]
    public async Task The_pace_of_an_account_is_its_newest_mails_over_all_regions_and_mailboxes()
    {
        for (var i = 0; i < AccountPace.MaxPerHour; i++)
        {
            var owner = i % 2 == 0 ? Owner : OtherRegion;
            await StartAsync(Pending(new IdentityArn(owner, new IdentityName.OfAddress(Address($"a{i}")))), $"{i}", Noon.AddDays(1), Noon.AddMinutes(i));
        }

        var arn = new IdentityArn(Owner, new IdentityName.OfAddress(Address("new")));
        Assert.Equal(
            Enumerable.Range(0, AccountPace.MaxPerHour).Reverse().Select(i => Noon.AddMinutes(i)), (await AccountPaceAsync(arn)).Last.Select(p => p.SentAt));
        Assert.Empty((await AccountPaceAsync(arn with { Owner = OtherAccount })).Last);

        await StartAsync(Pending(arn), "new", Noon.AddDays(1), Noon.AddHours(1));
        var last = (await AccountPaceAsync(arn)).Last;
        Assert.Equal((AccountPace.MaxPerHour, Noon.AddHours(1), Noon.AddMinutes(1)), (last.Count, last[0].SentAt, last[^1].SentAt));
    }

    [Fact]
    public async Task Of_many_starts_at_once_of_one_account_each_sees_those_before()
    {
        var started = await AtOnceAsync(80, i =>
        {
            var arn = new IdentityArn(i % 2 == 0 ? Owner : OtherRegion, new IdentityName.OfAddress(Address($"a{i}")));
            return Identities.StartConfirmationAsync(
                arn,
                arn.Name.Value,
                (_, _, account) => account.WaitAt(Noon) is null ? (Start(Pending(arn), $"{i}", Noon.AddDays(1), Noon), true) : (null, false),
                Cancel);
        });

        Assert.Equal(AccountPace.MaxPerHour, started.Count(s => s));
    }

    /// <summary>
    /// Makes <paramref name="count"/> calls from 10 threads. They wait for each other in the store, each with a connection, so all of
    /// them at once would use up the pool on a slow machine.
    /// </summary>
    private static async Task<T[]> AtOnceAsync<T>(int count, Func<int, Task<T>> call)
    {
        var results = new T[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 10, CancellationToken = Cancel }, async (i, _) => results[i] = await call(i));
        return results;
    }

    protected static ConfirmationStart Start(Identity identity, string hash, DateTimeOffset expires, DateTimeOffset at) =>
        new(identity, new Confirmation(hash, identity.Arn, expires), new ConfirmationPace(at, TimeSpan.FromMinutes(5)));

    protected Task<Confirmation> StartAsync(Identity identity, string hash, DateTimeOffset expires, DateTimeOffset? at = null)
    {
        var start = Start(identity, hash, expires, at ?? Noon);
        return Identities.StartConfirmationAsync(identity.Arn, identity.Arn.Name.Value, (_, _, _) => (start, start.Confirmation), Cancel);
    }

    private Task<MailboxPace> PaceAsync(IdentityArn arn, string mailbox) =>
        Identities.StartConfirmationAsync(arn, mailbox, (_, pace, _) => ((ConfirmationStart?)null, pace), Cancel);

    private Task<AccountPace> AccountPaceAsync(IdentityArn arn) =>
        Identities.StartConfirmationAsync(arn, arn.Name.Value, (_, _, account) => ((ConfirmationStart?)null, account), Cancel);

    private async Task AssertFoundAsync(IdentityFilter filter, params string[] names)
    {
        Assert.Equal(names, (await Identities.SearchAsync(filter, 0, 10, Cancel)).Select(e => e.Identity.Arn.Name.Value));
        Assert.Equal(names.Length, await Identities.CountAsync(filter, Cancel));
    }

    protected static IdentityArn Domain(string name) => new(Owner, new IdentityName.OfDomain(DomainName.Parse(name)));

    protected static Identity Pending(IdentityArn arn) =>
        new(arn, VerificationStatus.Pending, null, Noon, null, null, DkimState.NotStarted);

    protected static DkimKey Key(string selector) => new(selector, [.. "private"u8, (byte)selector[0]], [.. "public"u8]);

    protected Task<Identity?> PutAsync(Identity identity) => Identities.ChangeAsync(identity.Arn, _ => identity, Cancel);
}
