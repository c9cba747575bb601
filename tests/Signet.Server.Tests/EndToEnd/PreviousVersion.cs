using System.IO.Compression;
using Npgsql;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>The store that the first version left with mail waiting; <c>PreviousVersion/README.md</c> says what is in it.</summary>
internal static class PreviousVersion
{
    /// <summary>What its secrets are sealed with.</summary>
    public const string SecretKey = "8u9OvFbzr4v0in5O5964IrZdgX5v7dAFQv80jnWxUzo=";

    /// <summary>Some minutes after it was stopped.</summary>
    public static DateTimeOffset Next { get; } = new(2026, 11, 27, 14, 0, 0, TimeSpan.Zero);

    /// <summary>The subjects and recipients of the customers' mails that wait.</summary>
    public static IEnumerable<(string Subject, string Recipient)> Waiting =>
    [
        .. Enumerable.Range(0, 12).Select(i => ($"Waiting {i}", $"customer{i}@client{i % 3}.test")),
        ("Raw waiting", "raw@client0.test"),
    ];

    /// <summary>Makes the SQLite file.</summary>
    public static async Task WriteSqliteAsync(string file, CancellationToken cancel)
    {
        await using var to = File.Create(file);
        await using var from = Open("sqlite.db.gz");
        await from.CopyToAsync(to, cancel);
    }

    /// <summary>Fills an empty database.</summary>
    public static async Task WritePostgresAsync(string connectionString, CancellationToken cancel)
    {
        using var reader = new StreamReader(Open("postgres.sql.gz"));
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = await reader.ReadToEndAsync(cancel);
        await command.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private static GZipStream Open(string file) =>
        new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "EndToEnd", "PreviousVersion", file)), CompressionMode.Decompress);
}
