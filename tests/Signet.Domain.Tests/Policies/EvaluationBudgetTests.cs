using System.Text;
using System.Text.Json;
using Signet.Policies;

namespace Signet.Tests.Policies;

/// <summary>What a decision costs is counted, not timed.</summary>
public sealed class EvaluationBudgetTests
{
    private const string Identity = "arn:aws:ses:us-east-1:111122223333:identity/shop.test";

    [Fact]
    public void A_pattern_with_variables_is_put_together_once_whatever_it_is_held_against()
    {
        var policies = Policies("ses:Recipients", "StringLike", n => $"${{aws:username}}-{n}-${{aws:PrincipalAccount}}*", 8);
        var budget = new EvaluationBudget();

        foreach (var from in new[] { "a@shop.test", "b@shop.test", "c@shop.test" })
        {
            Evaluate(policies, Request(from), budget);
        }

        Assert.Equal(policies.Count * 8, budget.Compilations);
    }

    [Fact]
    public void A_pattern_with_the_senders_address_is_put_together_once_for_each_sender()
    {
        var policies = Policies("ses:Recipients", "StringLike", n => $"${{ses:FromAddress}}{n}*", 8);
        var budget = new EvaluationBudget();

        foreach (var from in new[] { "a@shop.test", "b@shop.test", "c@shop.test" })
        {
            Evaluate(policies, Request(from), budget);
        }

        Assert.Equal(3 * policies.Count * 8, budget.Compilations);
    }

    [Fact]
    public void One_budget_for_several_addresses_gives_each_the_answer_that_it_gets_alone()
    {
        var policies = Policies("ses:FromAddress", "StringEquals", n => n == 0 ? "${ses:FromDisplayName}@shop.test" : $"{n}@shop.test", 2);
        var budget = new EvaluationBudget();

        var answers = new[] { "a", "b", "a" }.Select(name =>
        {
            var request = Request("a@shop.test") with { FromDisplayName = name };
            return (Evaluate(policies, request, budget), Evaluate(policies, request, new EvaluationBudget()));
        });

        Assert.All(answers, a => Assert.Equal(a.Item2, a.Item1));
        Assert.Equal([DecisionOutcome.Deny, DecisionOutcome.NoMatch, DecisionOutcome.Deny], answers.Select(a => a.Item1));
    }

    [Theory]
    [InlineData("StringLike", "*?{150}b*")]
    [InlineData("StringNotLike", "*?{150}b*{10}")]
    [InlineData("StringLike", "?*{1}")]
    [InlineData("StringEqualsIgnoreCase", "{300}")]
    [InlineData("ArnLike", "arn:*:*:*:*:*{1}")]
    [InlineData("BinaryEquals", "YWFh")]
    public void However_much_policies_ask_deciding_ends_with_its_budget(string textOperator, string value)
    {
        var policies = Policies("ses:Recipients", textOperator, _ => Spread(value), int.MaxValue);
        var request = Request("a@shop.test") with
        {
            Recipients = [.. Enumerable.Range(10, 50).Select(i => PolicyCase.Address($"{new string('a', 300)}{i}@d.test"))],
        };
        var budget = new EvaluationBudget();
        var alone = Evaluate(policies, request, budget);

        for (var i = 0; i < 12; i++)
        {
            Evaluate(policies, request with { FromAddress = PolicyCase.Address($"{i}@shop.test") }, budget);
        }

        Assert.NotEqual(DecisionOutcome.Allow, alone);
        Assert.InRange(budget.Steps, 1, EvaluationBudget.StepsPerSend + 100_000);
    }

    [Fact]
    public void Who_asks_too_much_is_told_so_and_allowed_nothing()
    {
        var policies = Policies("ses:Recipients", "StringLike", _ => Spread("*?{150}b*"), int.MaxValue, "Allow");
        var request = Request("a@shop.test") with
        {
            Recipients = [.. Enumerable.Range(10, 50).Select(i => PolicyCase.Address($"{new string('a', 300)}{i}@d.test"))],
        };

        var decision = PolicyEvaluator.Evaluate(policies, request);

        Assert.Equal(DecisionOutcome.TooCostly, decision.Outcome);
        Assert.Null(decision.Decisive);
        Assert.Equal((0, policies.Count), (decision.Statements.Count, decision.LeftOut));
    }

    [Fact]
    public void Twenty_policies_full_of_addresses_and_fifty_recipients_are_well_within_the_budget()
    {
        var policies = Policies("ses:Recipients", "StringLike", n => $"*@client-domain-{n}.test", int.MaxValue);
        var budget = new EvaluationBudget();

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(DecisionOutcome.NoMatch, Evaluate(policies, Request($"news{i}@shop.test"), budget));
        }

        Assert.InRange(budget.Steps, 100_000, EvaluationBudget.StepsPerSend);
    }

    [Fact]
    public void A_user_agent_counts_as_far_as_its_first_1024_characters()
    {
        var agent = new string('a', 1_024);
        var policy = Policies("aws:UserAgent", "StringLike", _ => "*a", 1);

        Assert.Equal(DecisionOutcome.Deny, Evaluate(policy, Request("a@shop.test") with { UserAgent = agent + "b" }, new EvaluationBudget()));
        Assert.Equal(DecisionOutcome.NoMatch, Evaluate(policy, Request("a@shop.test") with { UserAgent = agent[1..] + "b" }, new EvaluationBudget()));
    }

    private static DecisionOutcome Evaluate(
        IReadOnlyList<(string, PolicyDocument)> policies, PolicyRequest request, EvaluationBudget budget) =>
        PolicyEvaluator.Evaluate(policies, request, budget).Outcome;

    private static PolicyRequest Request(string from) => PolicyCase.Request(JsonDocument.Parse("{}").RootElement) with
    {
        FromAddress = PolicyCase.Address(from),
        Recipients = [.. Enumerable.Range(0, 50).Select(i => PolicyCase.Address($"r{i}@d.test"))],
    };

    /// <summary>As many policies as an identity may have, each with so many values, or as long as it may be.</summary>
    private static IReadOnlyList<(string Name, PolicyDocument Document)> Policies(
        string key, string textOperator, Func<int, string> value, int values, string effect = "Deny")
    {
        var all = new StringBuilder();
        for (var n = 0; n < values && all.Length + value(n).Length < PolicyDocument.MaxIdentityPolicyBytes - 300; n++)
        {
            all.Append(n == 0 ? "" : ",").Append('"').Append(value(n)).Append('"');
        }

        return
        [
            .. Enumerable.Range(0, IPolicyStore.MaxPerIdentity).Select(n => ($"p{n}", PolicyCase.Policy(
                $$"""
                {"Version":"2012-10-17","Statement":{"Effect":"{{effect}}","Principal":"*","Action":"ses:*","Resource":"{{Identity}}",
                "Condition":{"{{textOperator}}":{"{{key}}":[{{all}}]} } } }
                """))),
        ];
    }

    private static string Spread(string value)
    {
        var open = value.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
        {
            return value;
        }

        var close = value.IndexOf('}', StringComparison.Ordinal);
        return Spread($"{value[..open]}{new string('a', int.Parse(value[(open + 1)..close], System.Globalization.CultureInfo.InvariantCulture))}{value[(close + 1)..]}");
    }
}
