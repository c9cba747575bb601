using Signet.Accounts;
using Signet.Addresses;
using Signet.Archive;
using Signet.Delivery;
using Signet.Dns;
using Signet.Identities;
using Signet.Names;
using Signet.Operators;
using Signet.Policies;
using Signet.Queue;
using Signet.Sending;
using Signet.Traffic;
using Signet.Web.Messages;
using Signet.Web.Shell;

namespace Signet.Web;

/// <summary>All that the console uses of the domain. Its pages read and change what the API does, by the same code.</summary>
public sealed record ConsoleDomain
{
    public required IMessageArchive Archive { get; init; }

    /// <summary>Tells of what this node accepts, so that lists are live.</summary>
    public required ArrivalSignal Arrivals { get; init; }

    public required IQueueControl Queue { get; init; }

    public required ISendingHistory History { get; init; }

    public required IIdentityStore IdentityStore { get; init; }

    public required IdentityRegistry Identities { get; init; }

    /// <inheritdoc cref="IdentityChecks.CheckAsync"/>
    public required Func<Identity, bool, CancellationToken, Task<IdentityCheck>> CheckIdentityAsync { get; init; }

    /// <summary>For reading; they are changed through <see cref="IdentityPolicies"/>.</summary>
    public required IPolicyStore Policies { get; init; }

    public required IdentityPolicies IdentityPolicies { get; init; }

    public required AccountRegistry Accounts { get; init; }

    /// <summary>Questions to the DNS without a cache: an owner waits for a change to be seen.</summary>
    public required IDnsLookup Dns { get; init; }

    /// <inheritdoc cref="SendAuthorization.DecideAsync(SendAttempt, CancellationToken)"/>
    public required Func<SendAttempt, CancellationToken, Task<SendDecision>> DecideAsync { get; init; }

    /// <inheritdoc cref="SendAuthorization.DecideWithAsync"/>
    public required Func<SendAttempt, PolicyTrial?, CancellationToken, Task<SendDecision>> DecideWithAsync { get; init; }

    public required PastDecisions PastDecisions { get; init; }

    /// <inheritdoc cref="Submission.AcceptAsync"/>
    public required Func<SubmissionRequest, CancellationToken, Task<SubmissionResult>> AcceptAsync { get; init; }

    public required OperatorRegistry Operators { get; init; }

    public required ISessionKeyStore SessionKeys { get; init; }

    /// <summary>Told of everything that somebody changes.</summary>
    public required ActLog Acts { get; init; }

    public required ITrafficStore Traffic { get; init; }

    public ContentTurns ContentTurns { get; } = new();

    public required TimeProvider Time
    {
        get;
        init => (field, LeftSessions) = (value, new LeftSessions(value));
    }

    /// <summary>The sessions that somebody signed out of; they end before their time.</summary>
    public LeftSessions LeftSessions { get; private init; } = default!;

    /// <summary>Cancelled when the server begins to stop.</summary>
    public required CancellationToken Stopping { get; init; }

    public required ConsoleFacts Facts { get; init; }
}

/// <summary>What the pages tell of the server they belong to.</summary>
/// <param name="IsDev"><c>signet dev</c>: no login, one person who may do everything.</param>
/// <param name="Hostname">Our name in EHLO, Message-ID and Received.</param>
/// <param name="VerifiesAtOnce">An identity is verified the moment it is asked for: nothing waits for the DNS or for a mail.</param>
/// <param name="Routes">First match first; the last one matches everything.</param>
/// <param name="AllowsPrivateHosts">Whether the server may reach addresses of this machine and of private networks.</param>
/// <param name="Regions">Those in which something may be made or sent; what is kept of others may be seen.</param>
public sealed record ConsoleFacts(
    bool IsDev, DomainName Hostname, bool VerifiesAtOnce, IReadOnlyList<Route> Routes, bool AllowsPrivateHosts, RegionSet Regions)
{
    /// <summary>That of the key <c>test</c> in dev; it is there without being made.</summary>
    public static AccountId DevAccount { get; } = AccountId.Parse("000000000000");
}
