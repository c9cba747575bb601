using Signet.Addresses;
using Signet.Queue;

namespace Signet.Storage;

/// <inheritdoc cref="IDestinationDomains"/>
/// <param name="database">The store.</param>
/// <param name="time">For waiting until nodes have given up what is to be held.</param>
public sealed class SqlDestinationDomains(Database database, TimeProvider time) : IDestinationDomains
{
    /// <summary>How long a domain is kept without deliveries.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private const int Portion = 500;

    /// <summary>Forgets domains that were not looked up for a day and that nothing waits for; what nodes have is looked up again.</summary>
    internal static SqlStatement Prune(DateTimeOffset now) => new(
        """
        DELETE FROM destination_domain WHERE seen_at < @before
            AND NOT EXISTS (
                SELECT 1 FROM open_delivery d WHERE d.is_claimed = 0 AND d.due_at IS NOT NULL
                    AND d.lane >= destination_domain.domain || ' ' AND d.lane < destination_domain.domain || '?')
            AND NOT EXISTS (
                SELECT 1 FROM open_delivery d WHERE d.due_at IS NULL
                    AND d.lane >= destination_domain.domain || ' ' AND d.lane < destination_domain.domain || '?')
        """,
        ("before", now - Kept));

    /// <inheritdoc/>
    public async Task RecordAsync(IReadOnlyList<(DomainName Domain, string Hosts)> found, DateTimeOffset now, CancellationToken cancel)
    {
        List<(DomainName Domain, string Hosts)> changed = [];
        foreach (var portion in found.Where(f => f.Hosts.Length <= DestinationName.MaxLength).DistinctBy(f => f.Domain).OrderBy(f => f.Domain.Value, StringComparer.Ordinal).Chunk(Portion))
        {
            var known = await HostsAsync([.. portion.Select(f => f.Domain.Value)], cancel);
            List<(DomainName Domain, string Hosts)> news = [.. portion.Where(f => known.GetValueOrDefault(f.Domain.Value) != f.Hosts)];
            await database.WriteAsync(
                session => session.ExecuteAllAsync([.. portion.Select(f => new SqlStatement(
                    """
                    INSERT INTO destination_domain (domain, destination, seen_at) VALUES (@domain, @destination, @at)
                    ON CONFLICT (domain) DO UPDATE SET destination = excluded.destination, seen_at = excluded.seen_at
                    """,
                    ("domain", f.Domain.Value), ("destination", f.Hosts), ("at", now)))]),
                cancel);
            changed.AddRange(news);
        }

        var suspensions = new SqlSuspensions(database, time);
        if (changed.Count == 0 || !(await suspensions.InForceAsync(cancel)).All.Any(s => s.Scope.Destination is { } name && changed.Exists(f => name.Matches(f.Hosts))))
        {
            return;
        }

        // Nodes keep the domains of suspended destinations with the configuration.
        await database.WriteConfigurationAsync(
            session => session.ExecuteAsync("UPDATE configuration_version SET version = version + 1"), cancel);
        await suspensions.HoldDomainsAsync(changed, cancel);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, DestinationName>> FindAsync(IReadOnlyList<string> domains, CancellationToken cancel)
    {
        Dictionary<string, DestinationName> found = new(StringComparer.Ordinal);
        foreach (var portion in domains.Chunk(Portion))
        {
            foreach (var (domain, hosts) in await HostsAsync(portion, cancel))
            {
                found[domain] = DestinationName.Of(hosts);
            }
        }

        return found;
    }

    private async Task<Dictionary<string, string>> HostsAsync(IReadOnlyList<string> domains, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(
            session => session.QueryAsync(
                $"SELECT domain, destination FROM destination_domain WHERE domain IN {session.Dialect.Among}",
                r => (Domain: r.GetString(0), Hosts: r.GetString(1)),
                ("ids", System.Text.Json.JsonSerializer.Serialize([.. domains], StorageJson.Default.StringArray))),
            cancel);
        return rows.ToDictionary(r => r.Domain, r => r.Hosts, StringComparer.Ordinal);
    }
}
