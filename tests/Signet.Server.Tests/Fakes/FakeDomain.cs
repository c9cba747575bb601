using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Accounts;
using Signet.Archive;
using Signet.Dns;
using Signet.Identities;
using Signet.Names;
using Signet.Operators;
using Signet.Policies;
using Signet.Queue;
using Signet.Sending;
using Signet.Sending.Limits;
using Signet.Server.Hosting;
using Signet.Telemetry;
using Signet.Tests.Fakes;

namespace Signet.Server.Tests.Fakes;

/// <summary>A domain in memory, for the server and the commands to stand on. What it was opened with is kept for the test to see.</summary>
internal sealed class FakeDomain
{
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));

    public InMemoryAccountStore AccountStore { get; } = new();

    public InMemoryOperatorStore OperatorStore { get; } = new();

    public InMemorySessionKeyStore SessionKeys { get; } = new();

    public InMemoryIdentityStore IdentityStore { get; } = new();

    /// <summary>Those of the server that a command finds in the store; null if there was none.</summary>
    public RegionSet? Regions { get; set; }

    public FakeArchive Archive { get; } = new();

    public FakeHistory History { get; } = new();

    public StubTraffic Traffic { get; } = new();

    public StubQueue Queue { get; } = new();

    /// <summary>What authorization says to whatever it is asked.</summary>
    public SendDecision Decision { get; set; } = Samples.Allowed;

    /// <summary>What authorization was asked last.</summary>
    public SendAttempt? Asked { get; private set; }

    public Dictionary<string, (IdentityArn Arn, ConfirmationState State)> Confirmations { get; } = [];

    /// <summary>The tokens that were followed.</summary>
    public List<string> Confirmed { get; } = [];

    public List<ConfirmationMail> Mails { get; } = [];

    public ArrivalSignal? Arrivals { get; private set; }

    public SignetMetrics? Metrics { get; private set; }

    public MailSystemOptions? OpenedWith { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>How often the store was checked.</summary>
    public int Checks { get; private set; }

    public StoreUnavailableException? StoreFailure { get; set; }

    public StartException? OpenFailure { get; set; }

    public Task<MailSystem> OpenAsync(
        MailSystemOptions options, ArrivalSignal arrivals, SignetMetrics metrics, ILoggerFactory loggers, CancellationToken cancel)
    {
        (OpenedWith, Arrivals, Metrics, IsClosed) = (options, arrivals, metrics, false);
        if (OpenFailure is not null)
        {
            throw OpenFailure;
        }

        return Task.FromResult(Over(options, arrivals));
    }

    /// <summary>The domain over what is in memory here.</summary>
    public MailSystem Over(MailSystemOptions options, ArrivalSignal arrivals)
    {
        var verification = new VerificationOptions
        {
            AtOnce = options.Rules is { VerifiesAtOnce: true },
            IsVouched = options.Vouches,
            Hostname = options.Hostname ?? options.MachineName,
            ConfirmationUrl = new Uri($"{options.PublicUrl?.AbsoluteUri.TrimEnd('/') ?? "http://signet.test"}/_signet/confirm"),
        };
        var accounts = new AccountRegistry(AccountStore, options.Rules ?? AccountRules.Serve, Time);
        var identities = new IdentityRegistry(
            IdentityStore, verification, KeepAsync, accounts.IsPausedAsync, Time, NullLogger<IdentityRegistry>.Instance);
        var policies = new InMemoryPolicyStore();
        var library = new PolicyLibrary();
        var refusals = new RefusalLog(History, null, null, NullLogger<RefusalLog>.Instance);
        var submission = new Submission(
            new SendAuthorization(identities, IdentityStore, policies, accounts, library), accounts, new SendRate(new AliveNodes(), Time), refusals, Queue,
            new StubSuspensions(), new ActiveQueue(0), new Node("test", TimeSpan.FromMinutes(5)), _ => [],
            new SendingOptions(options.Hostname ?? options.MachineName, options.MaxMessageSize), Time, new Random(1), NullLogger<Submission>.Instance);
        return new MailSystem
        {
            Time = Time,
            AccountStore = AccountStore,
            Accounts = accounts,
            Regions = options.Regions ?? Regions ?? RegionSet.Aws,
            Keys = new AccessKeys(AccountStore, options.DevKeys),
            Operators = new OperatorRegistry(OperatorStore, AccountStore, new OperatorPasswords(iterations: 1), Time),
            SessionKeyStore = SessionKeys,
            Dns = DnsClientLookup.OfSystem(DnsCaching.None, TimeSpan.FromSeconds(5)),
            IdentityStore = IdentityStore,
            Identities = identities,
            VerifiesAtOnce = verification.AtOnce,
            CheckIdentityAsync = (identity, _, _) => Task.FromResult(new IdentityCheck(identity, [])),
            PolicyStore = policies,
            IdentityPolicies = new IdentityPolicies(IdentityStore, policies),
            PolicyLibrary = library,
            PastDecisions = new PastDecisions(policies, accounts, library),
            Refusals = refusals,
            AcceptAsync = submission.AcceptAsync,
            Queue = Queue,
            QueueControl = new StubQueueControl(),
            Suspensions = new StubSuspensions(),
            DestinationDomains = new StubDestinationDomains(),
            Archive = Archive,
            Arrivals = arrivals,
            History = History,
            TrafficStore = Traffic,
            DecideAsync = DecideAsync,
            DecideWithAsync = (attempt, _, cancel) => DecideAsync(attempt, cancel),
            ConfirmAsync = ConfirmAsync,
            BackgroundWork = [],
            CheckStoreAsync = _ =>
            {
                Checks++;
                return StoreFailure is null ? Task.CompletedTask : Task.FromException(StoreFailure);
            },
            CloseAsync = () =>
            {
                IsClosed = true;
                return ValueTask.CompletedTask;
            },
        };
    }

    private Task<(IdentityArn Arn, ConfirmationState State)?> ConfirmAsync(string token, CancellationToken cancel)
    {
        if (StoreFailure is not null)
        {
            throw StoreFailure;
        }

        Confirmed.Add(token);
        return Task.FromResult(Confirmations.TryGetValue(token, out var found) ? found : ((IdentityArn, ConfirmationState)?)null);
    }

    private Task KeepAsync(ConfirmationMail mail, CancellationToken cancel)
    {
        Mails.Add(mail);
        return Task.CompletedTask;
    }

    private Task<SendDecision> DecideAsync(SendAttempt attempt, CancellationToken cancel)
    {
        Asked = attempt;
        return Task.FromResult(Decision);
    }
}
