using Signet.Accounts;
using Signet.Names;
using Signet.Policies;
using Signet.Storage;

namespace Signet.Tests.Storage;

public abstract class PolicyStoreContract(TestStore store) : StoreContract(store)
{
    private static readonly IdentityArn Arn = IdentityArn.Parse("arn:aws:ses:us-east-1:111122223333:identity/example.com");
    private static readonly IdentityArn Other = IdentityArn.Parse("arn:aws:ses:eu-west-1:111122223333:identity/example.com");

    private static readonly PolicyName Name = PolicyName.Parse("p");

    private SqlPolicyStore Policies => new(Database);

    [Fact]
    public async Task Policies_are_listed_by_name_in_ordinal_order()
    {
        foreach (var name in new[] { "b", "a", "B", "_", "1" })
        {
            Assert.True(await Policies.PutAsync(Arn, PolicyName.Parse(name), $"{{\"{name}\":1}}", Cancel));
        }

        var listed = await Policies.ListAsync(Arn, Cancel);

        Assert.Equal(["1", "B", "_", "a", "b"], listed.Select(p => p.Name.Value));
        Assert.Equal("{\"B\":1}", listed[1].Document);
        Assert.Empty(await Policies.ListAsync(Other, Cancel));
    }

    [Fact]
    public async Task Putting_a_name_again_replaces_its_document()
    {
        await Policies.PutAsync(Arn, PolicyName.Parse("p"), "1", Cancel);
        await Policies.PutAsync(Arn, PolicyName.Parse("p"), "2", Cancel);

        Assert.Equal([new NamedPolicy(PolicyName.Parse("p"), "2")], await Policies.ListAsync(Arn, Cancel));
    }

    [Fact]
    public async Task The_21st_policy_is_refused_even_when_all_come_at_once_and_a_known_name_is_not()
    {
        var puts = await Task.WhenAll(
            Enumerable.Range(0, 25).Select(i => Policies.PutAsync(Arn, PolicyName.Parse($"p{i}"), "{}", Cancel)));
        var listed = await Policies.ListAsync(Arn, Cancel);

        Assert.Equal(IPolicyStore.MaxPerIdentity, puts.Count(stored => stored));
        Assert.Equal(IPolicyStore.MaxPerIdentity, listed.Count);
        Assert.True(await Policies.PutAsync(Arn, listed[0].Name, "new", Cancel));
        Assert.True(await Policies.PutAsync(Other, PolicyName.Parse("p"), "{}", Cancel));
    }

    [Fact]
    public async Task Deleting_takes_one_policy_and_a_missing_one_is_success()
    {
        await Policies.PutAsync(Arn, PolicyName.Parse("a"), "{}", Cancel);
        await Policies.PutAsync(Arn, PolicyName.Parse("b"), "{}", Cancel);

        await Policies.DeleteAsync(Arn, PolicyName.Parse("a"), Cancel);
        await Policies.DeleteAsync(Arn, PolicyName.Parse("a"), Cancel);

        Assert.Equal(["b"], (await Policies.ListAsync(Arn, Cancel)).Select(p => p.Name.Value));
    }

    [Fact]
    public async Task What_is_replaced_or_deleted_is_found_by_its_version()
    {
        await Policies.PutAsync(Arn, Name, "1", Cancel);
        await Policies.PutAsync(Arn, Name, "2", Cancel);
        await Policies.PutAsync(Arn, Name, "2", Cancel);
        Assert.Equal(["1"], await KeptAsync("1", "2", "3"));

        await Policies.DeleteAsync(Arn, Name, Cancel);

        Assert.Equal(["1", "2"], await KeptAsync("1", "2", "3"));
        Assert.Empty(await Policies.FindReplacedAsync(AccountId.Parse("999999999999"), [PolicyVersion.Of("1")], Cancel));
        Assert.Empty(await Policies.FindReplacedAsync(Arn.Owner.Account, [], Cancel));
    }

    [Fact]
    public async Task An_identity_that_is_deleted_leaves_the_versions_of_its_policies()
    {
        await Policies.PutAsync(Arn, Name, "1", Cancel);
        await Policies.PutAsync(Arn, PolicyName.Parse("q"), "1", Cancel);
        await Policies.PutAsync(Arn, PolicyName.Parse("r"), "2", Cancel);

        await new SqlIdentityStore(Database).DeleteAsync(Arn, Cancel);

        Assert.Empty(await Policies.ListAsync(Arn, Cancel));
        Assert.Equal(["1", "2"], await KeptAsync("1", "2"));
    }

    [Fact]
    public async Task A_users_policy_that_is_replaced_or_deleted_is_found_by_its_version()
    {
        var accounts = new SqlAccountStore(Database);
        var user = new User(Arn.Owner.Account, "mailer", DateTimeOffset.UnixEpoch);
        await accounts.AddUserAsync(user, [new NamedPolicy(Name, "1")], Cancel);

        await accounts.PutUserPolicyAsync(user.Account, user.Name, new NamedPolicy(Name, "2"), Cancel);
        Assert.Equal(["1"], await KeptAsync("1", "2"));
        await accounts.DeleteUserPolicyAsync(user.Account, user.Name, Name, Cancel);

        Assert.Equal(["1", "2"], await KeptAsync("1", "2"));
    }

    [Fact]
    public async Task An_account_keeps_so_many_replaced_documents_and_no_more()
    {
        const int more = 5;
        var all = Enumerable.Range(0, IPolicyStore.MaxReplaced + more).Select(n => $"{n}").ToArray();
        await Database.WriteAsync(
            session => session.ExecuteAllAsync(
            [
                .. all.Take(IPolicyStore.MaxReplaced).Select((document, n) => new Signet.Storage.Statement(
                    "INSERT INTO policy_version (account, version, document, replaced_at) VALUES (@account, @version, @document, @at)",
                    ("account", Arn.Owner.Account.Value), ("version", PolicyVersion.Of(document).Value), ("document", document), ("at", (long)n))),
            ]),
            Cancel);
        foreach (var document in all.Skip(IPolicyStore.MaxReplaced))
        {
            await Policies.PutAsync(Arn, Name, document, Cancel);
            await Policies.DeleteAsync(Arn, Name, Cancel);
        }

        Assert.Equal(all.Skip(more).Order(), await KeptAsync(all));
    }

    [Fact]
    public async Task A_replaced_document_is_forgotten_when_no_decision_can_name_it()
    {
        await Policies.PutAsync(Arn, Name, "1", Cancel);
        await Policies.PutAsync(Arn, Name, "2", Cancel);
        var now = Database.Time.GetUtcNow();
        var archive = new SqlMessageArchive(Database);
        var waiting = Samples.Message(now.AddHours(-1));
        await new SqlMessageQueue(Database).EnqueueAsync(waiting, null, null, Cancel);

        await archive.PruneAsync(now.AddHours(-1), now.AddHours(-1), Cancel);
        Assert.Equal(["1"], await KeptAsync("1"));

        // A message that was accepted before it was replaced is still there.
        await archive.PruneAsync(now.AddHours(1), now.AddHours(1), Cancel);
        Assert.Equal(["1"], await KeptAsync("1"));

        await archive.DeleteAsync(new Signet.Archive.MessageFilter { Id = waiting.Id }, Cancel);
        await archive.PruneAsync(now.AddHours(1), now.AddHours(1), Cancel);
        Assert.Empty(await KeptAsync("1"));
    }

    [Fact]
    public async Task A_reset_forgets_what_was_replaced()
    {
        await Policies.PutAsync(Arn, Name, "1", Cancel);
        await Policies.DeleteAsync(Arn, Name, Cancel);

        await new SqlMessageArchive(Database).ResetAsync(Arn.Owner.Account, Cancel);

        Assert.Empty(await KeptAsync("1"));
    }

    private async Task<IEnumerable<string>> KeptAsync(params string[] documents) =>
        (await Policies.FindReplacedAsync(Arn.Owner.Account, [.. documents.Select(PolicyVersion.Of)], Cancel)).Values.Order();
}
