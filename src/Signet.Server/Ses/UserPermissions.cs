using Signet.Accounts;
using Signet.Policies;
using Signet.Sending;
using Signet.Server.Ses.Protocol;

namespace Signet.Server.Ses;

/// <summary>
/// May the caller use an action at all? An account's root may; a user needs a policy of its own that allows the action, and none
/// that denies it. What sends is judged at the door instead, where addresses and identities are known.
/// </summary>
internal sealed class UserPermissions(AccountRegistry accounts, PolicyLibrary library, TimeProvider time)
{
    // SES lets user policies name identities for sending only; every other action concerns all resources (ses:ApiVersion 1).
    private const string AnyResource = "*";

    /// <param name="caller">Who calls.</param>
    /// <param name="action">Without its prefix: <c>VerifyEmailIdentity</c>.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="SesException">AccessDenied.</exception>
    public async Task DemandAsync(Caller caller, string action, CancellationToken cancel)
    {
        if (await accounts.UserPoliciesAsync(caller.Principal, cancel) is not { } policies)
        {
            return;
        }

        var request = new PolicyRequest
        {
            Principal = caller.Principal,
            Action = $"ses:{action}",
            Resource = AnyResource,
            Time = time.GetUtcNow(),
            SecureTransport = caller.SecureTransport,
            SourceIp = caller.SourceIp,
            UserAgent = caller.UserAgent,
            ApiVersion = caller.ApiVersion,
        };
        if (PolicyEvaluator.Evaluate(library.ForUser(policies), request).Outcome != DecisionOutcome.Allow)
        {
            throw new SesException(SesError.NotAuthorized(caller.Principal.Arn, request.Action));
        }
    }
}
