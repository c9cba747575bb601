using Microsoft.Data.Sqlite;
using Signet.Queue;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

public sealed class SqliteOpeningTests : IAsyncLifetime
{
    private readonly SqliteStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Directory_and_file_are_made_and_the_file_is_for_its_owner_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes");
            return;
        }

        var file = Path.Combine(_store.Folder, "a", "b", "signet.db");

        await (await SqliteStore.OpenFileAsync(file, Cancel)).DisposeAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Opening_again_keeps_everything()
    {
        var message = Message();
        await FillAsync(message);

        await using var again = await _store.OpenAsync(Cancel);

        Assert.NotNull(await new SqlMessageArchive(again).GetAsync(message.Id, Cancel));
        Assert.Equal(Samples.Migrations.Count, await again.ReadAsync(s => s.CountAsync("SELECT COUNT(*) FROM migration"), Cancel));
    }

    [Fact]
    public async Task Many_may_open_a_new_store_at_once()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => _store.OpenAsync(Cancel))));

        foreach (var database in opened)
        {
            Assert.Equal(Samples.Migrations.Count, await database.ReadAsync(s => s.CountAsync("SELECT COUNT(*) FROM migration"), Cancel));
            await database.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_refused_and_not_touched()
    {
        await FillAsync(Message());
        await ExecuteAsync("INSERT INTO migration (version, name) VALUES (9999, '9999_later'); PRAGMA journal_mode = DELETE");

        await AssertRefusedAsync($"the store has version 9999, this program knows versions up to {Samples.Version}: start the newer program");
    }

    [Fact]
    public async Task A_store_that_was_made_with_another_master_key_is_refused()
    {
        await FillAsync(Message());

        var refusal = await Assert.ThrowsAsync<StoreOpenException>(
            () => Database.OpenSqliteAsync(_store.File, new SecretBox(new byte[MasterKey.Length]), Cancel));

        Assert.Equal("the master key is not the one that this store was made with: put the right `secret.key` back", refusal.Message);
    }

    [Fact]
    public async Task A_new_store_is_given_a_key_which_all_who_open_it_at_once_share()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(OpenWithKeyFileAsync)));

        foreach (var database in opened)
        {
            await database.DisposeAsync();
        }

        Assert.True(File.Exists(KeyFile));
        await (await OpenWithKeyFileAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_restored_store_without_its_key_is_refused_and_given_no_new_one()
    {
        await (await OpenWithKeyFileAsync()).DisposeAsync();
        File.Delete(KeyFile);

        var refusal = await Assert.ThrowsAsync<StoreOpenException>(OpenWithKeyFileAsync);

        Assert.StartsWith($"the master key `{KeyFile}` of this store is missing: put it back from a backup", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(KeyFile));
    }

    private string KeyFile => Path.Combine(_store.Folder, MasterKey.FileName);

    private Task<Database> OpenWithKeyFileAsync() => Database.OpenSqliteAsync(_store.File, SecretBox.WithKeyIn(_store.Folder), Cancel);

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_not_touched()
    {
        await File.WriteAllTextAsync(_store.File, "Dear diary, today I was nearly overwritten.", Cancel);

        await AssertRefusedAsync($"`{_store.File}` is not a Signet store: it is not an SQLite database, or its beginning is damaged");
    }

    [Fact]
    public async Task A_file_that_ends_within_its_header_is_refused()
    {
        await File.WriteAllBytesAsync(_store.File, "SQLite format 3\0"u8.ToArray(), Cancel);

        await AssertRefusedAsync($"the store `{_store.File}` is damaged: it ends within its header");
    }

    [Fact]
    public async Task Another_programs_database_is_refused_and_not_touched()
    {
        await ExecuteAsync("CREATE TABLE song (title TEXT)");

        await AssertRefusedAsync($"`{_store.File}` is not a Signet store: it is the database of another program");
    }

    [Fact]
    public async Task A_damaged_page_is_noticed()
    {
        await FillAsync([.. Enumerable.Range(0, 50).Select(_ => Message())]);
        await ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        await using (var file = new FileStream(_store.File, FileMode.Open))
        {
            file.Position = 4096;
            file.Write(Enumerable.Repeat((byte)0xEE, (int)file.Length - 8192).ToArray());
        }

        var refusal = await Assert.ThrowsAsync<StoreOpenException>(() => _store.OpenAsync(Cancel));

        Assert.StartsWith($"the store `{_store.File}` is damaged (", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith("): put it back from a backup", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_was_cut_short_is_noticed()
    {
        await FillAsync([.. Enumerable.Range(0, 50).Select(_ => Message())]);
        await ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        await using (var file = new FileStream(_store.File, FileMode.Open))
        {
            file.SetLength(file.Length / 2);
        }

        await AssertRefusedAsync($"the store `{_store.File}` is damaged (");
    }

    [Fact]
    public async Task A_data_directory_that_is_a_file_is_refused()
    {
        var directory = Path.Combine(_store.Folder, "data");
        await File.WriteAllTextAsync(directory, "", Cancel);
        var file = Path.Combine(directory, "signet.db");

        var refusal = await Assert.ThrowsAsync<StoreOpenException>(() => SqliteStore.OpenFileAsync(file, Cancel));

        Assert.StartsWith($"the store `{file}` cannot be opened for writing: ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_where_nobody_can_write_is_refused()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "there is no /proc, the one place that is read-only for root too");

        var refusal = await Assert.ThrowsAsync<StoreOpenException>(() => SqliteStore.OpenFileAsync("/proc/signet/signet.db", Cancel));

        Assert.StartsWith("the store `/proc/signet/signet.db` cannot be opened for writing: ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_another_program_has_locked_is_refused_after_a_while()
    {
        await using var other = new SqliteConnection($"Data Source={_store.File};Pooling=false");
        await other.OpenAsync(Cancel);
        await using var transaction = await other.BeginTransactionAsync(Cancel);

        var refusal = await Assert.ThrowsAsync<StoreOpenException>(() => SqliteStore.OpenFileAsync(_store.File, Cancel));

        Assert.Equal($"the store `{_store.File}` is locked by another program", refusal.Message);
    }

    private async Task FillAsync(params NewMessage[] messages)
    {
        await using var database = await _store.OpenAsync(Cancel);
        await Task.WhenAll(messages.Select(m => new SqlMessageQueue(database).EnqueueAsync(m, null, null, Cancel)));
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={_store.File};Pooling=false");
        await connection.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private async Task AssertRefusedAsync(string beginning)
    {
        var before = await File.ReadAllBytesAsync(_store.File, Cancel);

        var refusal = await Assert.ThrowsAsync<StoreOpenException>(() => _store.OpenAsync(Cancel));

        Assert.StartsWith(beginning, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Equal(before, await File.ReadAllBytesAsync(_store.File, Cancel));
    }
}
