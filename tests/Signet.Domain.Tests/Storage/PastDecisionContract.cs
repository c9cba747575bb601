using Signet.Accounts;
using Signet.Names;
using Signet.Policies;
using Signet.Queue;
using Signet.Sending;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

/// <summary>Stored decisions are explained in full, even after their policies were replaced or deleted.</summary>
public abstract class PastDecisionContract(TestStore store) : StoreContract(store)
{
    private static readonly IdentityArn Identity = IdentityArn.Parse("arn:aws:ses:us-east-1:111122223333:identity/example.com");
    private static readonly Principal Caller = new(OtherAccount.Account, "mailer");
    private static readonly PolicyName Allowing = PolicyName.Parse("allowing");
    private static readonly PolicyName Other = PolicyName.Parse("other");

    private readonly PolicyLibrary _library = new();

    private SqlPolicyStore Policies => new(Database);

    private SqlAccountStore Accounts => new(Database);

    private PastDecisions Past => new(Policies, new AccountRegistry(Accounts, AccountRules.Dev, TimeProvider.System), new PolicyLibrary());

    [Fact]
    public async Task All_of_a_messages_decision_is_told_when_its_policies_are_replaced_and_deleted()
    {
        var message = await EnqueueAsync();
        var made = DecisionJson.Write(message.Decision, BoundedDecision.Shown);
        Assert.Equal(made, await ToldAsync(message));

        await Policies.PutAsync(Identity, Allowing, Policy("Deny", "nobody@example.com"), Cancel);
        await Policies.DeleteAsync(Identity, Other, Cancel);
        await Accounts.PutUserPolicyAsync(Caller.Account, Caller.UserName!, new NamedPolicy(Allowing, "{}"), Cancel);
        Assert.Equal(made, await ToldAsync(message));

        await new SqlIdentityStore(Database).DeleteAsync(Identity, Cancel);
        Assert.Equal(made, await ToldAsync(message));
    }

    [Fact]
    public async Task Versions_that_are_gone_are_named_and_the_statement_that_decided_stays()
    {
        var message = await EnqueueAsync();
        await Policies.DeleteAsync(Identity, Allowing, Cancel);
        await ExecuteAsync("DELETE FROM policy_version");

        var found = (await new SqlMessageArchive(Database).GetAsync(message.Id, Cancel))!;
        var owner = (await Past.ExplainAsync(found.Decision, Cancel)).Checks[0].OwnerPolicies!;

        Assert.Equal(["allowing"], owner.Missing!);
        Assert.Equal(["allowing", "other", "other"], owner.Statements.Select(s => s.Policy));
        Assert.Equal(("allowing", 1), (owner.Decisive!.Policy, owner.LeftOut));
        Assert.True(Assert.Single(owner.Decisive.Conditions).Holds);
    }

    [Fact]
    public async Task All_of_a_refusals_decision_is_told_when_its_policies_are_replaced()
    {
        var decision = await DecideAsync(["to@example.com", "two@example.com"]) with { Allowed = false };
        var refusal = new RefusedRequest(
            Guid.CreateVersion7(Noon), Noon.AddSeconds(2), OtherAccount, true, Caller.Arn, "ses:SendEmail", "MessageRejected", 400, "no",
            ["To <to@example.com>", "two@example.com"], decision);
        var history = new SqlSendingHistory(Database);
        await history.RecordRefusalAsync(refusal, Cancel);
        await Policies.DeleteAsync(Identity, Allowing, Cancel);

        var found = (await history.FindRefusalAsync(refusal.Id, Cancel))!;

        var made = DecisionJson.Write(decision);
        Assert.Equal(made, DecisionJson.Write(await Past.ExplainAsync(found.Decision!, Cancel)));
        Assert.Equal(made, DecisionJson.Write((await Past.ExplainAsync([found], Cancel))[0].Decision!));
        Assert.Equal(["allowing"], found.Decision!.Checks[0].OwnerPolicies!.Statements.Select(s => s.Policy));
    }

    [Fact]
    public async Task What_an_earlier_version_stored_is_told_as_it_stands()
    {
        var message = await EnqueueAsync();
        var whole = DecisionJson.Write(message.Decision);
        await ExecuteAsync(
            "UPDATE message SET decision = @decision WHERE id = @id", ("decision", StorageJson.Versioned(whole)), ("id", message.Id.Value));
        await new SqlMessageArchive(Database).ResetAsync(Identity.Owner.Account, Cancel);

        Assert.Equal(whole, await ToldAsync(message));
    }

    private async Task<string> ToldAsync(NewMessage message)
    {
        var found = (await new SqlMessageArchive(Database).GetAsync(message.Id, Cancel))!;
        return DecisionJson.Write(await Past.ExplainAsync(found.Decision, Cancel), BoundedDecision.Shown);
    }

    private async Task<NewMessage> EnqueueAsync()
    {
        // One of them twice, as it may stand in To and in Cc.
        var decision = await DecideAsync(["to@example.com", "two@example.com", "to@example.com"]);
        var message = Message(Noon, OtherAccount, "to", "two") with { Decision = decision };
        Assert.Equal(EnqueueResult.Stored, await new SqlMessageQueue(Database).EnqueueAsync(message, null, null, Cancel));
        return message;
    }

    private async Task<SendDecision> DecideAsync(string[] recipients)
    {
        await Policies.PutAsync(Identity, Allowing, Policy("Allow", "*@example.com"), Cancel);
        await Policies.PutAsync(Identity, Other, Policy("Deny", "nobody@*"), Cancel);
        var own = new NamedPolicy(Allowing, FirstUserPolicy.FullAccess);
        await Accounts.AddUserAsync(new User(Caller.Account, Caller.UserName!, Noon), [own], Cancel);
        var request = new PolicyRequest
        {
            Principal = Caller,
            Action = "ses:SendEmail",
            Resource = Identity.ToString(),
            Time = Noon,
            FromAddress = Address("sender"),
            FromDisplayName = "S\u00f8ren",
            FeedbackAddress = Address("feedback"),
            SourceIp = System.Net.IPAddress.Parse("192.0.2.1"),
            UserAgent = "client/1.0",
            ApiVersion = "1",
            SecureTransport = true,
            Recipients = [.. recipients.Select(Signet.Addresses.EmailAddress.Parse)],
        };
        var owner = PolicyEvaluator.Evaluate(_library.ForIdentity(Identity, await Policies.ListAsync(Identity, Cancel)), request);
        var caller = PolicyEvaluator.Evaluate(_library.ForUser([own]), request);
        return new SendDecision(
            true, "a policy allows it", Caller.Arn, "ses:SendEmail", "us-east-1",
            [
                new AddressCheck(
                    AddressRole.Source, "S\u00f8ren <sender@example.com>", CheckOutcome.Allowed, "a policy allows it", Identity.ToString(), "SourceArn",
                    owner, null, caller),
            ]);
    }

    private static string Policy(string effect, string from) =>
        $$"""
        {"Version":"2012-10-17","Statement":[{"Effect":"{{effect}}","Principal":"*","Action":"ses:*","Resource":"{{Identity}}","Condition":{"StringLike":{"ses:FromAddress":"{{from}}"} } },{"Effect":"Deny","Principal":{"AWS":"999999999999"},"Action":"ses:*","Resource":"{{Identity}}"}]}
        """;
}
