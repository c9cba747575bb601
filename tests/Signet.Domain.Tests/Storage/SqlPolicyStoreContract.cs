using Signet.Accounts;
using Signet.Policies;
using Signet.Storage;

namespace Signet.Tests.Storage;

public abstract class SqlPolicyStoreContract(TestStore store) : PolicyStoreContract(store)
{
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
                .. all.Take(IPolicyStore.MaxReplaced).Select((document, n) => new SqlStatement(
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
}
