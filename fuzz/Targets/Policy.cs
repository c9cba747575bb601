using System.Text;
using Signet.Addresses;
using Signet.Names;
using Signet.Policies;

namespace Signet.Fuzz.Targets;

/// <summary>
/// Both kinds of policy document. One that is accepted must survive being evaluated and explained, and its compact text must be the
/// same policy and stay as it is when put again.
/// </summary>
internal static class Policy
{
    private static readonly IdentityArn Identity = new(
        new AccountRegion(AccountId.Parse("111122223333"), Region.Default), new IdentityName.OfDomain(DomainName.Parse("shop.test")));

    private static readonly EmailAddress Address = new("News", DomainName.Parse("shop.test"));

    private static readonly PolicyRequest[] Requests =
    [
        new()
        {
            Principal = new Principal(AccountId.Parse("444455556666"), "mailer"),
            Action = "ses:SendEmail",
            Resource = Identity.ToString(),
            Time = DateTimeOffset.UnixEpoch,
            SecureTransport = true,
            SourceIp = System.Net.IPAddress.Parse("192.0.2.9"),
            UserAgent = "arn:aws:iam::444455556666:user/mailer",
            ApiVersion = "1",
            FromAddress = Address,
            FromDisplayName = "*News*",
            FeedbackAddress = Address,
            Recipients = [Address, new EmailAddress("c", DomainName.Parse("client.test"))],
        },
        new()
        {
            Principal = new Principal(AccountId.Parse("444455556666"), null),
            Action = "ses:GetSendQuota",
            Resource = "*",
            Time = DateTimeOffset.MaxValue,
        },
    ];

    public static void Fuzz(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (PolicyDocument.TryParseForIdentity(text, Identity, out var document, out _))
        {
            Check(document, PolicyDocument.TryParseForIdentity(document.CompactText, Identity, out var again, out _) ? again : null);
        }

        if (PolicyDocument.TryParseForUser(text, out document, out _))
        {
            Check(document, PolicyDocument.TryParseForUser(document.CompactText, out var again, out _) ? again : null);
        }
    }

    private static void Check(PolicyDocument document, PolicyDocument? again)
    {
        if (again?.CompactText != document.CompactText)
        {
            throw new InvalidOperationException("the compact text does not stay as it is");
        }

        foreach (var request in Requests)
        {
            var decision = PolicyEvaluator.Evaluate([("p", document)], request);
            var explained = decision.Statements.Where(s => s.Applies).Select(s => s.Effect).ToList();
            var wanted = explained.Contains(PolicyEffect.Deny) ? DecisionOutcome.Deny
                : explained.Count > 0 ? DecisionOutcome.Allow
                : DecisionOutcome.NoMatch;
            if (decision.Outcome != wanted || PolicyEvaluator.Evaluate([("p", again)], request).Outcome != wanted)
            {
                throw new InvalidOperationException("a policy, its traces and its compact text do not decide the same");
            }
        }
    }
}
