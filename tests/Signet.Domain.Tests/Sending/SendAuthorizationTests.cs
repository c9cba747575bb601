using Signet.Accounts;
using Signet.Identities;
using Signet.Names;
using Signet.Policies;
using Signet.Sending;

namespace Signet.Tests.Sending;

/// <summary>
/// Worked examples of sending authorization, and what else the sources say
/// of it. Those that one policy decides alone are cases of the evaluator.
/// </summary>
public sealed class SendAuthorizationTests
{
    private const string AllowDelegate = """{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"ses:SendEmail","Resource":"D"}""";
    private const string DenyDelegate = """{"Effect":"Deny","Principal":{"AWS":"444455556666"},"Action":"ses:*","Resource":"D"}""";
    private const string AllowAll = """{"Effect":"Allow","Action":"ses:*","Resource":"*"}""";

    [Fact]
    public async Task An_owner_needs_no_policy()
    {
        var door = await Door.OpenAsync();

        var decision = await door.DecideAsync(Door.Attempt(caller: Door.Root(Door.Owner)) with { SourceArn = null });

        Assert.True(decision.Allowed);
        Assert.Equal("arn:aws:ses:us-east-1:111122223333:identity/shop.test", decision.Checks[0].Identity);
    }

    [Fact]
    public async Task Example_1_a_grant_to_an_account_covers_its_root_its_users_and_nobody_else()
    {
        var door = await Door.OpenAsync();
        await door.PutPolicyAsync(Door.Domain, AllowDelegate);
        await door.AddUserAsync(Door.Delegate, "mailer", AllowAll);

        Assert.True((await door.DecideAsync(Door.Attempt())).Allowed);
        Assert.True((await door.DecideAsync(Door.Attempt(caller: Door.User(Door.Delegate, "mailer")))).Allowed);
        Assert.False((await door.DecideAsync(Door.Attempt(caller: Door.Root(Door.Stranger)))).Allowed);
        Assert.False((await door.DecideAsync(Door.Attempt() with { Action = "ses:SendRawEmail" })).Allowed);
    }

    [Fact]
    public async Task Example_2_without_an_arn_only_the_callers_own_identities_count()
    {
        var door = await Door.OpenAsync();
        await door.PutPolicyAsync(Door.Domain, AllowDelegate);

        var decision = await door.DecideAsync(Door.Attempt() with { SourceArn = null });

        Assert.Equal(CheckOutcome.NotVerified, Assert.Single(decision.Checks).Outcome);
    }

    [Fact]
    public async Task Example_4_a_delegates_user_needs_both_yeses()
    {
        var door = await Door.OpenAsync();
        await door.PutPolicyAsync(Door.Domain, AllowDelegate);
        await door.AddUserAsync(Door.Delegate, "mailer", """{"Effect":"Allow","Action":"ses:GetSendQuota","Resource":"*"}""");

        var decision = await door.DecideAsync(Door.Attempt(caller: Door.User(Door.Delegate, "mailer")));

        Assert.Equal(CheckOutcome.AccessDenied, Assert.Single(decision.Checks).Outcome);
        Assert.Contains("user policies", decision.Reason, StringComparison.Ordinal);
        Assert.Equal(DecisionOutcome.Allow, decision.Checks[0].OwnerPolicies!.Outcome);
        Assert.Equal(DecisionOutcome.NoMatch, decision.Checks[0].CallerPolicies!.Outcome);
    }

    [Fact]
    public async Task A_user_that_does_not_exist_may_do_nothing()
    {
        var door = await Door.OpenAsync();

        var decision = await door.DecideAsync(Door.Attempt(caller: Door.User(Door.Owner, "ghost")) with { SourceArn = null });

        Assert.False(decision.Allowed);
    }

    [Theory]
    [InlineData("bounces@shop.test", true)]
    [InlineData("me@mine.test", false)]
    [InlineData(null, false)]
    public async Task Example_11_the_feedback_address_is_where_feedback_would_go(string? returnPath, bool allowed)
    {
        var door = await Door.OpenAsync();
        await door.VerifyAsync(Door.Delegate, "mine.test");
        await door.PutPolicyAsync(
            Door.Domain, AllowDelegate[..^1] + ""","Condition":{"StringEquals":{"ses:FeedbackAddress":"bounces@shop.test"}}}""");

        var decision = await door.DecideAsync(Door.Attempt() with
        {
            ReturnPath = returnPath is null ? null : Door.Mailbox(returnPath),
        });

        Assert.Equal(allowed, decision.Allowed);
    }

    [Fact]
    public async Task Example_15_a_deny_on_the_address_identity_counts_whichever_arn_is_passed()
    {
        var door = await Door.OpenAsync();
        await door.VerifyAsync(Door.Owner, "info@shop.test");
        await door.PutPolicyAsync(Door.Domain, AllowDelegate);
        await door.PutPolicyAsync(Door.Address, DenyDelegate);

        var byAddress = await door.DecideAsync(Door.Attempt("info@shop.test", Door.Address));
        var byDomain = await door.DecideAsync(Door.Attempt("info@shop.test"));
        var other = await door.DecideAsync(Door.Attempt());

        Assert.False(byAddress.Allowed);
        Assert.False(byDomain.Allowed);
        Assert.Equal(DecisionOutcome.Deny, byDomain.Checks[0].AddressPolicies!.Outcome);
        Assert.True(other.Allowed);
    }

    [Fact]
    public async Task A_label_does_not_get_round_the_deny_on_its_address()
    {
        var door = await Door.OpenAsync();
        await door.VerifyAsync(Door.Owner, "info@shop.test");
        await door.PutPolicyAsync(Door.Domain, AllowDelegate);
        await door.PutPolicyAsync(Door.Address, DenyDelegate);

        Assert.False((await door.DecideAsync(Door.Attempt("info+x@shop.test"))).Allowed);
    }

    [Theory]
    [InlineData(VerificationStatus.Pending)]
    [InlineData(VerificationStatus.Failed)]
    public async Task The_deny_on_an_address_counts_while_the_address_is_not_verified(VerificationStatus status)
    {
        var door = await Door.OpenAsync();
        await door.VerifyAsync(Door.Owner, "info@shop.test");
        await door.PutPolicyAsync(Door.Domain, AllowDelegate);
        await door.PutPolicyAsync(Door.Address, DenyDelegate);
        await door.SetStatusAsync(Door.Address, status);

        Assert.False((await door.DecideAsync(Door.Attempt("info@shop.test"))).Allowed);
    }

    [Fact]
    public async Task The_deny_on_the_address_counts_when_the_labelled_address_has_an_identity_too()
    {
        var door = await Door.OpenAsync();
        await door.VerifyAsync(Door.Owner, "info@shop.test");
        await door.VerifyAsync(Door.Owner, "info+x@shop.test");
        await door.PutPolicyAsync(Door.Domain, AllowDelegate);
        await door.PutPolicyAsync(Door.Address, DenyDelegate);

        Assert.False((await door.DecideAsync(Door.Attempt("info+x@shop.test"))).Allowed);
        Assert.False((await door.DecideAsync(Door.Attempt("info+x@shop.test", Door.Arn("info+x@shop.test")))).Allowed);
    }

    [Fact]
    public async Task The_deny_on_the_labelled_address_counts_when_the_address_is_named()
    {
        var door = await Door.OpenAsync();
        await door.VerifyAsync(Door.Owner, "info@shop.test");
        await door.VerifyAsync(Door.Owner, "info+x@shop.test");
        await door.PutPolicyAsync(Door.Address, AllowDelegate);
        await door.PutPolicyAsync(Door.Arn("info+x@shop.test"), DenyDelegate);

        Assert.False((await door.DecideAsync(Door.Attempt("info+x@shop.test", Door.Address))).Allowed);
        Assert.True((await door.DecideAsync(Door.Attempt("info@shop.test", Door.Address))).Allowed);
    }

    [Theory]
    [InlineData("\"info\"@shop.test")]
    [InlineData("\"in\\fo\"@shop.test")]
    [InlineData("\"info+x\"@shop.test")]
    [InlineData("info(comment)@shop.test")]
    [InlineData("Info <\"info\"@SHOP.test>")]
    public async Task Quotes_do_not_get_round_the_deny_on_an_address(string source)
    {
        var door = await Door.OpenAsync();
        await door.VerifyAsync(Door.Owner, "info@shop.test");
        await door.PutPolicyAsync(Door.Domain, AllowDelegate);
        await door.PutPolicyAsync(Door.Address, DenyDelegate);

        Assert.False((await door.DecideAsync(Door.Attempt(source))).Allowed);
        Assert.False((await door.DecideAsync(Door.Attempt() with { From = [Door.Mailbox(source)] })).Allowed);
    }

    [Fact]
    public async Task A_verified_address_may_be_written_with_quotes()
    {
        var door = await Door.OpenAsync();
        await door.VerifyAsync(Door.Delegate, "\"info\"@mine.test");

        var attempt = Door.Attempt("info@mine.test") with { SourceArn = null };

        Assert.True((await door.DecideAsync(attempt)).Allowed);
        Assert.True((await door.DecideAsync(attempt with { Source = Door.Mailbox("\"info\"@mine.test") })).Allowed);
    }

    [Fact]
    public async Task Example_16_an_allow_on_the_address_identity_counts_when_its_arn_is_passed()
    {
        var door = await Door.OpenAsync();
        await door.VerifyAsync(Door.Owner, "info@shop.test");
        await door.PutPolicyAsync(Door.Domain, DenyDelegate);
        await door.PutPolicyAsync(Door.Address, AllowDelegate);

        Assert.True((await door.DecideAsync(Door.Attempt("info@shop.test", Door.Address))).Allowed);
        Assert.False((await door.DecideAsync(Door.Attempt())).Allowed);
        Assert.False((await door.DecideAsync(Door.Attempt("info@shop.test"))).Allowed);
    }

    [Fact]
    public async Task Example_19_a_source_outside_the_identity_is_not_verified()
    {
        var door = await Door.OpenAsync();
        await door.PutPolicyAsync(Door.Domain, AllowDelegate);

        var decision = await door.DecideAsync(Door.Attempt("x@elsewhere.test"));

        Assert.Equal(CheckOutcome.NotVerified, Assert.Single(decision.Checks).Outcome);
        Assert.Equal("SourceArn names `shop.test`, which does not cover `x@elsewhere.test`.", decision.Reason);
    }

    [Fact]
    public async Task An_identity_that_is_unknown_or_of_another_region_is_not_verified()
    {
        var door = await Door.OpenAsync();
        var elsewhere = new IdentityArn(new(Door.Owner.Account, Region.Parse("eu-west-1")), Door.Domain.Name);

        var unknown = await door.DecideAsync(Door.Attempt("a@nobody.test", Door.Arn("nobody.test")));
        var region = await door.DecideAsync(Door.Attempt(arn: elsewhere));

        Assert.Equal(CheckOutcome.NotVerified, unknown.Checks[0].Outcome);
        Assert.Contains("does not exist", unknown.Reason, StringComparison.Ordinal);
        Assert.Contains("region eu-west-1", region.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deny_for_everybody_stops_the_owner_too()
    {
        var door = await Door.OpenAsync();
        await door.PutPolicyAsync(Door.Domain, """{"Effect":"Deny","Principal":"*","Action":"ses:*","Resource":"D"}""");

        Assert.False((await door.DecideAsync(Door.Attempt(caller: Door.Root(Door.Owner)) with { SourceArn = null })).Allowed);
    }

    [Fact]
    public async Task The_source_arn_stands_for_from_and_return_path_where_it_covers_them()
    {
        var door = await Door.OpenAsync();
        await door.PutPolicyAsync(Door.Domain, AllowDelegate);

        var decision = await door.DecideAsync(Door.Attempt() with
        {
            From = [Door.Mailbox("Sale <sale@shop.test>")],
            ReturnPath = Door.Mailbox("bounces@mail.shop.test"),
        });

        Assert.True(decision.Allowed);
        Assert.Equal([AddressRole.Source, AddressRole.From, AddressRole.ReturnPath], decision.Checks.Select(c => c.Role));
        Assert.All(decision.Checks, c => Assert.Equal("SourceArn", c.NamedBy));
    }

    [Theory]
    [InlineData("SourceArn")]
    [InlineData("FromArn")]
    public async Task Where_only_the_header_tells_the_sender_either_arn_is_enough(string named)
    {
        var door = await Door.OpenAsync();
        await door.PutPolicyAsync(Door.Domain, AllowDelegate);
        var arn = new NamedArn(named, Door.Domain);

        var decision = await door.DecideAsync(Door.Attempt() with
        {
            Source = null,
            From = [Door.Mailbox("sale@shop.test")],
            SourceArn = named == "SourceArn" ? arn : null,
            FromArn = named == "FromArn" ? arn : null,
        });

        Assert.True(decision.Allowed);
        Assert.All(decision.Checks, c => Assert.Equal(named, c.NamedBy));
    }

    [Fact]
    public async Task A_source_is_not_covered_by_the_arn_of_from()
    {
        var door = await Door.OpenAsync();
        await door.PutPolicyAsync(Door.Domain, AllowDelegate);

        var decision = await door.DecideAsync(Door.Attempt() with
        {
            From = [Door.Mailbox("sale@shop.test")],
            SourceArn = null,
            FromArn = new NamedArn("FromArn", Door.Domain),
        });

        Assert.Equal([CheckOutcome.NotVerified, CheckOutcome.Allowed], decision.Checks.Select(c => c.Outcome));
        Assert.EndsWith("and no ARN names an identity of another account for it: give SourceArn.", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_names_the_parameters_that_could_name_an_identity()
    {
        var door = await Door.OpenAsync();
        await door.PutPolicyAsync(Door.Domain, AllowDelegate);

        var none = await door.DecideAsync(Door.Attempt() with { Source = null, From = [Door.Mailbox("sale@shop.test")], SourceArn = null });
        var other = await door.DecideAsync(Door.Attempt() with { ReturnPath = Door.Mailbox("me@mine.test") });

        Assert.EndsWith("and no ARN names an identity of another account for it: give SourceArn or FromArn.", none.Reason, StringComparison.Ordinal);
        Assert.EndsWith("and SourceArn names `shop.test`, which does not cover it: give ReturnPathArn.", other.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_return_path_that_nothing_covers_is_named_in_the_refusal()
    {
        var door = await Door.OpenAsync();
        await door.PutPolicyAsync(Door.Domain, AllowDelegate);

        var decision = await door.DecideAsync(Door.Attempt() with { ReturnPath = Door.Mailbox("me@mine.test") });

        Assert.Equal(
            (AddressRole.ReturnPath, CheckOutcome.NotVerified),
            (decision.Checks[1].Role, decision.Checks[1].Outcome));
    }

    [Fact]
    public async Task A_from_arn_must_allow_the_from_header()
    {
        var door = await Door.OpenAsync();
        await door.VerifyAsync(Door.Owner, "other.test");
        await door.PutPolicyAsync(Door.Domain, AllowDelegate);

        var decision = await door.DecideAsync(Door.Attempt() with
        {
            From = [Door.Mailbox("a@other.test")],
            FromArn = new NamedArn("FromArn", Door.Arn("other.test")),
        });

        Assert.Equal([CheckOutcome.Allowed, CheckOutcome.AccessDenied], decision.Checks.Select(c => c.Outcome));
        Assert.Contains("has no policy", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policies_that_ask_too_much_of_a_send_refuse_it_and_say_so()
    {
        var door = await Door.OpenAsync();
        var values = string.Join(',', Enumerable.Repeat($"\"*?{new string('a', 150)}b*\"", 22));
        await door.PutPolicyAsync(Door.Domain, $$$"""{"Effect":"Deny","Principal":"*","Action":"ses:*","Resource":"D","Condition":{"StringLike":{"ses:Recipients":[{{{values}}}]} } }""");

        var decision = await door.DecideAsync(Door.Attempt(caller: Door.Root(Door.Owner)) with
        {
            SourceArn = null,
            From = [.. Enumerable.Range(0, 10).Select(i => Door.Mailbox($"a{i}@shop.test"))],
            Recipients = [.. Enumerable.Range(0, 50).Select(i => Door.Mailbox($"{new string('a', 300)}{i}@d.test"))],
        });

        Assert.False(decision.Allowed);
        Assert.EndsWith(
            "take more comparisons for this send than one send may take (1000000): fewer policies, values, From addresses or recipients are needed.",
            decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_the_sandbox_recipients_must_be_verified_by_the_caller_or_be_the_simulator()
    {
        var door = await Door.OpenAsync();
        await door.VerifyAsync(Door.Owner, "friend.test");
        await door.VerifyAsync(Door.Owner, "pal@else.test");
        await door.Accounts.ChangeSettingsAsync(
            Door.Owner, _ => AccountSettings.NewSandbox, TestContext.Current.CancellationToken);

        var decision = await door.DecideAsync(Door.Attempt(caller: Door.Root(Door.Owner)) with
        {
            SourceArn = null,
            Recipients =
            [
                Door.Mailbox("a@friend.test"), Door.Mailbox("\"pal\"@else.test"), Door.Mailbox("success@simulator.amazonses.com"),
                Door.Mailbox("Client <c@client.test>"),
            ],
        });

        Assert.Equal(
            [CheckOutcome.Allowed, CheckOutcome.Allowed, CheckOutcome.Allowed, CheckOutcome.Allowed, CheckOutcome.NotVerified],
            decision.Checks.Select(c => c.Outcome));
    }
}
