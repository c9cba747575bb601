using Signet.Accounts;
using Signet.Addresses;
using Signet.Identities;
using Signet.Names;
using Signet.Policies;
using Signet.Sending.Limits;

namespace Signet.Sending;

/// <summary>
/// May this caller send with these addresses? The caller's own verified identities, the policies on an owner's identity that the
/// caller names, and the caller's user policies answer together (SES Developer Guide, "Using sending authorization"). Every address of the
/// message is checked, also after one has failed, so that the answer names all that is wrong.
/// </summary>
/// <param name="registry">Finds the caller's own identities.</param>
/// <param name="identities">Finds those that are named.</param>
/// <param name="policies">The policies on identities.</param>
/// <param name="accounts">Settings, and the policies of users.</param>
/// <param name="library">Keeps policies parsed.</param>
/// <param name="trial">A policy to ask as if it were stored; null for none.</param>
public sealed class SendAuthorization(
    IdentityRegistry registry,
    IIdentityStore identities,
    IPolicyStore policies,
    AccountRegistry accounts,
    PolicyLibrary library,
    PolicyTrial? trial = null)
{
    private readonly Sandbox _sandbox = new(registry);

    /// <summary>Decides as if the policy of the trial were stored; null decides as it is.</summary>
    /// <inheritdoc cref="DecideAsync(SendAttempt, CancellationToken)"/>
    public Task<SendDecision> DecideWithAsync(SendAttempt attempt, PolicyTrial? tried, CancellationToken cancel) =>
        new SendAuthorization(registry, identities, policies, accounts, library, tried).DecideAsync(attempt, cancel);

    /// <summary>Decides, and says why. Reads the stores, writes nothing.</summary>
    public async Task<SendDecision> DecideAsync(SendAttempt attempt, CancellationToken cancel) =>
        await DecideAsync(attempt, await accounts.SettingsAsync(attempt.Caller.Scope, cancel), cancel);

    /// <summary>For one who has read the settings of the caller's account already.</summary>
    /// <inheritdoc cref="DecideAsync(SendAttempt, CancellationToken)"/>
    public async Task<SendDecision> DecideAsync(SendAttempt attempt, AccountSettings settings, CancellationToken cancel)
    {
        var caller = attempt.Caller;
        var userPolicies = await accounts.UserPoliciesAsync(caller.Principal, cancel) is { } texts ? library.ForUser(texts) : null;
        var budget = new EvaluationBudget();
        List<AddressCheck> checks = [];
        foreach (var check in SenderCheck.AllOf(attempt))
        {
            checks.Add(await CheckSenderAsync(attempt, check, userPolicies, budget, cancel));
        }

        checks.AddRange(await _sandbox.CheckAsync(caller.Scope, settings, attempt.Recipients, cancel));
        var failed = checks.Find(c => c.Outcome == CheckOutcome.NotVerified) ?? checks.Find(c => c.Outcome == CheckOutcome.AccessDenied);
        return failed is null
            ? Decision(attempt, true, checks.Count > 0 ? checks[0].Reason : "Nothing needed an identity.", checks)
            : Decision(attempt, false, failed.Reason, checks);
    }

    private static SendDecision Decision(SendAttempt attempt, bool allowed, string reason, IReadOnlyList<AddressCheck> checks) =>
        new(allowed, reason, attempt.Caller.Principal.Arn, attempt.Action, attempt.Caller.Region.Value, checks);

    private async Task<AddressCheck> CheckSenderAsync(
        SendAttempt attempt,
        SenderCheck check,
        IReadOnlyList<(string Name, PolicyDocument Document)>? userPolicies,
        EvaluationBudget budget,
        CancellationToken cancel)
    {
        var found = await FindIdentityAsync(attempt.Caller.Scope, check, cancel);
        if (found.Problem is { } problem)
        {
            return check.Result(CheckOutcome.NotVerified, problem, found.Arn, found.NamedBy);
        }

        var arn = found.Arn!;
        var request = attempt.PolicyRequestFor(check, arn);
        var owner = await EvaluatePoliciesOfAsync(arn, request, budget, cancel);
        var address = await EvaluateAddressPoliciesAsync(arn, check.Mailbox.Address, request, budget, cancel);
        var user = userPolicies is null ? null : PolicyEvaluator.Evaluate(userPolicies, request, budget);
        var (outcome, reason) = AuthorizationRules.Judge(
            new AuthorizationFacts(arn, attempt.Caller.Principal, found.NamedBy, owner, address, user));
        return check.Result(outcome, reason, arn, found.NamedBy) with
        {
            OwnerPolicies = owner,
            AddressPolicies = address,
            CallerPolicies = user,
        };
    }

    private async Task<FoundIdentity> FindIdentityAsync(AccountRegion caller, SenderCheck check, CancellationToken cancel)
    {
        var address = check.Mailbox.Address;
        if (check.Named is { } named)
        {
            return await FindNamedAsync(caller, named, address, cancel);
        }

        if (check.Implied is { } implied && implied.Identity.Name.Covers(address))
        {
            return await FindNamedAsync(caller, implied, address, cancel);
        }

        return await registry.FindCoveringAsync(caller, address, cancel) is { } own
            ? new FoundIdentity(own.Arn, null, null)
            : new FoundIdentity(null, null, $"`{address}` is not verified in account {caller.Account}, region {caller.Region}, and {check.Missing}.");
    }

    private async Task<FoundIdentity> FindNamedAsync(AccountRegion caller, NamedArn named, EmailAddress address, CancellationToken cancel)
    {
        var arn = named.Identity;
        string? problem = null;
        if (arn.Owner.Region != caller.Region)
        {
            problem = $"{named.NamedBy} names an identity of region {arn.Owner.Region}; the request is for {caller.Region}.";
        }
        else if (!arn.Name.Covers(address))
        {
            problem = $"{named.NamedBy} names `{arn.Name}`, which does not cover `{address}`.";
        }
        else if (await identities.FindAllForSendAsync(arn.Owner, [arn.Name], cancel) is not [var identity])
        {
            problem = $"{named.NamedBy} names {arn}, which does not exist.";
        }
        else if (!identity.MaySend)
        {
            problem = $"{named.NamedBy} names {arn}, which is not verified: its status is {identity.Status}.";
        }

        return new FoundIdentity(arn, named.NamedBy, problem);
    }

    private async Task<Decision> EvaluatePoliciesOfAsync(
        IdentityArn arn, PolicyRequest request, EvaluationBudget budget, CancellationToken cancel)
    {
        var stored = library.ForIdentity(arn, await policies.ListForSendAsync(arn, cancel));
        var asked = trial?.Identity == arn ? trial.Among(stored) : stored;
        return PolicyEvaluator.Evaluate(asked, request with { Resource = arn.ToString() }, budget);
    }

    // The rule for which the sources conflict (docs/ses-differences.md): besides the identity that counts, the policies on the
    // owner's address identities are asked, and only their explicit Deny is heard. It is heard whatever their status: a Deny that stopped
    // counting when an address is verified again would let mail through.
    private async Task<Decision?> EvaluateAddressPoliciesAsync(
        IdentityArn arn, EmailAddress address, PolicyRequest request, EvaluationBudget budget, CancellationToken cancel)
    {
        Decision? first = null;
        foreach (var own in await identities.FindAllForSendAsync(arn.Owner, OtherAddresses(arn, address), cancel))
        {
            var decision = await EvaluatePoliciesOfAsync(own.Arn, request, budget, cancel);
            if (decision.Outcome is DecisionOutcome.Deny or DecisionOutcome.TooCostly)
            {
                return decision;
            }

            first ??= decision;
        }

        return first;
    }

    /// <summary>
    /// The names of address identities, besides the one that counts, whose policies may deny: the address, and the address without its
    /// label.
    /// </summary>
    public static IReadOnlyList<IdentityName> OtherAddresses(IdentityArn counted, EmailAddress address) =>
        [.. IdentityName.Covering(address).OfType<IdentityName.OfAddress>().Where(n => n != counted.Name)];

    /// <summary>The identity that counts for an address: <c>Problem</c> says why there is none.</summary>
    private sealed record FoundIdentity(IdentityArn? Arn, string? NamedBy, string? Problem);
}
