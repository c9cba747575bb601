using System.Data.Common;
using Signet.Archive;
using Signet.Queue;

namespace Signet.Storage;

/// <summary>Attempts as rows.</summary>
internal static class StoredAttempt
{
    public const string Columns = "ordinal, number, at, duration_ms, host, address, tls, reply, outcome, tls_cipher, tls_certificate, tls_policy";

    public static SqlStatement Insert(DeliveryResult result, Attempt attempt) => new(
        $"""
        INSERT INTO attempt (message_id, {Columns})
        VALUES (@message, @ordinal, @number, @at, @duration, @host, @address, @tls, @reply, @outcome, @cipher, @certificate, @policy)
        """,
        ("message", result.MessageId.Value), ("ordinal", result.Ordinal), ("number", attempt.Number), ("at", attempt.At),
        ("duration", (long)attempt.Duration.TotalMilliseconds), ("host", attempt.Host), ("address", attempt.Address),
        ("tls", attempt.Tls), ("reply", attempt.Reply), ("outcome", attempt.Outcome), ("cipher", attempt.Cipher),
        ("certificate", attempt.Certificate), ("policy", attempt.TlsPolicy));

    public static ArchivedAttempt Read(DbDataReader row) => new(
        row.Int(0),
        new Attempt(
            row.Int(1), row.Time(2), TimeSpan.FromMilliseconds(row.GetInt64(3)), row.TextOrNull(4), row.TextOrNull(5), row.TextOrNull(6),
            row.GetString(7), row.Name<DeliveryState>(8))
        {
            Cipher = row.TextOrNull(9),
            Certificate = row.TextOrNull(10),
            TlsPolicy = row.TextOrNull(11),
        });
}
