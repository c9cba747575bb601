using Npgsql;
using Signet.Queue;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

public sealed class PostgresOpeningTests(PostgresServer server)
{
    private static readonly SecretBox Secrets = new(new byte[MasterKey.Length]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_nodes_may_make_the_tables_at_once()
    {
        var schema = await server.NewSchemaAsync(Cancel);

        var opened = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Database.OpenPostgresAsync(schema, Secrets, Cancel)));

        foreach (var database in opened)
        {
            Assert.Equal(Samples.Migrations.Count, await database.ReadAsync(s => s.CountAsync("SELECT COUNT(*) FROM migration"), Cancel));
            await database.DisposeAsync();
        }

        await PostgresServer.DropSchemaAsync(schema);
    }

    [Fact]
    public async Task A_command_that_needs_a_store_makes_no_tables()
    {
        var schema = await server.NewSchemaAsync(Cancel);

        var refusal = await Assert.ThrowsAsync<StoreOpenException>(
            () => Database.OpenPostgresAsync(schema, Secrets, new DatabaseOptions { MustExist = true }, Cancel));

        Assert.Equal("the database holds no store of Signet yet: `signet serve` or `signet account create` makes one", refusal.Message);
        await using (var source = NpgsqlDataSource.Create(schema))
        {
            await using var tables = source.CreateCommand("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema()");
            Assert.Equal(0L, await tables.ExecuteScalarAsync(Cancel));
        }

        await using (await Database.OpenPostgresAsync(schema, Secrets, Cancel))
        {
        }

        await using (await Database.OpenPostgresAsync(schema, Secrets, new DatabaseOptions { MustExist = true }, Cancel))
        {
        }

        await PostgresServer.DropSchemaAsync(schema);
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_refused()
    {
        var schema = await server.NewSchemaAsync(Cancel);
        await using (var database = await Database.OpenPostgresAsync(schema, Secrets, Cancel))
        {
            await database.WriteAsync(s => s.ExecuteAsync("INSERT INTO migration (version, name) VALUES (9999, 'later')"), Cancel);
        }

        await AssertRefusedAsync(schema, $"the store has version 9999, this program knows versions up to {Samples.Version}: start the newer program");
        await PostgresServer.DropSchemaAsync(schema);
    }

    [Fact]
    public async Task A_store_that_was_made_with_another_master_key_is_refused()
    {
        var schema = await server.NewSchemaAsync(Cancel);
        await using (await Database.OpenPostgresAsync(schema, new SecretBox([.. new byte[31], 1]), Cancel))
        {
        }

        await AssertRefusedAsync(schema, "the master key is not the one that this store was made with");
        await PostgresServer.DropSchemaAsync(schema);
    }

    [Fact]
    public async Task A_node_without_the_key_of_the_store_is_refused_and_makes_none()
    {
        var schema = await server.NewSchemaAsync(Cancel);
        var (first, second) = (Directory.CreateTempSubdirectory("signet-").FullName, Directory.CreateTempSubdirectory("signet-").FullName);
        await using (await Database.OpenPostgresAsync(schema, SecretBox.WithKeyIn(first), Cancel))
        {
        }

        var refusal = await Assert.ThrowsAsync<StoreOpenException>(() => Database.OpenPostgresAsync(schema, SecretBox.WithKeyIn(second), Cancel));

        Assert.Contains("of this store is missing: put it back from a backup", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(second));
        Directory.Delete(first, recursive: true);
        Directory.Delete(second, recursive: true);
        await PostgresServer.DropSchemaAsync(schema);
    }

    [Fact]
    public async Task An_unknown_database_is_refused_by_its_name()
    {
        var settings = new NpgsqlConnectionStringBuilder(await server.NewSchemaAsync(Cancel));
        var host = settings.Host;
        settings.Database = "no_such_one";

        await AssertRefusedAsync(settings.ToString(), $"PostgreSQL at `{host}` has no database `no_such_one`");
    }

    [Fact]
    public async Task A_user_that_the_server_does_not_know_is_refused()
    {
        var settings = new NpgsqlConnectionStringBuilder(await server.NewSchemaAsync(Cancel)) { Username = "nobody_known", Password = "hush" };

        await AssertRefusedAsync(settings.ToString(), $"PostgreSQL at `{settings.Host}` refuses the user `nobody_known` or the password");
    }

    [Fact]
    public Task A_server_that_is_not_there_is_named() => AssertRefusedAsync(
        "Host=/nonexistent;Username=signet;Password=hush", "PostgreSQL at `/nonexistent` cannot be reached: ");

    [Fact]
    public Task A_connection_string_that_makes_no_sense_is_refused() => AssertRefusedAsync(
        "Host=db.example.com;Pasword=hush", "the PostgreSQL connection string is not valid: ");

    [Fact]
    public async Task A_connection_that_breaks_makes_the_store_unavailable_until_it_is_there_again()
    {
        var schema = await server.NewSchemaAsync(Cancel);
        await using (var database = await Database.OpenPostgresAsync(schema, Secrets, Cancel))
        {
            var queue = new SqlMessageQueue(database);

            await Assert.ThrowsAsync<StoreUnavailableException>(() => database.WriteAsync(
                s => s.ExecuteAsync("SELECT pg_terminate_backend(pg_backend_pid())"), Cancel));

            Assert.Equal(EnqueueResult.Stored, await queue.EnqueueAsync(Message(), null, null, Cancel));
        }

        await PostgresServer.DropSchemaAsync(schema);
    }

    [Fact]
    public async Task A_unit_that_loses_to_another_is_begun_again()
    {
        var schema = await server.NewSchemaAsync(Cancel);
        await using (var database = await Database.OpenPostgresAsync(schema, Secrets, Cancel))
        {
            var begun = 0;

            var result = await database.WriteAsync(
                async s =>
                {
                    if (++begun < 3)
                    {
                        await s.ExecuteAsync("DO $$ BEGIN RAISE EXCEPTION 'simulated' USING ERRCODE = '40P01'; END $$");
                    }

                    return "done";
                },
                Cancel);

            Assert.Equal("done", result);
            Assert.Equal(3, begun);
        }

        await PostgresServer.DropSchemaAsync(schema);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(";Max Auto Prepare=0", false)]
    public async Task Straight_at_the_server_statements_are_kept_prepared_unless_the_connection_string_forbids_it(string more, bool prepares)
    {
        var schema = await server.NewSchemaAsync(Cancel);
        await using (var database = await Database.OpenPostgresAsync(schema + more, Secrets, Cancel))
        {
            Assert.Equal(prepares, await PreparesAsync(database));
        }

        await PostgresServer.DropSchemaAsync(schema);
    }

    /// <summary>Whether a statement that is run again and again ends up prepared in the session.</summary>
    internal static Task<bool> PreparesAsync(Database database) => database.ReadAsync(
        async session =>
        {
            for (var i = 0; i < 4; i++)
            {
                await session.CountAsync("SELECT COUNT(*) FROM message");
            }

            return await session.CountAsync("SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE '%FROM message'") > 0;
        },
        Cancel);

    private static async Task AssertRefusedAsync(string connectionString, string beginning)
    {
        var refusal = await Assert.ThrowsAsync<StoreOpenException>(() => Database.OpenPostgresAsync(connectionString, Secrets, Cancel));

        Assert.StartsWith(beginning, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
