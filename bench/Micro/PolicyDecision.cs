using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using Signet.Addresses;
using Signet.Names;
using Signet.Policies;

namespace Signet.Bench.Micro;

/// <summary>One decision over as many policies as an identity may have, each as long as it may be; the last statement allows.</summary>
[MemoryDiagnoser]
public class PolicyDecision
{
    private static readonly IdentityArn Identity = IdentityArn.TryParse(
        "arn:aws:ses:us-east-1:111122223333:identity/example.com", out var arn) ? arn : throw new InvalidOperationException();

    private readonly IReadOnlyList<(string Name, PolicyDocument Document)> _policies =
        [.. Enumerable.Range(0, IPolicyStore.MaxPerIdentity).Select(n => ($"policy{n}", Document(n)))];

    private readonly PolicyRequest _request = new()
    {
        Principal = new Principal(AccountId.Parse("444455556666"), null),
        Action = "ses:SendEmail",
        Resource = Identity.ToString(),
        Time = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        SourceIp = IPAddress.Loopback,
        ApiVersion = "1",
        FromAddress = new EmailAddress("orders", DomainName.Parse("example.com")),
        Recipients = [new EmailAddress("customer", DomainName.Parse("example.net"))],
    };

    [Benchmark]
    public bool Decide() => PolicyEvaluator.Evaluate(_policies, _request).Outcome == DecisionOutcome.Allow;

    // Every statement matches but for its last condition, so that none is passed over cheaply.
    private static PolicyDocument Document(int number)
    {
        var last = number == IPolicyStore.MaxPerIdentity - 1;
        var text = new StringBuilder("""{"Version":"2012-10-17","Statement":[""");
        for (var statement = 0; ; statement++)
        {
            var from = statement == 0 && last ? "*@example.com" : $"no-{number}-{statement}-*@example.com";
            var next =
                $$$"""
                {"Sid":"s{{{statement}}}","Effect":"Allow","Principal":{"AWS":["444455556666","777788889999"]},"Action":"ses:Send*","Resource":"{{{Identity}}}","Condition":{"IpAddress":{"aws:SourceIp":"127.0.0.0/8"},"StringLike":{"ses:FromAddress":["{{{from}}}","never-{{{number}}}@example.com"] } } }
                """;
            if (text.Length + next.Length + 3 > PolicyDocument.MaxIdentityPolicyBytes)
            {
                break;
            }

            text.Append(statement == 0 ? "" : ",").Append(next);
        }

        return PolicyDocument.TryParseForIdentity(text.Append("]}").ToString(), Identity, out var document, out var problem)
            ? document
            : throw new InvalidOperationException(problem);
    }
}
