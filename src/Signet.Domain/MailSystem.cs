using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Signet.Accounts;
using Signet.Archive;
using Signet.Dns;
using Signet.Identities;
using Signet.Names;
using Signet.Operators;
using Signet.Policies;
using Signet.Queue;
using Signet.Sending;
using Signet.Storage;
using Signet.Traffic;

namespace Signet;

/// <summary>
/// The domain over one open store: all that the ways in use of it. <see cref="MailServices"/> opens it; disposing it closes the store, and
/// is done once, after everything that uses it has stopped.
/// </summary>
public sealed record MailSystem : IAsyncDisposable
{
    public required TimeProvider Time { get; init; }

    public required IAccountStore AccountStore { get; init; }

    public required AccountRegistry Accounts { get; init; }

    /// <summary>Those that a caller may name; what is kept of others may be seen.</summary>
    public required RegionSet Regions { get; init; }

    public required AccessKeys Keys { get; init; }

    public required OperatorRegistry Operators { get; init; }

    public required ISessionKeyStore SessionKeyStore { get; init; }

    /// <summary>Questions to the DNS without a cache: an owner waits for a change to be seen.</summary>
    public required IDnsLookup Dns { get; init; }

    public required IIdentityStore IdentityStore { get; init; }

    public required IdentityRegistry Identities { get; init; }

    /// <summary>Whether an identity is verified the moment it is asked for: nothing waits for the DNS or for a mail.</summary>
    public required bool VerifiesAtOnce { get; init; }

    /// <inheritdoc cref="IdentityChecks.CheckAsync"/>
    public required Func<Identity, bool, CancellationToken, Task<IdentityCheck>> CheckIdentityAsync { get; init; }

    /// <inheritdoc cref="IdentityRegistry.ConfirmAsync"/>
    public required Func<string, CancellationToken, Task<(IdentityArn Arn, ConfirmationState State)?>> ConfirmAsync { get; init; }

    /// <summary>For reading; they are changed through <see cref="IdentityPolicies"/>.</summary>
    public required IPolicyStore PolicyStore { get; init; }

    public required IdentityPolicies IdentityPolicies { get; init; }

    public required PolicyLibrary PolicyLibrary { get; init; }

    public required IMessageQueue Queue { get; init; }

    public required IQueueControl QueueControl { get; init; }

    public required ISuspensions Suspensions { get; init; }

    /// <summary>For showing which hosts serve a domain.</summary>
    public required IDestinationDomains DestinationDomains { get; init; }

    public required IMessageArchive Archive { get; init; }

    /// <summary>Tells of what this node accepts, so that lists are live.</summary>
    public required ArrivalSignal Arrivals { get; init; }

    public required ISendingHistory History { get; init; }

    public required PastDecisions PastDecisions { get; init; }

    public required RefusalLog Refusals { get; init; }

    public required ITrafficStore TrafficStore { get; init; }

    /// <inheritdoc cref="Submission.AcceptAsync"/>
    public required Func<SubmissionRequest, CancellationToken, Task<SubmissionResult>> AcceptAsync { get; init; }

    /// <inheritdoc cref="SendAuthorization.DecideAsync(SendAttempt, CancellationToken)"/>
    public required Func<SendAttempt, CancellationToken, Task<SendDecision>> DecideAsync { get; init; }

    /// <inheritdoc cref="SendAuthorization.DecideWithAsync"/>
    public required Func<SendAttempt, PolicyTrial?, CancellationToken, Task<SendDecision>> DecideWithAsync { get; init; }

    /// <summary>Ends when the store has taken a small write.</summary>
    /// <exception cref="StoreUnavailableException">It cannot just now.</exception>
    public required Func<CancellationToken, Task> CheckStoreAsync { get; init; }

    /// <summary>
    /// What a server runs in the background: it starts them in this order, and stops them in the opposite one. Empty for a command.
    /// </summary>
    public required IReadOnlyList<IHostedService> BackgroundWork { get; init; }

    /// <summary>What disposing does.</summary>
    public required Func<ValueTask> CloseAsync { get; init; }

    public ValueTask DisposeAsync() => CloseAsync();

    internal static MailSystem Of(ServiceProvider services)
    {
        // INVARIANT: made first, so the container disposes it last: whatever else it disposes may still write.
        var database = services.GetRequiredService<Database>();
        var time = services.GetRequiredService<TimeProvider>();
        var authorization = services.GetRequiredService<SendAuthorization>();
        return new MailSystem
        {
            Time = time,
            AccountStore = services.GetRequiredService<IAccountStore>(),
            Accounts = services.GetRequiredService<AccountRegistry>(),
            Regions = services.GetRequiredService<RegionSet>(),
            Keys = services.GetRequiredService<AccessKeys>(),
            Operators = services.GetRequiredService<OperatorRegistry>(),
            SessionKeyStore = services.GetRequiredService<ISessionKeyStore>(),
            Dns = services.GetRequiredService<IDnsLookup>(),
            IdentityStore = services.GetRequiredService<IIdentityStore>(),
            Identities = services.GetRequiredService<IdentityRegistry>(),
            VerifiesAtOnce = services.GetRequiredService<VerificationOptions>().AtOnce,
            CheckIdentityAsync = services.GetRequiredService<IdentityChecks>().CheckAsync,
            ConfirmAsync = services.GetRequiredService<IdentityRegistry>().ConfirmAsync,
            PolicyStore = services.GetRequiredService<IPolicyStore>(),
            IdentityPolicies = services.GetRequiredService<IdentityPolicies>(),
            PolicyLibrary = services.GetRequiredService<PolicyLibrary>(),
            Queue = services.GetRequiredService<IMessageQueue>(),
            QueueControl = services.GetRequiredService<IQueueControl>(),
            Suspensions = services.GetRequiredService<ISuspensions>(),
            DestinationDomains = services.GetRequiredService<IDestinationDomains>(),
            Archive = services.GetRequiredService<IMessageArchive>(),
            Arrivals = services.GetRequiredService<ArrivalSignal>(),
            History = services.GetRequiredService<ISendingHistory>(),
            PastDecisions = services.GetRequiredService<PastDecisions>(),
            Refusals = services.GetRequiredService<RefusalLog>(),
            TrafficStore = services.GetRequiredService<ITrafficStore>(),
            AcceptAsync = services.GetRequiredService<Submission>().AcceptAsync,
            DecideAsync = authorization.DecideAsync,
            DecideWithAsync = authorization.DecideWithAsync,
            CheckStoreAsync = cancel => database.CheckAsync(time.GetUtcNow(), cancel),
            BackgroundWork = [.. services.GetServices<IHostedService>()],
            CloseAsync = services.DisposeAsync,
        };
    }
}
