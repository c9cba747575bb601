using System.Text.Json;
using Signet.Identities;
using Signet.Names;
using Signet.Policies;
using Signet.Sending;
using Signet.Web.Shell;

namespace Signet.Web.Decisions;

/// <summary>The policies that a simulation may change: those on identities that the send asks and the viewer sees.</summary>
/// <param name="viewer">Who looks.</param>
/// <param name="identities">To find an address's own identity.</param>
/// <param name="policies">As they are stored.</param>
public sealed class TrialPolicies(Viewer viewer, IIdentityStore identities, IPolicyStore policies)
{
    private const string NewName = "new-policy";

    /// <summary>The identities whose policies were asked for a decision, each once.</summary>
    public async Task<IReadOnlyList<IdentityArn>> AskedAsync(SendDecision decision, CancellationToken cancel)
    {
        List<IdentityArn> asked = [];
        foreach (var check in decision.Checks.Where(c => c.OwnerPolicies is not null))
        {
            if (!IdentityArn.TryParse(check.Identity, out var arn) || !viewer.Sees(arn.Owner.Account))
            {
                continue;
            }

            asked.Add(arn);
            if (check.AddressPolicies is not null && Addresses.Mailbox.TryParse(check.Address, out var mailbox, out _))
            {
                var others = SendAuthorization.OtherAddresses(arn, mailbox.Address);
                asked.AddRange((await identities.FindAllAsync(arn.Owner, others, cancel)).Select(i => i.Arn));
            }
        }

        return [.. asked.Distinct()];
    }

    /// <summary>The stored policies of an identity; none of one that the viewer does not see.</summary>
    public async Task<IReadOnlyList<NamedPolicy>> OfAsync(IdentityArn? identity, CancellationToken cancel) =>
        identity is not null && viewer.Sees(identity.Owner.Account) ? await policies.ListAsync(identity, cancel) : [];

    /// <summary>A name that no policy has yet.</summary>
    public static string FreeName(IReadOnlyList<NamedPolicy> stored) =>
        Enumerable.Range(1, stored.Count + 1)
            .Select(n => n == 1 ? NewName : $"{NewName}-{n}")
            .First(name => stored.All(p => p.Name.Value != name));

    /// <summary>A policy to begin with, which allows what is asked about.</summary>
    public static string First(Simulation simulation, IdentityArn identity) =>
        $$"""
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Effect": "Allow",
              "Principal": {
                "AWS": {{Json(Principal.TryParse(simulation.Principal, out var principal) ? principal.Arn : "*")}}
              },
              "Action": {{Json(simulation.Action)}},
              "Resource": {{Json($"{identity}")}}
            }
          ]
        }
        """.ReplaceLineEndings("\n");

    private static string Json(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
