using Signet.Names;
using Signet.Operators;
using Signet.Policies;
using Signet.Sending;
using Signet.Web.Decisions;
using Signet.Web.Shell;

namespace Signet.Web.Tests.Decisions;

public sealed class SimulatorTests
{
    private const string Owner = "arn:aws:ses:us-east-1:111122223333:identity/shop.test";
    private const string Policy = $$$"""{"Statement":{"Effect":"Allow","Principal":"*","Action":"ses:*","Resource":"{{{Owner}}}"}}""";

    private static readonly Simulation Asked = new() { Principal = "444455556666", Source = "news@shop.test", SourceArn = Owner };

    private readonly List<PolicyTrial?> tried = [];

    [Fact]
    public async Task A_viewer_of_one_account_asks_as_principals_of_that_account_only()
    {
        var answer = await AskAsync("111122223333", Asked);

        Assert.Equal("the principal `arn:aws:iam::444455556666:root` is not of account 111122223333", answer.Problem);
        Assert.Empty(tried);
        Assert.NotNull((await AskAsync("444455556666", Asked)).Decision);
        Assert.NotNull((await AskAsync(null, Asked)).Decision);
    }

    [Fact]
    public async Task A_viewer_of_one_account_tries_no_policy_on_anothers_identity()
    {
        var answer = await AskAsync("444455556666", Asked with { Identity = Owner, Policy = "p", PolicyText = Policy });

        Assert.Equal($"only the owner of {Owner} may change its policies", answer.PolicyProblem);
        Assert.Empty(tried);
    }

    [Fact]
    public async Task What_a_viewer_of_one_account_gets_is_what_they_may_read()
    {
        var check = Assert.Single((await AskAsync("444455556666", Asked)).Decision!.Checks);

        Assert.Null(check.OwnerPolicies);
        Assert.NotNull(Assert.Single((await AskAsync(null, Asked)).Decision!.Checks).OwnerPolicies);
    }

    [Fact]
    public async Task The_text_is_asked_as_the_policy_of_that_name()
    {
        await AskAsync(null, Asked with { Identity = Owner, Policy = "p", PolicyText = Policy });

        var trial = Assert.Single(tried)!;
        Assert.Equal(("p", Owner), (trial.Name.Value, $"{trial.Identity}"));
    }

    [Theory]
    [InlineData("p", "{", "The policy is not JSON: line 1, position 2 is not understood.")]
    [InlineData("a b", Policy, "`a b` is not a policy's name: 1 to 64 letters, digits, `-` and `_` are")]
    public async Task A_policy_that_cannot_be_read_is_answered_in_words(string name, string text, string problem) =>
        Assert.Equal(problem, (await AskAsync(null, Asked with { Identity = Owner, Policy = name, PolicyText = text })).PolicyProblem);

    [Fact]
    public async Task A_word_that_cannot_be_read_is_answered_in_words() =>
        Assert.Equal("the source IP `here` is not an IP address", (await AskAsync(null, Asked with { SourceIp = "here" })).Problem);

    private Task<SimulatorAnswer> AskAsync(string? account, Simulation simulation) =>
        new Simulator(new Viewer("v", OperatorRole.Administer, account is null ? null : AccountId.Parse(account)), DecideWithAsync, RegionSet.Aws, TimeProvider.System)
            .AskAsync(simulation, TestContext.Current.CancellationToken);

    private Task<SendDecision> DecideWithAsync(SendAttempt attempt, PolicyTrial? trial, CancellationToken cancel)
    {
        tried.Add(trial);
        return Task.FromResult(new SendDecision(
            true, "because", attempt.Caller.Principal.Arn, attempt.Action, "us-east-1",
            [
                new AddressCheck(
                    AddressRole.Source, "news@shop.test", CheckOutcome.Allowed, "because", Owner, "SourceArn",
                    new Decision(DecisionOutcome.Allow, []), null, null),
            ]));
    }
}
