using Signet.Accounts;
using Signet.Identities;
using Signet.Names;
using Signet.Policies;
using Signet.Sending;

namespace Signet.Server.Ses;

/// <summary>What an action has to work with: who calls, and the domain.</summary>
internal sealed record ActionContext(Caller Caller, SesDomain Domain)
{
    /// <summary>Where the caller's identities, policies, quotas and statistics are.</summary>
    public AccountRegion Scope => Caller.Scope;
}

/// <summary>The parts of the domain that actions call.</summary>
internal sealed record SesDomain
{
    public required IdentityRegistry Identities { get; init; }

    public required IIdentityStore IdentityStore { get; init; }

    /// <summary>For reading; they are changed through <see cref="IdentityPolicies"/>.</summary>
    public required IPolicyStore Policies { get; init; }

    public required IdentityPolicies IdentityPolicies { get; init; }

    public required AccountRegistry Accounts { get; init; }

    public required ISendingHistory History { get; init; }

    /// <summary><see cref="Submission.AcceptAsync"/>.</summary>
    public required AcceptMessage Accept { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>
    /// What GetSendQuota answers for limits that there are none of: SES documents -1. Some clients reckon with it as with a number, so
    /// <c>signet dev</c> answers large ones.
    /// </summary>
    public (double Max24HourSend, double MaxSendRate) Unlimited { get; init; } = (-1, -1);
}

/// <inheritdoc cref="Submission.AcceptAsync"/>
internal delegate Task<SubmissionResult> AcceptMessage(SubmissionRequest request, CancellationToken cancel);
