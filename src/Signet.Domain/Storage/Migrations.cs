using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;

namespace Signet.Storage;

/// <summary>
/// Brings a store's tables up to date: the numbered files of <c>Migrations/</c>, each once, in order, forward only. One that says
/// <c>.sqlite</c> or <c>.postgres</c> before its end is for that engine alone, and has a twin for the other. The caller holds the
/// transaction and the lock, so that two programs starting at once do it one after the other, and wholly or not at all.
/// </summary>
internal static class Migrations
{
    private const string Folder = "Signet.Storage.Migrations.";
    private const string KeyCheck = "master_key_check";

    private static readonly IReadOnlyList<Migration> All = Load();

    /// <param name="session">The transaction.</param>
    /// <param name="secrets">Made with the store's master key.</param>
    /// <param name="mustExist"><see cref="DatabaseOptions.MustExist"/>.</param>
    /// <param name="upTo">The last one to apply; tests use it to make a store of an earlier version.</param>
    /// <exception cref="StoreOpenException">The store is of a newer version, or its master key is missing or another one.</exception>
    public static async Task ApplyAsync(Session session, SecretBox secrets, bool mustExist = false, long upTo = long.MaxValue)
    {
        await session.ExecuteAsync("CREATE TABLE IF NOT EXISTS migration (version BIGINT PRIMARY KEY, name TEXT NOT NULL)");
        var version = await session.CountAsync("SELECT COALESCE(MAX(version), 0) FROM migration");
        if (version > All[^1].Version)
        {
            throw new StoreOpenException(
                $"the store has version {version}, this program knows versions up to {All[^1].Version}: start the newer program");
        }

        if (version == 0 && mustExist)
        {
            throw new StoreOpenException("the database holds no store of Signet yet: `signet serve` or `signet account create` makes one");
        }

        foreach (var migration in All.Where(m => m.Version > version && m.Version <= upTo && (m.Engine is null || m.Engine == session.Dialect.Engine)))
        {
            await session.ExecuteAsync(migration.Sql
                .Replace("{text}", session.Dialect.Text, StringComparison.Ordinal)
                .Replace("{blob}", session.Dialect.Blob, StringComparison.Ordinal)
                .Replace("{clustered}", session.Dialect.Clustered, StringComparison.Ordinal));
            await session.ExecuteAsync(
                "INSERT INTO migration (version, name) VALUES (@version, @name)", ("version", migration.Version), ("name", migration.Name));
        }

        await CheckKeyAsync(session, secrets);
    }

    // A value sealed with the master key when the store was made: a key that cannot open it can open no secret in the store.
    private static async Task CheckKeyAsync(Session session, SecretBox secrets)
    {
        var check = await session.FindAsync(
            "SELECT value FROM store_property WHERE name = @name", r => r.GetFieldValue<byte[]>(0), ("name", KeyCheck));
        secrets.TakeKey(isNew: check is null);
        if (check is null)
        {
            await session.ExecuteAsync(
                "INSERT INTO store_property (name, value) VALUES (@name, @value)",
                ("name", KeyCheck), ("value", secrets.Seal("store", KeyCheck, [])));
            return;
        }

        try
        {
            secrets.Open("store", KeyCheck, check);
        }
        catch (CryptographicException e)
        {
            throw new StoreOpenException("the master key is not the one that this store was made with: put the right `secret.key` back", e);
        }
    }

    private static List<Migration> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(resource =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
                var parts = resource[Folder.Length..].Split('.');
                return new Migration(
                    long.Parse(parts[0].AsSpan(0, 4), CultureInfo.InvariantCulture), parts[0], parts.Length > 2 ? parts[1] : null,
                    reader.ReadToEnd());
            })];
    }

    private sealed record Migration(long Version, string Name, string? Engine, string Sql);
}
