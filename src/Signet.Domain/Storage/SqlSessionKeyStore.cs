using System.Text;
using Signet.Operators;

namespace Signet.Storage;

/// <inheritdoc cref="ISessionKeyStore"/>
public sealed class SqlSessionKeyStore(Database database) : ISessionKeyStore
{
    private const string KeyKind = "session key";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel) => await database.ReadAsync(
        session => session.QueryAsync(
            "SELECT id, xml FROM session_key ORDER BY id",
            r => Encoding.UTF8.GetString(database.Secrets.Open(KeyKind, r.GetString(0), r.Bytes(1)))),
        cancel);

    /// <inheritdoc/>
    public Task AddAsync(string id, string xml, CancellationToken cancel)
    {
        var sealedXml = database.Secrets.Seal(KeyKind, id, Encoding.UTF8.GetBytes(xml));
        return database.WriteAsync(
            session => session.ExecuteAsync(
                "INSERT INTO session_key (id, xml) VALUES (@id, @xml) ON CONFLICT (id) DO UPDATE SET xml = excluded.xml",
                ("id", id), ("xml", sealedXml)),
            cancel);
    }
}
