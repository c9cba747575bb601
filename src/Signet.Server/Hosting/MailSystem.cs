using Signet.Accounts;
using Signet.Archive;
using Signet.Identities;
using Signet.Names;
using Signet.Operators;
using Signet.Policies;
using Signet.Queue;
using Signet.Sending;
using Signet.Telemetry;
using Signet.Traffic;

namespace Signet.Server.Hosting;

/// <summary>
/// The domain over one open store, as the server and the commands use it. <see cref="Composition"/> builds it; disposing it closes
/// the store.
/// </summary>
internal sealed record MailSystem : IAsyncDisposable
{
    public required IAccountStore AccountStore { get; init; }

    public required AccountRegistry Accounts { get; init; }

    /// <summary>Those that a caller may name.</summary>
    public required RegionSet Regions { get; init; }

    public required AccessKeys Keys { get; init; }

    public required OperatorRegistry Operators { get; init; }

    public required ISessionKeyStore SessionKeys { get; init; }

    public required IIdentityStore IdentityStore { get; init; }

    public required IdentityRegistry Identities { get; init; }

    /// <summary>Whether an identity is verified the moment it is asked for.</summary>
    public required bool VerifiesAtOnce { get; init; }

    /// <summary><see cref="IdentityChecks.CheckAsync"/>.</summary>
    public required Func<Identity, bool, CancellationToken, Task<IdentityCheck>> CheckIdentityAsync { get; init; }

    public required IPolicyStore PolicyStore { get; init; }

    public required IdentityPolicies IdentityPolicies { get; init; }

    public required PolicyLibrary PolicyLibrary { get; init; }

    public required IMessageQueue Queue { get; init; }

    public required IQueueControl QueueControl { get; init; }

    public required IMessageArchive Archive { get; init; }

    public required ISendingHistory History { get; init; }

    public required RefusalLog Refusals { get; init; }

    public required ITrafficStore Traffic { get; init; }

    public required Submission Submission { get; init; }

    /// <summary><see cref="SendAuthorization.DecideAsync(SendAttempt, CancellationToken)"/>.</summary>
    public required Func<SendAttempt, CancellationToken, Task<SendDecision>> DecideAsync { get; init; }

    /// <summary><see cref="SendAuthorization.DecideWithAsync"/>.</summary>
    public required Func<SendAttempt, PolicyTrial?, CancellationToken, Task<SendDecision>> DecideWithAsync { get; init; }

    /// <summary><see cref="IdentityRegistry.ConfirmAsync"/>.</summary>
    public required Func<string, CancellationToken, Task<(IdentityArn Arn, ConfirmationState State)?>> ConfirmAsync { get; init; }

    /// <summary>Registers the background work: delivery, results, checks of identities, indexing, counting.</summary>
    public required Action<IServiceCollection> AddTo { get; init; }

    /// <summary>Ends when the store has taken a small write.</summary>
    /// <exception cref="StoreUnavailableException">It cannot just now.</exception>
    public required Func<CancellationToken, Task> CheckStoreAsync { get; init; }

    /// <summary>Closes the store; called once, after everything that uses it has stopped.</summary>
    public required Func<ValueTask> CloseAsync { get; init; }

    public ValueTask DisposeAsync() => CloseAsync();
}

/// <summary>What the domain needs of the configuration.</summary>
/// <param name="Store">Which store to open.</param>
/// <param name="Hostname">Our name in messages: a server's, to be written into the store; null for a command that takes the one it finds there.</param>
/// <param name="MachineName">The hostname of a command on a store that no server has used yet.</param>
/// <param name="PublicUrl">What confirmation links begin with; null for what the hostname gives.</param>
/// <param name="DkimZone">
/// Where DKIM keys are published. Null: for a server, what the hostname gives; for a command, what it finds in the store.
/// </param>
/// <param name="IsDev">Whether who looks is the developer of <c>signet dev</c>, who sees the server's own mail too.</param>
/// <param name="DevKeys">Which access keys are good besides those that were made.</param>
/// <param name="Rules">A server's, to be written into the store; null for a command, which takes those it finds there.</param>
/// <param name="Regions">A server's, to be written into the store; null for a command that takes those it finds there.</param>
/// <param name="Vouches">Whether the operator vouches for the identities that this call begins to verify.</param>
/// <param name="MaxMessageSize">Bytes of a message after encoding.</param>
/// <param name="Dns">Whom to ask; null is the system's resolver.</param>
/// <param name="Delivery">How mail leaves; null for a command, whose messages a server is to deliver.</param>
/// <param name="StoreMustExist">Whether a store that is not there is an error; otherwise it is made.</param>
internal sealed record MailSystemOptions(
    StoreSettings Store,
    Signet.Addresses.DomainName? Hostname,
    Signet.Addresses.DomainName MachineName,
    Uri? PublicUrl,
    Signet.Addresses.DomainName? DkimZone,
    bool IsDev,
    DevKeys DevKeys,
    AccountRules? Rules,
    RegionSet? Regions,
    bool Vouches,
    int MaxMessageSize,
    System.Net.IPEndPoint? Dns,
    DeliverySettings? Delivery,
    bool StoreMustExist = false);

/// <summary>How mail leaves.</summary>
/// <param name="Routes">First match wins; the last one matches everything.</param>
/// <param name="MxPort">The port of mail exchangers.</param>
/// <param name="ServerKey">What all mail is signed with besides the sender's own key; null for nothing.</param>
/// <param name="AllowsPrivateHosts">Whether a domain's mail exchangers may be on this machine or in a private network.</param>
internal sealed record DeliverySettings(
    IReadOnlyList<Signet.Delivery.Route> Routes, int MxPort, Signet.Dkim.SigningKey? ServerKey, bool AllowsPrivateHosts);

/// <summary>Opens the store and builds the domain over it.</summary>
/// <exception cref="StartException">The store cannot be opened; nothing in it has been changed.</exception>
internal delegate Task<MailSystem> OpenMailSystem(
    MailSystemOptions options,
    ArrivalSignal arrivals,
    SignetMetrics metrics,
    ILoggerFactory loggers,
    CancellationToken cancel);
