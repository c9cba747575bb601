using System.Diagnostics;
using Signet.Queue;
using Signet.Storage;
using Signet.Tests.Fakes;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

/// <summary>What a node does when another PostgreSQL server becomes the primary.</summary>
public sealed class PostgresFailoverTests : IAsyncLifetime
{
    private static readonly SecretBox Secrets = new(new byte[MasterKey.Length]);

    /// <summary>Until it accepts again after a failover; a busy machine gets some more.</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(15);

    private readonly RecordingLogger<Database> _log = new();
    private PostgresPair _pair = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private int Failovers => _log.Lines.Count(l => l.Contains("is used from now on", StringComparison.Ordinal));

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "freezes processes as Linux does");
        _pair = await PostgresPair.StartAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_pair is not null)
        {
            await _pair.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_frozen_primary_costs_seconds_and_is_not_used_again_when_it_wakes()
    {
        await using var database = await OpenAsync();
        var queue = new SqlMessageQueue(database);
        Assert.Equal(EnqueueResult.Stored, await queue.EnqueueAsync(Message(), null, null, Cancel));
        var old = _pair.Primary;

        await old.FreezeAsync(Cancel);
        var frozen = Stopwatch.GetTimestamp();
        var caught = Enumerable.Range(0, 50).Select(_ => queue.EnqueueAsync(Message(), null, null, Cancel)).ToList();
        await _pair.FailOverAsync(Cancel);
        await UntilStoredAsync(queue);
        Assert.InRange(Stopwatch.GetElapsedTime(frozen), TimeSpan.Zero, Promised);

        // Callers of the frozen one heard of a failure: whether the new one has theirs nobody knows.
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Task.WhenAll(caught));
        await old.ThawAsync(Cancel);
        var before = await old.AskAsync("SELECT COUNT(*) FROM message", Cancel);
        await Eventually.TrueAsync(() => _log.Lines.Any(l => l.Contains("calls itself a primary", StringComparison.Ordinal)));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(EnqueueResult.Stored, await queue.EnqueueAsync(Message(), null, null, Cancel));
        }

        Assert.Equal(before, await old.AskAsync("SELECT COUNT(*) FROM message", Cancel));
        Assert.Equal(1, Failovers);

        // And back again, when it has been rebuilt.
        await _pair.RebuildAsync(Cancel);
        await _pair.Primary.StopAsync("immediate", Cancel);
        await _pair.FailOverAsync(Cancel);
        await UntilStoredAsync(queue);
        Assert.Equal(2, Failovers);
        await _pair.RebuildAsync(Cancel);
    }

    [Fact]
    public async Task A_commit_that_hangs_at_a_frozen_primary_is_given_up_on_when_another_is_promoted()
    {
        await using var database = await OpenAsync();
        var queue = new SqlMessageQueue(database);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        database.BeforeStatement = sql =>
        {
            if (sql == "COMMIT" && reached.TrySetResult())
            {
                _pair.Primary.FreezeAsync(Cancel).InTimeAsync().GetAwaiter().GetResult();
            }
        };

        var write = queue.EnqueueAsync(Message(), null, null, Cancel);
        await reached.Task.InTimeAsync();
        await _pair.FailOverAsync(Cancel);

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => write.InTimeAsync());
        Assert.Contains("no longer used", failure.Message, StringComparison.Ordinal);
        Assert.Equal(EnqueueResult.Stored, await queue.EnqueueAsync(Message(), null, null, Cancel));
    }

    [Fact]
    public async Task What_was_kept_of_the_configuration_is_dropped_with_the_old_primary()
    {
        await using var database = await OpenAsync();
        var kept = await database.Configuration.CurrentAsync(Cancel);

        await _pair.Primary.StopAsync("immediate", Cancel);
        await _pair.FailOverAsync(Cancel);
        await UntilStoredAsync(new SqlMessageQueue(database));

        Assert.NotSame(kept, await database.Configuration.CurrentAsync(Cancel));
    }

    [Fact]
    public async Task A_start_finds_the_primary_behind_a_host_that_is_frozen()
    {
        await using (await OpenAsync())
        {
        }

        await _pair.Primary.FreezeAsync(Cancel);
        await _pair.FailOverAsync(Cancel);

        var begin = Stopwatch.GetTimestamp();
        await using var database = await OpenAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(begin), TimeSpan.Zero, Promised);
        Assert.Equal(EnqueueResult.Stored, await new SqlMessageQueue(database).EnqueueAsync(Message(), null, null, Cancel));
    }

    [Fact]
    public async Task A_standby_alone_is_refused()
    {
        await using (await OpenAsync())
        {
        }

        var refusal = await Assert.ThrowsAsync<StoreOpenException>(() => Database.OpenPostgresAsync(_pair.Standby.ConnectionString, Secrets, Cancel));

        Assert.EndsWith("is a standby or read-only, which cannot store mail: name the primary, or all hosts", refusal.Message, StringComparison.Ordinal);
    }

    private Task<Database> OpenAsync() => Database.OpenPostgresAsync(
        _pair.ConnectionString, Secrets, new DatabaseOptions { Patience = DatabaseOptions.ServerPatience, Logger = _log }, Cancel);

    private static Task UntilStoredAsync(SqlMessageQueue queue) => Eventually.TrueAsync(async () =>
    {
        try
        {
            return await queue.EnqueueAsync(Message(), null, null, Cancel) == EnqueueResult.Stored;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    });
}
