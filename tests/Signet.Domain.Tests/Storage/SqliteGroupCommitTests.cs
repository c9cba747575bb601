using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Signet.Queue;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

public sealed class SqliteGroupCommitTests() : StoreContract(new SqliteStore())
{
    private SqlMessageQueue Queue => new(Database);

    [Fact]
    public async Task Room_that_deleted_mail_leaves_is_given_back_but_for_some()
    {
        var archive = new SqlMessageArchive(Database);
        for (var i = 0; i < 40; i++)
        {
            await Queue.EnqueueAsync(Message() with { Content = new byte[1 << 20] }, null, null, Cancel);
        }

        var full = await PagesAsync();
        await archive.DeleteAsync(new(), Cancel);
        Assert.Equal(full, await PagesAsync());

        await archive.GiveBackRoomAsync(Cancel);

        Assert.InRange(await PagesAsync(), 3_500, 4_700);
        Assert.Equal("ok", await Database.ReadAsync(s => s.FindAsync("PRAGMA integrity_check", r => r.GetString(0)), Cancel));
    }

    [Fact]
    public async Task Units_that_wait_are_committed_together()
    {
        var commits = 0;
        using var gate = new SemaphoreSlim(0);
        Database.BeforeStatement = sql => commits += sql == "COMMIT" ? 1 : 0;
        var first = Database.WriteAsync(
            async _ =>
            {
                await gate.InTimeAsync();
                return 0;
            },
            Cancel);

        var waiting = Enumerable.Range(0, 50).Select(_ => Queue.EnqueueAsync(Message(), null, null, Cancel)).ToList();
        gate.Release();
        await first;
        await Task.WhenAll(waiting);

        Assert.Equal(1, commits);
    }

    [Fact]
    public async Task The_commit_waits_for_the_disk()
    {
        // 2 is FULL: in WAL mode the log is synchronised at every commit.
        Assert.Equal(2, await Database.WriteAsync(s => s.CountAsync("PRAGMA synchronous"), Cancel));
        Assert.Equal("wal", await Database.WriteAsync(s => s.FindAsync("PRAGMA journal_mode", r => r.GetString(0)), Cancel));
    }

    [Fact]
    public async Task A_commit_that_fails_fails_all_its_units_and_the_writer_goes_on()
    {
        using var gate = new SemaphoreSlim(0);
        var failed = false;
        Database.BeforeStatement = sql =>
        {
            if (sql == "COMMIT" && !failed)
            {
                failed = true;
                throw new IOException("simulated");
            }
        };
        var messages = Enumerable.Range(0, 5).Select(_ => Message()).ToList();
        var first = Database.WriteAsync(
            async _ =>
            {
                await gate.InTimeAsync();
                return 0;
            },
            Cancel);
        var waiting = messages.Select(m => Queue.EnqueueAsync(m, null, null, Cancel)).ToList();
        gate.Release();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => first);
        foreach (var unit in waiting)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => unit);
        }

        Assert.Equal(0, (await Queue.CountAsync(Cancel))[DeliveryState.Queued]);
        Assert.Equal(EnqueueResult.Stored, await Queue.EnqueueAsync(messages[0], null, null, Cancel));
    }

    [Fact]
    public async Task A_full_disk_refuses_what_does_not_fit_and_takes_it_when_there_is_room()
    {
        var pages = await Database.WriteAsync(s => s.CountAsync("PRAGMA page_count"), Cancel);
        await Database.WriteAsync(s => s.QueryAsync($"PRAGMA max_page_count = {pages + 20}", r => r.GetInt64(0)), Cancel);
        var large = Message() with { Content = new byte[1 << 20] };
        var small = Message();

        var refused = Queue.EnqueueAsync(large, null, null, Cancel);
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => refused);
        Assert.Contains("full", failure.Message, StringComparison.Ordinal);
        Assert.Equal(EnqueueResult.Stored, await Queue.EnqueueAsync(small, null, null, Cancel));
        Assert.Null(await new SqlMessageArchive(Database).GetAsync(large.Id, Cancel));

        await Database.WriteAsync(s => s.QueryAsync("PRAGMA max_page_count = 1000000", r => r.GetInt64(0)), Cancel);
        Assert.Equal(EnqueueResult.Stored, await Queue.EnqueueAsync(large, null, null, Cancel));
    }

    [Fact]
    public async Task Another_program_that_writes_is_waited_for()
    {
        await using var other = new SqliteConnection($"Data Source={((SqliteStore)Store).File};Pooling=false");
        await other.OpenAsync(Cancel);
        await using var transaction = await other.BeginTransactionAsync(Cancel);

        var waiting = Queue.EnqueueAsync(Message(), null, null, Cancel);
        Assert.Equal(0, (await Queue.CountAsync(Cancel))[DeliveryState.Queued]);
        Assert.False(waiting.IsCompleted);
        await transaction.CommitAsync(Cancel);

        Assert.Equal(EnqueueResult.Stored, await waiting);
    }

    [Fact]
    public async Task Another_program_that_never_ends_makes_the_store_unavailable_for_the_time_being()
    {
        var store = (SqliteStore)Store;
        await Database.DisposeAsync();
        await using var database = await SqliteStore.OpenFileAsync(store.File, Cancel);
        var queue = new SqlMessageQueue(database);
        await using var other = new SqliteConnection($"Data Source={store.File};Pooling=false");
        await other.OpenAsync(Cancel);
        await using (await other.BeginTransactionAsync(Cancel))
        {
            var units = Enumerable.Range(0, 3).Select(_ => queue.EnqueueAsync(Message(), null, null, Cancel)).ToList();
            foreach (var unit in units)
            {
                await Assert.ThrowsAsync<StoreUnavailableException>(() => unit);
            }
        }

        Assert.Equal(EnqueueResult.Stored, await queue.EnqueueAsync(Message(), null, null, Cancel));
    }

    [Fact]
    public async Task Two_stores_on_one_file_write_at_once_and_nothing_is_lost()
    {
        await using var second = await Store.OpenAsync(Cancel);
        SqlMessageQueue[] queues = [Queue, new SqlMessageQueue(second)];

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => queues[i % 2].EnqueueAsync(Message(), null, null, Cancel)));

        Assert.Equal(100, (await queues[1].CountAsync(Cancel))[DeliveryState.Queued]);
    }

    [Fact]
    public async Task Closing_finishes_what_was_handed_in_and_takes_no_more()
    {
        var handedIn = Enumerable.Range(0, 50).Select(_ => Queue.EnqueueAsync(Message(), null, null, Cancel)).ToList();

        await Database.DisposeAsync();

        Assert.All(await Task.WhenAll(handedIn), r => Assert.Equal(EnqueueResult.Stored, r));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Queue.EnqueueAsync(Message(), null, null, Cancel));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Queue.CountAsync(Cancel));
    }

    [Fact]
    public async Task Closing_leaves_one_file()
    {
        await Queue.EnqueueAsync(Message(), null, null, Cancel);
        await Queue.CountAsync(Cancel);

        await Database.DisposeAsync();

        Assert.Equal(["signet.db"], Directory.GetFiles(((SqliteStore)Store).Folder).Select(f => Path.GetFileName(f)));
    }

    [Fact]
    public async Task A_caller_who_gives_up_while_waiting_has_stored_nothing()
    {
        using var gate = new SemaphoreSlim(0);
        using var giveUp = new CancellationTokenSource();
        var first = Database.WriteAsync(
            async _ =>
            {
                await gate.InTimeAsync();
                return 0;
            },
            Cancel);
        var waiting = Queue.EnqueueAsync(Message(), null, null, giveUp.Token);

        await giveUp.CancelAsync();
        gate.Release();
        await first;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, (await Queue.CountAsync(Cancel))[DeliveryState.Queued]);
    }

    [Fact]
    public async Task A_write_that_does_not_end_is_given_up_on_and_one_that_has_not_begun_is_never_run()
    {
        var time = new FakeTimeProvider();
        await using var database = await Store.OpenAsync(new DatabaseOptions { Patience = TimeSpan.FromSeconds(8), Time = time }, Cancel);
        using var gate = new SemaphoreSlim(0);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = Message();
        var stalled = database.WriteAsync(
            async _ =>
            {
                begun.SetResult();
                await gate.InTimeAsync();
                return 0;
            },
            Cancel);
        await begun.Task.InTimeAsync();
        var waiting = new SqlMessageQueue(database).EnqueueAsync(message, null, null, Cancel);

        time.Advance(TimeSpan.FromSeconds(7.9));
        var isEarly = stalled.IsCompleted || waiting.IsCompleted;
        time.Advance(TimeSpan.FromSeconds(0.1));
        Exception?[] failures = [await Record.ExceptionAsync(() => stalled), await Record.ExceptionAsync(() => waiting)];
        gate.Release();

        Assert.False(isEarly);
        Assert.All(failures, f => Assert.IsType<StoreUnavailableException>(f));
        Assert.Equal(EnqueueResult.Stored, await new SqlMessageQueue(database).EnqueueAsync(Message(), null, null, Cancel));
        Assert.Null(await new SqlMessageArchive(database).GetAsync(message.Id, Cancel));
    }

    [Fact]
    public async Task When_too_many_writes_wait_the_next_hears_of_it_in_time()
    {
        var time = new FakeTimeProvider();
        await using var database = await Store.OpenAsync(new DatabaseOptions { Patience = TimeSpan.FromSeconds(8), Time = time }, Cancel);
        using var gate = new SemaphoreSlim(0);
        var run = 0;
        var writes = Enumerable.Range(0, 5_000).Select(_ => database.WriteAsync(
            async _ =>
            {
                run++;
                await gate.InTimeAsync();
                return 0;
            },
            Cancel)).ToList();

        time.Advance(TimeSpan.FromSeconds(8));
        var failures = await Task.WhenAll(writes.Select(w => Record.ExceptionAsync(() => w).AsTask()));

        gate.Release(5_000);
        Assert.All(failures, f => Assert.IsType<StoreUnavailableException>(f));
        Assert.Equal(1, await database.WriteAsync(_ => Task.FromResult(1), Cancel));
        Assert.InRange(run, 0, 1);
    }

    [Fact]
    public async Task A_faulty_statement_is_a_bug_and_not_a_store_that_is_unavailable()
    {
        await Assert.ThrowsAsync<SqliteException>(() => Database.WriteAsync(s => s.ExecuteAsync("SELECT nonsense"), Cancel));
        await Assert.ThrowsAsync<SqliteException>(() => Database.ReadAsync(s => s.CountAsync("SELECT nonsense"), Cancel));
    }

    [Fact]
    public async Task Readers_cannot_write()
    {
        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => Database.ReadAsync(s => s.ExecuteAsync("DELETE FROM message"), Cancel));
    }

    private Task<long> PagesAsync() => Database.ReadAsync(s => s.CountAsync("PRAGMA page_count"), Cancel);
}
