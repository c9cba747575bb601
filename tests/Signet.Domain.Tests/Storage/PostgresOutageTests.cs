using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Signet.Queue;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

/// <summary>What callers hear while PostgreSQL is there and of no use.</summary>
public sealed class PostgresOutageTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly SecretBox Secrets = new(new byte[MasterKey.Length]);

    private readonly FakeTimeProvider _time = new();
    private string _schema = null!;
    private PostgresProxy _proxy = null!;
    private Database _database = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SqlMessageQueue Queue => new(_database);

    public async ValueTask InitializeAsync()
    {
        _schema = await server.NewSchemaAsync(Cancel);
        var settings = new NpgsqlConnectionStringBuilder(_schema) { CommandTimeout = 1, CancellationTimeout = 100, Timeout = 1, MaxPoolSize = 2 };
        _proxy = PostgresProxy.Before(settings);
        _database = await Database.OpenPostgresAsync(
            settings.ToString(), Secrets, new DatabaseOptions { Patience = DatabaseOptions.ServerPatience, Time = _time }, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
            await _proxy.DisposeAsync();
            await PostgresServer.DropSchemaAsync(_schema);
        }
    }

    [Fact]
    public async Task A_server_that_falls_silent_makes_the_store_unavailable_until_it_speaks_again()
    {
        Assert.Equal(EnqueueResult.Stored, await Queue.EnqueueAsync(Message(), 1_000_000, null, Cancel));
        _proxy.FallSilent();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Queue.CountAsync(Cancel));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Queue.EnqueueAsync(Message(), null, null, Cancel));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Queue.CountAsync(Cancel));

        _proxy.Speak();
        Assert.Equal(EnqueueResult.Stored, await Queue.EnqueueAsync(Message(), null, null, Cancel));
        Assert.Equal(2, (await Queue.CountAsync(Cancel))[DeliveryState.Queued]);
    }

    [Fact]
    public async Task What_is_kept_of_the_configuration_serves_no_longer_than_its_version_is_known()
    {
        var accounts = new SqlAccountStore(_database);
        await accounts.FindStandingAsync(Owner, Cancel);
        _proxy.FallSilent();
        await accounts.FindStandingAsync(Owner, Cancel);

        _time.Advance(TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => accounts.FindStandingAsync(Owner, Cancel));

        _proxy.Speak();
        await accounts.FindStandingAsync(Owner, Cancel);
    }

    [Fact]
    public async Task A_commit_without_an_answer_is_given_up_on_when_patience_ends()
    {
        var committing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _database.BeforeStatement = sql =>
        {
            if (sql == "COMMIT")
            {
                _proxy.FallSilent();
                committing.SetResult();
            }
        };

        var write = Queue.EnqueueAsync(Message(), null, null, Cancel);
        await committing.Task.InTimeAsync();
        _time.Advance(DatabaseOptions.ServerPatience);

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => write);
        Assert.Contains("it may do so yet", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_that_somebody_else_holds_is_not_waited_for_without_end_and_nothing_is_stored()
    {
        await using var source = NpgsqlDataSource.Create(_schema);
        await using var other = await source.OpenConnectionAsync(Cancel);
        await using var transaction = await other.BeginTransactionAsync(Cancel);
        await using var command = new NpgsqlCommand("LOCK TABLE event IN ACCESS EXCLUSIVE MODE", other, transaction);
        await command.ExecuteNonQueryAsync(Cancel);
        var message = Message();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Queue.EnqueueAsync(message, null, null, Cancel));

        await transaction.RollbackAsync(Cancel);
        Assert.Null(await new SqlMessageArchive(_database).GetAsync(message.Id, Cancel));
        Assert.Equal(EnqueueResult.Stored, await Queue.EnqueueAsync(message, null, null, Cancel));
    }

    [Fact]
    public async Task A_wait_for_a_connection_ends()
    {
        using var gate = new SemaphoreSlim(0);
        var busy = Enumerable.Range(0, 2).Select(_ => _database.ReadAsync(
            async s =>
            {
                await gate.InTimeAsync();
                return 0;
            },
            Cancel)).ToList();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Queue.CountAsync(Cancel));

        gate.Release(2);
        await Task.WhenAll(busy);
        await Queue.CountAsync(Cancel);
    }

    [Theory]
    [InlineData("26000", 2)]
    [InlineData("42P05", 2)]
    [InlineData("08P01", 2)]
    [InlineData("55P03", 1)]
    [InlineData("57014", 1)]
    public async Task A_failure_of_the_session_is_tried_again_once_and_then_the_store_is_unavailable(string code, int tries)
    {
        var begun = 0;
        Task<int> FailAsync(Session session, int times) => ++begun <= times
            ? session.ExecuteAsync($"DO $$ BEGIN RAISE EXCEPTION 'simulated' USING ERRCODE = '{code}'; END $$")
            : Task.FromResult(0);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _database.WriteAsync(s => FailAsync(s, 9), Cancel));
        Assert.Equal(tries, begun);
        begun = 0;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _database.ReadAsync(s => FailAsync(s, 9), Cancel));
        Assert.Equal(tries, begun);
        begun = 0;
        if (tries > 1)
        {
            await _database.WriteAsync(s => FailAsync(s, 1), Cancel);
        }
    }
}
