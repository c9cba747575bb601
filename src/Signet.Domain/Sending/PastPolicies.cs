using Signet.Accounts;
using Signet.Names;
using Signet.Policies;

namespace Signet.Sending;

/// <summary>Finds the versions of policies that stored decisions name, each once: first among the policies in force, then among the replaced ones.</summary>
internal sealed class PastPolicies(IPolicyStore policies, AccountRegistry accounts, PolicyLibrary library)
{
    private readonly Dictionary<object, IReadOnlyList<NamedPolicy>> _inForce = [];
    private readonly Dictionary<(AccountId Account, PolicyVersion Version), string?> _known = [];

    /// <summary>What the policies on an identity said.</summary>
    public async Task<Decision> OfIdentityAsync(Decision said, IdentityArn identity, CancellationToken cancel)
    {
        if (!_inForce.TryGetValue(identity, out var inForce))
        {
            _inForce[identity] = inForce = await policies.ListAsync(identity, cancel);
        }

        return await ExplainAsync(said, identity.Owner.Account, inForce, policy => library.ForIdentity(identity, [policy])[0].Document, cancel);
    }

    /// <summary>What the policies of the caller said.</summary>
    public async Task<Decision> OfUserAsync(Decision said, CancellationToken cancel)
    {
        var user = said.Asked!.Request.Principal;
        if (!_inForce.TryGetValue(user, out var inForce))
        {
            _inForce[user] = inForce = await accounts.UserPoliciesAsync(user, cancel) ?? [];
        }

        return await ExplainAsync(said, user.Account, inForce, policy => library.ForUser([policy])[0].Document, cancel);
    }

    private async Task<Decision> ExplainAsync(
        Decision said, AccountId account, IReadOnlyList<NamedPolicy> inForce, Func<NamedPolicy, PolicyDocument> read, CancellationToken cancel)
    {
        foreach (var policy in inForce)
        {
            _known[(account, PolicyVersion.Of(policy.Document))] = policy.Document;
        }

        var asked = said.Asked!;
        PolicyVersion[] missing = [.. asked.Policies.Select(p => p.Version).Distinct().Where(v => !_known.ContainsKey((account, v)))];
        var replaced = missing.Length == 0 ? null : await policies.FindReplacedAsync(account, missing, cancel);
        foreach (var version in missing)
        {
            _known[(account, version)] = replaced!.GetValueOrDefault(version);
        }

        return asked.Explain(said, policy =>
            _known[(account, policy.Version)] is { } document && PolicyName.TryParse(policy.Name, out var name)
                ? read(new NamedPolicy(name, document))
                : null);
    }
}
