using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Signet.Accounts;
using Signet.Addresses;
using Signet.Archive;
using Signet.Delivery;
using Signet.Identities;
using Signet.Queue;
using Signet.Sending;
using Signet.Storage;
using Signet.Telemetry;
using Signet.Traffic;

namespace Signet.Tests;

public sealed class MailServicesTests : IDisposable
{
    private static readonly Type[] DevWork =
    [
        typeof(Heartbeat), typeof(Claims), typeof(OutcomeWriter), typeof(DestinationRecorder), typeof(DeliveryWorker), typeof(RequestLoop), typeof(ClaimLoop), typeof(ExpiryLoop),
        typeof(SuspensionUpkeep), typeof(Retention), typeof(SearchIndexing), typeof(TrafficCounting),
        typeof(TotalsLoop),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("signet-").FullName;
    private readonly SignetMetrics _metrics = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_service_that_a_folder_registers_can_be_made(bool isServer)
    {
        var options = isServer ? Server(AccountRules.Serve) : Command();
        var store = await OpenedStore.OpenAsync(options, TimeProvider.System, NullLoggerFactory.Instance, Cancel);
        var services = MailServices.Register(
            options, store, new ArrivalSignal(), _metrics, NullLoggerFactory.Instance, TimeProvider.System);

        await using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });

        Assert.All(services.Where(s => !s.ServiceType.IsGenericTypeDefinition), s => Assert.NotEmpty(s.IsKeyedService
            ? provider.GetKeyedServices(s.ServiceType, s.ServiceKey)
            : provider.GetServices(s.ServiceType)));
        Assert.Equal(isServer, services.Any(s => s.ServiceType == typeof(IHostedService)));
    }

    [Fact]
    public async Task A_server_starts_first_what_stops_last()
    {
        await using var dev = await OpenAsync(Server(AccountRules.Dev));

        Assert.Equal(DevWork, dev.BackgroundWork.Select(w => w.GetType()));
    }

    [Fact]
    public async Task Identities_are_checked_in_the_background_where_they_are_not_verified_at_once()
    {
        await using var serve = await OpenAsync(Server(AccountRules.Serve));

        Assert.Equal([.. DevWork[..9], typeof(IdentityChecks), .. DevWork[9..]], serve.BackgroundWork.Select(w => w.GetType()));
    }

    [Fact]
    public async Task A_command_works_at_nothing_in_the_background()
    {
        await using var command = await OpenAsync(Command());

        Assert.Empty(command.BackgroundWork);
    }

    [Fact]
    public async Task Disposing_closes_the_store()
    {
        var system = await OpenAsync(Server(AccountRules.Dev));
        await system.CheckStoreAsync(Cancel);

        await system.DisposeAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => system.CheckStoreAsync(Cancel));
    }

    [Fact]
    public async Task A_service_that_cannot_be_registered_leaves_the_store_closed()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => MailServices.OpenAsync(
            Server(AccountRules.Dev), null!, _metrics, NullLoggerFactory.Instance, TimeProvider.System, Cancel));

        AssertStoreIsClosed();
    }

    [Fact]
    public async Task A_service_that_cannot_be_made_leaves_the_store_closed()
    {
        await Assert.ThrowsAsync<NotSupportedException>(() => MailServices.OpenAsync(
            Server(AccountRules.Dev), new ArrivalSignal(), _metrics, new LoggersWithout(typeof(Submission)), TimeProvider.System, Cancel));

        AssertStoreIsClosed();
    }

    // SQLite keeps the log next to the file as long as a connection is open.
    private void AssertStoreIsClosed()
    {
        Assert.True(File.Exists(Path.Combine(_folder, StoreSettings.DatabaseFile)));
        Assert.Empty(Directory.GetFiles(_folder, "*-wal"));
    }

    public void Dispose()
    {
        _metrics.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Task<MailSystem> OpenAsync(MailSystemOptions options) => MailServices.OpenAsync(
        options, new ArrivalSignal(), _metrics, NullLoggerFactory.Instance, TimeProvider.System, Cancel);

    private MailSystemOptions Server(AccountRules rules) => Command() with
    {
        Rules = rules,
        Delivery = new DeliverySettings([Route.CaptureAll], 25, null, AllowsPrivateHosts: false, TimeSpan.FromDays(1)),
    };

    private MailSystemOptions Command() => new()
    {
        Store = new StoreSettings(_folder, null, null, new byte[MasterKey.Length]),
        MachineName = DomainName.Parse("mail.example.com"),
        MaxMessageSize = 10_485_760,
    };

    /// <summary>A stub, for a service that cannot be made: it has no logger for it.</summary>
    private sealed class LoggersWithout(Type category) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) =>
            categoryName == category.FullName ? throw new NotSupportedException() : NullLogger.Instance;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
