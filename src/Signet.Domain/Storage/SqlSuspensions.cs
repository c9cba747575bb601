using System.Data.Common;
using Signet.Addresses;
using Signet.Names;
using Signet.Queue;

namespace Signet.Storage;

/// <inheritdoc cref="ISuspensions"/>
/// <param name="database">The store.</param>
/// <param name="time">For waiting until nodes know of a suspension.</param>
public sealed class SqlSuspensions(Database database, TimeProvider time) : ISuspensions
{
    /// <summary>After that every node knows of a suspension, or of its end, and what it was storing then is stored.</summary>
    public static readonly TimeSpan Heeded = TimeSpan.FromSeconds(1.5);

    // What a set of suspensions may take in memory; domains of destinations beyond that are held by the second pass only.
    private const int MaxDomains = 100_000;
    private const int BytesPerRow = 500;
    private const int BytesPerDomain = 100;

    private const string Key = "suspensions";
    private const string Columns = "number, account, with_server_mail, domain, destination, identity, reason, created_by, created_at";

    private readonly DeliveryChanges _changes = new(database, time);

    /// <inheritdoc/>
    public async Task<SuspensionSet> InForceAsync(CancellationToken cancel)
    {
        var kept = await database.Configuration.RecentAsync(cancel);
        if (kept.TryGet<SuspensionSet>(Key, out var known))
        {
            return known;
        }

        var (set, bytes) = await database.ReadAsync(ReadSetAsync, cancel);
        kept.Put(Key, set, bytes);
        return set;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SuspensionStatus>> ListAsync(CancellationToken cancel) => database.ReadAsync<IReadOnlyList<SuspensionStatus>>(
        async session => await session.QueryAsync(
            $"""
            SELECT {Columns}, (
                SELECT COUNT(*) FROM (SELECT 1 FROM open_delivery d WHERE d.suspended_by = suspension.number LIMIT {SuspensionStatus.MostCounted}) held)
            FROM suspension ORDER BY number
            """,
            r => new SuspensionStatus(Read(r), r.GetInt64(9))),
        cancel);

    /// <inheritdoc/>
    public async Task<SuspendResult> SuspendAsync(
        DeliveryFilter scope, string reason, string by, IProgress<long>? progress, CancellationToken cancel)
    {
        if (!Suspension.IsScope(scope))
        {
            return new SuspendResult(null, default, "mail is suspended by account, domain, destination and identity, or all of it; `hold` takes the other selectors");
        }

        var suspension = await AddAsync(scope, Cut(reason), Cut(by), cancel);
        if (suspension is null)
        {
            return new SuspendResult(null, default, $"there are {Suspension.Max} suspensions already: resume some of them first");
        }

        var first = await HoldAsync(suspension, scope, progress, cancel);
        await Task.Delay(Heeded, time, cancel);
        var second = await HoldAsync(suspension, scope, null, cancel);

        // What is still being attempted was asked for twice; the second pass says what became of it.
        return new SuspendResult(suspension, new QueueChange(first.Changed + second.Changed, second.LeftAlone) { Pending = second.Pending }, null);
    }

    /// <inheritdoc/>
    public async Task<QueueChange?> ResumeAsync(long number, IProgress<long>? progress, CancellationToken cancel)
    {
        var ended = await database.WriteConfigurationAsync(
            async session =>
            {
                var found = await session.FindAsync($"SELECT {Columns} FROM suspension WHERE number = @number", Read, ("number", number));
                await session.ExecuteAsync("DELETE FROM suspension WHERE number = @number", ("number", number));
                return found;
            },
            cancel);
        if (ended is null)
        {
            return null;
        }

        var first = await ReleaseAsync(ended, progress, cancel);
        await Task.Delay(Heeded, time, cancel);
        var second = await ReleaseAsync(ended, null, cancel);
        return new QueueChange(first.Changed + second.Changed, first.LeftAlone);
    }

    /// <inheritdoc/>
    public async Task<long> ReleaseLeftoversAsync(CancellationToken cancel)
    {
        // From one number to the next by the index, however much each holds.
        var ended = await database.ReadAsync(
            session => session.QueryAsync(
                """
                WITH RECURSIVE holding (number) AS (
                    SELECT MIN(suspended_by) FROM open_delivery WHERE suspended_by IS NOT NULL
                    UNION ALL
                    SELECT (SELECT MIN(o.suspended_by) FROM open_delivery o WHERE o.suspended_by IS NOT NULL AND o.suspended_by > holding.number)
                    FROM holding WHERE holding.number IS NOT NULL
                )
                SELECT number FROM holding WHERE number IS NOT NULL AND number NOT IN (SELECT number FROM suspension)
                """,
                r => r.GetInt64(0)),
            cancel);
        var released = 0L;
        foreach (var number in ended)
        {
            released += (await ReleaseAsync(new Suspension(number, DeliveryFilter.Everything, "", "", default), null, cancel)).Changed;
        }

        return released;
    }

    /// <summary>Holds what waits for domains whose destinations have just become known.</summary>
    internal async Task HoldDomainsAsync(IReadOnlyList<(DomainName Domain, string Hosts)> found, CancellationToken cancel)
    {
        foreach (var suspension in (await InForceAsync(cancel)).All)
        {
            foreach (var (domain, _) in found.Where(f => suspension.Scope.Destination?.Matches(f.Hosts) == true))
            {
                await HoldAsync(suspension, suspension.Scope with { Domain = domain }, null, cancel);
            }
        }
    }

    private Task<QueueChange> HoldAsync(Suspension suspension, DeliveryFilter filter, IProgress<long>? progress, CancellationToken cancel) =>
        _changes.AskAsync(OperatorRequest.Suspend(suspension.Number), filter, time.GetUtcNow(), progress, cancel);

    // What another suspension holds too is its own from now on; the rest is due.
    private async Task<QueueChange> ReleaseAsync(Suspension ended, IProgress<long>? progress, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        foreach (var other in (await database.ReadAsync(ReadSetAsync, cancel)).Set.All.Where(ended.MayOverlap))
        {
            await _changes.EachAsync(
                other.Scope with { Suspension = ended.Number },
                "1 = 1",
                async (session, keys) =>
                {
                    var changed = await session.ExecuteAllAsync([.. keys.Select(k => new SqlStatement(
                        "UPDATE open_delivery SET suspended_by = @other WHERE message_id = @message AND ordinal = @ordinal AND suspended_by = @ended",
                        ("other", other.Number), ("message", k.Message), ("ordinal", k.Ordinal), ("ended", ended.Number)))]);
                    return (changed.Sum(), []);
                },
                now, null, cancel);
        }

        return await _changes.ReleaseAsync(DeliveryFilter.Everything with { Suspension = ended.Number }, now, progress, cancel);
    }

    /// <summary>The suspension of this scope: the one there is, or a new one; null when there are too many.</summary>
    private Task<Suspension?> AddAsync(DeliveryFilter scope, string reason, string by, CancellationToken cancel) => database.WriteConfigurationAsync(
        async session =>
        {
            await session.LockAsync(Key);
            var all = await session.QueryAsync($"SELECT {Columns} FROM suspension ORDER BY number", Read);
            if (all.Find(s => s.Scope == scope) is { } known)
            {
                return known;
            }

            if (all.Count >= Suspension.Max)
            {
                return null;
            }

            return await session.FindAsync(
                $"""
                INSERT INTO suspension (account, with_server_mail, domain, destination, identity, reason, created_by, created_at)
                VALUES (@account, @server_mail, @domain, @destination, @identity, @reason, @by, @at) RETURNING {Columns}
                """,
                Read, ("account", scope.Account?.Value), ("server_mail", scope.WithServerMail), ("domain", scope.Domain?.Value),
                ("destination", scope.Destination?.Value), ("identity", scope.Identity?.ToString()), ("reason", reason), ("by", by),
                ("at", time.GetUtcNow()));
        },
        cancel);

    private async Task<(SuspensionSet Set, int Bytes)> ReadSetAsync(Session session)
    {
        var all = await session.QueryReadableAsync($"SELECT {Columns} FROM suspension ORDER BY number", Read);
        Dictionary<long, IReadOnlySet<string>> domains = [];
        var count = 0;
        foreach (var suspension in all.Where(s => s.Scope.Destination is not null))
        {
            var name = suspension.Scope.Destination!;
            HashSet<string> served =
            [
                .. await session.QueryAsync(
                    $"SELECT domain FROM destination_domain WHERE {DeliverySelection.OfDestination(name, session.Dialect)} LIMIT {MaxDomains - count}",
                    r => r.GetString(0), [.. DeliverySelection.ValuesOf(name)]),
            ];
            count += served.Count;
            domains.Add(suspension.Number, served);
        }

        return (new SuspensionSet(all, domains), (all.Count * BytesPerRow) + (count * BytesPerDomain));
    }

    private static Suspension Read(DbDataReader row) => new(
        row.GetInt64(0),
        new DeliveryFilter
        {
            Account = row.TextOrNull(1) is { } account ? AccountId.Parse(account) : null,
            WithServerMail = row.Flag(2),
            Domain = row.TextOrNull(3) is { } domain ? DomainName.Parse(domain) : null,
            Destination = row.TextOrNull(4) is not { } destination ? null
                : DestinationName.TryParse(destination, out var name) ? name : throw new FormatException($"`{destination}` is no destination"),
            Identity = row.TextOrNull(5) is not { } identity ? null
                : IdentitySelector.TryParse(identity, out var selector) ? selector : throw new FormatException($"`{identity}` is no identity"),
        },
        row.GetString(6), row.GetString(7), row.Time(8));

    private static string Cut(string text) => text.Length <= Suspension.MaxText ? text : text[..Suspension.MaxText];
}
