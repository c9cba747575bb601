using Signet.Accounts;
using Signet.Policies;
using Signet.Sending;

namespace Signet.Server.Aws;

/// <summary>
/// May the caller use an action at all? An account's root may; a user needs a policy of its own that allows the action, and none
/// that denies it. Sends are decided by <see cref="Submission"/> instead, which knows addresses and identities.
/// </summary>
internal sealed class UserPermissions(AccountRegistry accounts, PolicyLibrary library, TimeProvider time)
{
    // SES lets user policies name identities for sending only; every other action concerns all resources (ses:ApiVersion 1).
    private const string AnyResource = "*";

    /// <param name="caller">Who calls.</param>
    /// <param name="action">As policies name it: <c>ses:VerifyEmailIdentity</c>.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="AwsException">AccessDenied.</exception>
    public async Task DemandAsync(Caller caller, string action, CancellationToken cancel)
    {
        if (await accounts.UserPoliciesAsync(caller.Principal, cancel) is not { } policies)
        {
            return;
        }

        var request = new PolicyRequest
        {
            Principal = caller.Principal,
            Action = action,
            Resource = AnyResource,
            Time = time.GetUtcNow(),
            SecureTransport = caller.SecureTransport,
            SourceIp = caller.SourceIp,
            UserAgent = caller.UserAgent,
            ApiVersion = caller.ApiVersion,
        };
        if (PolicyEvaluator.Evaluate(library.ForUser(policies), request).Outcome != DecisionOutcome.Allow)
        {
            throw new AwsException(AwsError.NotAuthorized(caller.Principal.Arn, request.Action));
        }
    }
}
