using System.Net;
using System.Text.Json;
using CsCheck;
using Signet.Addresses;
using Signet.Names;
using Signet.Policies;
using Signet.Tests.Addresses;

namespace Signet.Tests.Policies;

/// <summary>Made-up policies on shop.test and made-up requests, from words so few that they often meet.</summary>
public sealed class PolicyPropertyTests
{
    private const string Resource = "arn:aws:ses:us-east-1:111122223333:identity/shop.test";

    private static readonly Gen<string> Pattern =
        Gen.OneOf("a@shop.test", "A@SHOP.test", "*@shop.test", "*@Client.Test", "a*", "?@*", "*", "mailer", "b", "${aws:username}@shop.test", "");

    private static readonly Gen<string> TextOperator =
        Gen.OneOf("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike");

    private static readonly Gen<string> Order = Gen.OneOf(
        "Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals");

    private static readonly Gen<(string Operator, string Key, string[] Values)> Condition =
        Gen.Frequency(
            (6, Gen.Select(TextOperator, Gen.OneOf("ses:FromAddress", "ses:FromDisplayName", "ses:Recipients"), Pattern.Array[1, 3])),
            (1, Gen.Select(Order.Select(o => "Date" + o), Gen.Const("aws:CurrentTime"), Date().Array[1, 2])),
            (1, Gen.Select(Order.Select(o => "Numeric" + o), Gen.Const("aws:EpochTime"), Gen.OneOf("1", "2", "2.5", "3e0").Array[1, 2])),
            (1, Gen.Select(Gen.OneOf("IpAddress", "NotIpAddress"), Gen.Const("aws:SourceIp"),
                Gen.OneOf("192.0.2.0/24", "0.0.0.0/0", "2001:db8::/32").Array[1, 2])),
            (1, Gen.Select(Gen.Const("Bool"), Gen.Const("aws:SecureTransport"), Gen.OneOf("true", "false").Array[1, 2])));

    private static readonly Gen<(string Operator, string Key, string[] Values)> AnyCondition = Gen.Frequency(
        (8, Gen.Select(Condition, Gen.OneOf("", "ForAllValues:", "ForAnyValue:"), Gen.OneOf("", "IfExists"))
            .Select((c, prefix, suffix) => (prefix + c.Operator + suffix, c.Key, c.Values))),
        (1, Gen.Select(Gen.Const("Null"), Gen.OneOf("ses:FromDisplayName", "ses:Recipients"), Gen.OneOf("true", "false").Array[1, 2])));

    private static readonly Gen<string> Principals = Gen.OneOf(
        "\"*\"",
        """{"AWS":"444455556666"}""",
        """{"AWS":["777788889999","arn:aws:iam::444455556666:user/mailer"]}""",
        """{"AWS":"arn:aws:iam::444455556666:root"}""",
        """{"AWS":["777788889999","*"]}""");

    private static readonly Gen<string> Statement =
        Gen.Select(
            Gen.OneOf("Allow", "Allow", "Deny"),
            Principals,
            Gen.OneOf("\"ses:*\"", "\"SES:sendemail\"", "[\"ses:SendRawEmail\"]", "[\"ses:SendBounce\",\"ses:Send?mail\"]"),
            AnyCondition.Array[0, 2])
        .Select((effect, principal, action, conditions) =>
            $$"""
            {"Effect":"{{effect}}", "Principal":{{principal}},  "Action":{{action}},
             "Resource":"{{Resource}}", "Condition":{ {{Conditions(conditions)}} } }
            """);

    private static readonly Gen<string> Policy =
        Gen.Select(Gen.OneOf("2012-10-17", "2008-10-17"), Statement.Array[1, 4]).Select(Document);

    private static readonly Gen<EmailAddress> Address =
        Gen.OneOf("a@shop.test", "A@shop.test", "b@client.test", "mailer@shop.test").Select(PolicyCase.Address);

    private static readonly Gen<PolicyRequest> Request =
        Gen.Select(
            Gen.OneOf("444455556666", "777788889999", "arn:aws:iam::444455556666:user/mailer", "arn:aws:iam::444455556666:user/a"),
            Gen.OneOf("ses:SendEmail", "ses:SendRawEmail"),
            Gen.Select(Gen.Long[1, 3], Address, Gen.OneOf<string?>(null, "a@shop.test", "mailer", "B", "")),
            Gen.Select(Gen.Bool, Gen.Bool, Address.Array[0, 3]),
            Gen.OneOf<string?>(null, "192.0.2.1", "198.51.100.1", "2001:db8::1"))
        .Select((principal, action, sender, rest, ip) => new PolicyRequest
        {
            Principal = Principal.TryParse(principal, out var parsed) ? parsed : throw new FormatException(principal),
            Action = action,
            Resource = Resource,
            Time = DateTimeOffset.FromUnixTimeSeconds(sender.Item1),
            FromAddress = sender.Item2,
            FromDisplayName = sender.Item3,
            SecureTransport = rest.Item1 ? rest.Item2 : null,
            Recipients = rest.Item1 || rest.Item2 ? rest.Item3 : null,
            SourceIp = ip is null ? null : IPAddress.Parse(ip),
        });

    private static readonly Gen<(string[] Policies, PolicyRequest Request)> Question = Gen.Select(Policy.Array[1, 3], Request);

    [Fact]
    public void The_evaluator_agrees_with_a_naive_one() =>
        Question.Sample(
            q => Assert.Equal(NaivePolicyEvaluator.Evaluate(q.Policies, q.Request), Evaluate(q.Policies, q.Request).Outcome),
            iter: 5_000);

    [Fact]
    public void The_outcome_is_what_the_traces_say() =>
        Question.Sample(q =>
        {
            var decision = Evaluate(q.Policies, q.Request);

            var applying = decision.Statements.Where(s => s.Applies).ToList();
            Assert.All(decision.Statements, s => Assert.Equal(
                s.Applies, s.PrincipalMatches && s.ActionMatches && s.ResourceMatches && s.Conditions.All(c => c.Holds)));
            Assert.Equal(
                applying.Any(s => s.Effect == PolicyEffect.Deny) ? DecisionOutcome.Deny
                    : applying.Count > 0 ? DecisionOutcome.Allow
                    : DecisionOutcome.NoMatch,
                decision.Outcome);
        });

    [Fact]
    public void Every_spelling_of_a_mailbox_gets_the_same_answer() =>
        Gen.Select(EmailAddressTests.Spellings, EmailAddressTests.Spellings, Question, Gen.OneOf("StringEquals", "StringNotLike"))
            .Sample((from, to, q, text) =>
            {
                var named = Document("2008-10-17", [Deny(text, "ses:FromAddress", from.Other), Deny(text, "ses:Recipients", to.Other)]);

                Assert.Equal(Outcome(from.One, to.One), Outcome(from.Other, to.Other));

                DecisionOutcome Outcome(string sender, string recipient) => Evaluate([named, .. q.Policies], q.Request with
                {
                    FromAddress = PolicyCase.Address(sender),
                    FeedbackAddress = PolicyCase.Address(sender),
                    Recipients = [PolicyCase.Address(recipient)],
                }).Outcome;
            });

    [Fact]
    public void What_is_told_of_a_stored_decision_is_what_was_said_when_it_was_made() =>
        Gen.Select(Question, Policy.Array[0, 3], Request, Address.Array[0, 3]).Sample(
            (q, more, other, known) =>
            {
                var second = q.Request with { FromAddress = other.FromAddress, FromDisplayName = other.FromDisplayName, FeedbackAddress = other.FromAddress };
                var made = new SendDecision(
                    true, "because", q.Request.Principal.Arn, q.Request.Action, "us-east-1",
                    [Check(q.Request, q.Policies, more), Check(second, more, q.Policies), Check(second, q.Policies, more)]);
                var documents = q.Policies.Concat(more).Select(PolicyCase.Policy).DistinctBy(d => d.Version).ToDictionary(d => d.Version);
                var facts = new SendFacts(
                    "arn:aws:iam::444455556666:root", "ses:SendEmail", "us-east-1", DateTimeOffset.FromUnixTimeMilliseconds(2_500), "192.0.2.1", "a@shop.test", [.. known.Select(a => a.ToString())]);

                var json = DecisionJson.Store(made, facts);
                var read = DecisionJson.Read(json, wasAllowed: true, facts);
                var told = read with
                {
                    Checks =
                    [
                        .. read.Checks.Select(c => c with
                        {
                            OwnerPolicies = Tell(c.OwnerPolicies), AddressPolicies = Tell(c.AddressPolicies), CallerPolicies = Tell(c.CallerPolicies),
                        }),
                    ],
                };

                Assert.Equal(DecisionJson.Write(made, int.MaxValue), DecisionJson.Write(told, int.MaxValue));
                Assert.All(read.Checks, c => Assert.True(c.OwnerPolicies!.Statements.Count <= 1));

                Decision? Tell(Decision? decision) => decision is { IsBrief: true } ? decision.Asked!.Explain(decision, p => documents[p.Version]) : decision;
            },
            iter: 1_000);

    private static AddressCheck Check(PolicyRequest request, string[] policies, string[] more) => new(
        AddressRole.From, "A <a@shop.test>", CheckOutcome.Allowed, "because", request.Resource, null,
        Evaluate(policies, request), Evaluate(more, request with { Resource = $"{Resource}x" }), Evaluate(more, request));

    [Fact]
    public void One_more_deny_never_allows_more() =>
        Gen.Select(Question, Statement).Sample((q, statement) =>
        {
            var deny = Document("2012-10-17", [statement.Replace("\"Allow\"", "\"Deny\"", StringComparison.Ordinal)]);

            var before = Evaluate(q.Policies, q.Request).Outcome;
            var after = Evaluate([.. q.Policies, deny], q.Request).Outcome;

            Assert.True(after == before || after == DecisionOutcome.Deny, $"{before} became {after}");
        });

    [Fact]
    public void The_order_of_statements_and_policies_does_not_matter() =>
        Gen.Select(Statement.Array[1, 5], Request).Sample((statements, request) =>
        {
            string[] reversed = [.. statements.Reverse()];

            var outcome = Evaluate([Document("2012-10-17", statements)], request).Outcome;

            Assert.Equal(outcome, Evaluate([Document("2012-10-17", reversed)], request).Outcome);
            Assert.Equal(outcome, Evaluate([.. reversed.Select(s => Document("2012-10-17", [s]))], request).Outcome);
        });

    [Fact]
    public void The_compact_text_is_the_same_policy_and_as_compact_as_it_gets() =>
        Question.Sample(q =>
        {
            string[] compact = [.. q.Policies.Select(p => PolicyCase.Policy(p).CompactText)];

            Assert.Equal(Evaluate(q.Policies, q.Request).Outcome, Evaluate(compact, q.Request).Outcome);
            Assert.Equal(compact, compact.Select(c => PolicyCase.Policy(c).CompactText));
            Assert.All(q.Policies.Zip(compact), p => Assert.True(JsonElement.DeepEquals(Json(p.First), Json(p.Second))));
        });

    private static Decision Evaluate(IEnumerable<string> policies, PolicyRequest request) =>
        PolicyEvaluator.Evaluate([.. policies.Select((p, i) => ($"p{i}", PolicyCase.Policy(p)))], request);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static string Deny(string textOperator, string key, string value) =>
        $$"""
        {"Effect":"Deny", "Principal":"*", "Action":"ses:*", "Resource":"{{Resource}}",
         "Condition":{ "{{textOperator}}": {"{{key}}": "{{JsonEncodedText.Encode(value)}}" } } }
        """;

    private static Gen<string> Date() => Gen.OneOf("1970-01-01T00:00:01Z", "1970-01-01T00:00:02Z", "1970-01-01T00:00:03Z");

    private static string Document(string version, string[] statements) =>
        $$"""{"Version": "{{version}}", "Statement": [{{string.Join(", ", statements)}}]}""";

    /// <summary>An operator or a key may not stand twice.</summary>
    private static string Conditions((string Operator, string Key, string[] Values)[] conditions) =>
        string.Join(",", conditions.DistinctBy(c => c.Operator).Select(c =>
            $$"""
            "{{c.Operator}}": {"{{c.Key}}":[{{string.Join(",", c.Values.Select(v => $"\"{v}\""))}}]}
            """));
}
