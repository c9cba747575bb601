using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Signet.Policies;
using Signet.Queue;
using Signet.Sending;

namespace Signet.Tests.Sending;

public sealed class PastDecisionsTests(ITestOutputHelper output)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_is_told_of_a_raw_message_with_several_senders_and_recipients_named_twice()
    {
        var door = await Door.OpenAsync();
        await door.VerifyAsync(Door.Owner, "info@shop.test");
        await door.PutPolicyAsync(Door.Domain, """{"Effect":"Allow","Principal":"*","Action":"ses:*","Resource":"D","Condition":{"StringLikeIfExists":{"ses:Recipients":"*@client.test","ses:FromDisplayName":"*"} } }""");
        await door.PutPolicyAsync(Door.Domain, """{"Effect":"Deny","Principal":"*","Action":"ses:*","Resource":"D","Condition":{"StringEquals":{"ses:FromAddress":"nobody@shop.test"} } }""", "q");
        await door.PutPolicyAsync(Door.Address, """{"Effect":"Deny","Principal":"*","Action":"ses:SendBounce","Resource":"D"}""");
        await door.AddUserAsync(Door.Delegate, "mailer", """{"Effect":"Allow","Action":"ses:*","Resource":"*"}""");
        const string message =
            """
            From: "News, \"the\" sender" <news@shop.test>, info@shop.test
            Sender: Info <info@shop.test>
            To: A <a@client.test>
            Cc: b@client.test, a@client.test

            x

            """;
        var caller = Door.User(Door.Delegate, "mailer") with { UserAgent = "client/1.0" };
        var stored = await door.StoredAsync(Door.Raw(message, caller) with { SourceArn = new ArnText($"{Door.Domain}") });
        var made = DecisionJson.Write(stored.Decision, BoundedDecision.Shown);
        Assert.Equal(made, await ToldAsync(door, stored));

        await door.PutPolicyAsync(Door.Domain, """{"Effect":"Deny","Principal":"*","Action":"ses:*","Resource":"D"}""");
        await door.Policies.DeleteAsync(Door.Domain, PolicyNameOf("q"), Cancel);
        await door.Policies.DeleteAsync(Door.Address, PolicyNameOf("p"), Cancel);

        Assert.Equal(made, await ToldAsync(door, stored));
        Assert.Contains("AddressPolicies\":{", made, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_decision_of_twenty_long_policies_is_stored_short_and_told_whole()
    {
        var door = await Door.OpenAsync();
        for (var n = 0; n < IPolicyStore.MaxPerIdentity; n++)
        {
            await door.PutPolicyAsync(Door.Domain, LongPolicy(n, allows: n == IPolicyStore.MaxPerIdentity - 1), $"policy-{n:00}");
        }

        var stored = await door.StoredAsync(
            Door.Parts(Door.Root(Door.Delegate) with { UserAgent = "aws-sdk/1.2.3 ua/2.0 os/linux" }) with { SourceArn = new ArnText($"{Door.Domain}") });

        var brief = Store(stored).Length;
        var whole = DecisionJson.Write(stored.Decision, int.MaxValue).Length;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"20 policies of 4 KB: {brief} bytes; bounded before {DecisionJson.Write(stored.Decision).Length}, whole {whole}"));
        Assert.InRange(brief, 1, 1_500);
        await door.PutPolicyAsync(Door.Domain, LongPolicy(50, allows: false), "policy-19");
        Assert.Equal(DecisionJson.Write(stored.Decision, BoundedDecision.Shown), await ToldAsync(door, stored));
    }

    [Fact]
    public async Task A_decision_of_one_short_policy_is_stored_short()
    {
        var door = await Door.OpenAsync();
        await door.PutPolicyAsync(Door.Domain, """{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"ses:*","Resource":"D","Condition":{"StringLike":{"ses:FromAddress":"*@shop.test"} } }""");

        var stored = await door.StoredAsync(Door.Parts(Door.Root(Door.Delegate)) with { SourceArn = new ArnText($"{Door.Domain}") });
        var own = await door.StoredAsync(Door.Parts());

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"1 policy: {Store(stored).Length} bytes, before {DecisionJson.Write(stored.Decision).Length}; own identity with a policy: {Store(own).Length}, before {DecisionJson.Write(own.Decision).Length}"));
        output.WriteLine(Store(stored));
        Assert.InRange(Store(stored).Length, 1, 1_000);
    }

    [Fact]
    public async Task Fifty_long_recipients_are_not_stored_again()
    {
        var door = await Door.OpenAsync();
        await door.PutPolicyAsync(Door.Domain, """{"Effect":"Allow","Principal":"*","Action":"ses:*","Resource":"D","Condition":{"ForAllValues:StringLike":{"ses:Recipients":"*@client.test"} } }""");
        var to = string.Join(",\n ", Enumerable.Range(10, 50).Select(i => $"{new string('r', 300)}{i}@client.test"));

        var stored = await door.StoredAsync(
            Door.Raw($"From: news@shop.test\nTo: {to}\n\nx\n", Door.Root(Door.Delegate)) with { SourceArn = new ArnText($"{Door.Domain}") });

        Assert.InRange(Store(stored).Length, 1, 2_500);
        Assert.Equal(DecisionJson.Write(stored.Decision, BoundedDecision.Shown), await ToldAsync(door, stored));
    }

    [Fact]
    public async Task A_refusal_that_nothing_decided_stores_no_statement_and_is_told_whole()
    {
        var door = await Door.OpenAsync();
        for (var n = 0; n < IPolicyStore.MaxPerIdentity; n++)
        {
            await door.PutPolicyAsync(Door.Domain, LongPolicy(n, allows: false), $"policy-{n:00}");
        }

        await door.RefusalOfAsync(Door.Parts(Door.Root(Door.Delegate)) with { SourceArn = new ArnText($"{Door.Domain}") });

        var refusal = Assert.Single(door.History.Refusals);
        var facts = new SendFacts(refusal.Caller, refusal.Action, "us-east-1", refusal.At, null, null, refusal.Recipients);
        var json = DecisionJson.Store(refusal.Decision!, facts);
        Assert.InRange(json.Length, 1, 1_500);
        var read = DecisionJson.Read(json, wasAllowed: false, facts);
        Assert.Empty(read.Checks[0].OwnerPolicies!.Statements);
        Assert.Equal(
            DecisionJson.Write(refusal.Decision!, BoundedDecision.Shown), DecisionJson.Write(await door.Past.ExplainAsync(read, Cancel), BoundedDecision.Shown));
        Assert.InRange(
            DecisionJson.Write((await door.Past.ExplainAsync([refusal with { Decision = read }], Cancel))[0].Decision!).Length, 10_000, BoundedDecision.Kept);
    }

    [Fact]
    public async Task A_stored_decision_may_be_written_with_other_white_space()
    {
        var door = await Door.OpenAsync();
        await door.PutPolicyAsync(Door.Domain, """[{"Effect":"Allow","Principal":"*","Action":"ses:*","Resource":"D"},{"Effect":"Deny","Principal":"*","Action":"ses:SendBounce","Resource":"D"}]""");
        var stored = await door.StoredAsync(Door.Parts(Door.Root(Door.Delegate)) with { SourceArn = new ArnText($"{Door.Domain}") });
        var indented = JsonNode.Parse(Store(stored))!.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

        var read = DecisionJson.Read(indented, wasAllowed: true, Facts(stored));

        Assert.Equal(
            DecisionJson.Write(stored.Decision, BoundedDecision.Shown), DecisionJson.Write(await door.Past.ExplainAsync(read, Cancel), BoundedDecision.Shown));
    }

    [Fact]
    public async Task The_statement_that_decided_keeps_its_short_conditions_beside_one_with_many_recipients()
    {
        var door = await Door.OpenAsync();
        await door.PutPolicyAsync(Door.Domain, """{"Effect":"Allow","Principal":"*","Action":"ses:*","Resource":"D","Condition":{"ForAllValues:StringLike":{"ses:Recipients":"*@client.test"},"StringEquals":{"ses:FromAddress":"news@shop.test"} } }""");
        var to = string.Join(",\n ", Enumerable.Range(10, 45).Select(i => $"{new string('r', 300)}{i}@client.test"));
        var stored = await door.StoredAsync(
            Door.Raw($"From: news@shop.test\nTo: {to}\n\nx\n", Door.Root(Door.Delegate)) with { SourceArn = new ArnText($"{Door.Domain}") });

        var statement = Assert.Single(Read(stored).Checks[0].OwnerPolicies!.Statements);

        Assert.Equal("ses:FromAddress", Assert.Single(statement.Conditions).Key);
        Assert.Equal(1, statement.ConditionsLeftOut);
    }

    [Fact]
    public async Task A_version_that_is_no_longer_stored_is_named()
    {
        var door = await Door.OpenAsync();
        await door.PutPolicyAsync(Door.Domain, """{"Effect":"Allow","Principal":"*","Action":"ses:*","Resource":"D"}""");
        await door.PutPolicyAsync(Door.Domain, """{"Effect":"Allow","Principal":"*","Action":"ses:SendBounce","Resource":"D"}""", "q");
        var stored = await door.StoredAsync(Door.Parts(Door.Root(Door.Delegate)) with { SourceArn = new ArnText($"{Door.Domain}") });
        await door.Policies.DeleteAsync(Door.Domain, PolicyNameOf("p"), Cancel);
        await door.Policies.DeleteAsync(Door.Domain, PolicyNameOf("q"), Cancel);
        door.Policies.Forget();

        var told = (await door.Past.ExplainAsync(Read(stored), Cancel)).Checks[0].OwnerPolicies!;

        Assert.Equal(["p", "q"], told.Missing!);
        Assert.Equal(("p", 1), (Assert.Single(told.Statements).Policy, told.LeftOut));
        Assert.Contains("\"missing\":[\"p\",\"q\"]", DecisionJson.Write(await door.Past.ExplainAsync(Read(stored), Cancel)), StringComparison.Ordinal);
    }

    private static async Task<string> ToldAsync(Door door, NewMessage stored) =>
        DecisionJson.Write(await door.Past.ExplainAsync(Read(stored), Cancel), BoundedDecision.Shown);

    private static SendDecision Read(NewMessage stored) => DecisionJson.Read(Store(stored), wasAllowed: true, Facts(stored));

    private static string Store(NewMessage stored) => DecisionJson.Store(stored.Decision, Facts(stored));

    private static SendFacts Facts(NewMessage stored) =>
        new(
            stored.Principal, $"ses:{stored.Operation}", stored.Owner!.Value.Region.Value, stored.AcceptedAt, stored.SourceIp, $"{stored.BounceAddress}",
            [.. stored.Recipients.Select(r => r.ToString())]);

    private static PolicyName PolicyNameOf(string name) => PolicyName.Parse(name);

    // As long as a policy may be; of one that allows, the first statement applies.
    private static string LongPolicy(int number, bool allows)
    {
        var statements = new StringBuilder("[");
        for (var n = 0; ; n++)
        {
            var from = n == 0 && allows ? "*@shop.test" : $"no-{number}-{n}-*@shop.test";
            var next =
                $$$"""
                {"Sid":"s{{{n}}}","Effect":"Allow","Principal":{"AWS":["444455556666","777788889999"]},"Action":"ses:Send*","Resource":"D","Condition":{"StringLike":{"ses:FromAddress":["{{{from}}}","never-{{{number}}}@shop.test"] } } }
                """;
            if (statements.Length + next.Length + (60 * (n + 1)) > PolicyDocument.MaxIdentityPolicyBytes)
            {
                break;
            }

            statements.Append(n == 0 ? "" : ",").Append(next);
        }

        return statements.Append(']').ToString();
    }
}
