using Signet.Names;
using Signet.Queue;

namespace Signet.Storage;

/// <summary>
/// Accepts messages on PostgreSQL in groups: one transaction of three round trips stores what has gathered, with the counters and quotas of each
/// account brought up to date once.
/// </summary>
internal sealed class EnqueueGroups : IAsyncDisposable
{
    // More bring nothing: while one waits for the disk, the other one's group gathers.
    private const int Writers = 2;

    private readonly Database _database;
    private readonly GroupWriter<Acceptance, EnqueueResult> _writer;

    public EnqueueGroups(Database database)
    {
        _database = database;
        _writer = new GroupWriter<Acceptance, EnqueueResult>(Writers, WriteAsync, a => a.Message.Content.Length, database.Options);
    }

    /// <inheritdoc cref="IMessageQueue.EnqueueAsync"/>
    public Task<EnqueueResult> EnqueueAsync(NewMessage message, double? quota, string? node, CancellationToken cancel) =>
        _writer.WriteAsync(new Acceptance(message, quota, node), cancel);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private async Task<IReadOnlyList<EnqueueResult>> WriteAsync(IReadOnlyList<Acceptance> group)
    {
        HashSet<Acceptance> refused = [];
        while (true)
        {
            try
            {
                await _database.WriteAsync(session => StoreAsync(session, [.. group.Where(a => !refused.Contains(a))], refused), CancellationToken.None);
                return [.. group.Select(a => refused.Contains(a) ? EnqueueResult.QuotaExceeded : EnqueueResult.Stored)];
            }
            catch (QuotaExceededException e)
            {
                // Nothing is stored. The rest fits unless others have taken it by then.
                refused.UnionWith(e.Refused);
            }
        }
    }

    private async Task<int> StoreAsync(Session session, IReadOnlyList<Acceptance> group, IReadOnlySet<Acceptance> refused)
    {
        var inserts = RowSets.Of(group.SelectMany(a => EnqueueStatements.Rows(a.Message, a.Node, _database.Secrets)));

        // INVARIANT: the counters come last, in one order. From here on other groups wait that count for the same account.
        await session.ExecuteAllAsync([.. inserts, .. SendingCounter.Accepted(group.Select(a => a.Message)), .. refused.DistinctBy(a => a.Message.Owner).Select(Expire)]);
        foreach (var account in group.Where(a => a.Quota is not null && a.Message is { Owner: not null, QuotaUse: > 0 }).GroupBy(a => a.Message.Owner!.Value))
        {
            await DemandQuotaAsync(session, account.Key, group, [.. account]);
        }

        return group.Count;
    }

    // Of those refused earlier in this group: they count nothing, which would do the same.
    private static SqlStatement Expire(Acceptance refused) => SendingCounter.Expire(refused.Message.Owner!.Value, refused.Message.AcceptedAt);

    private static async Task DemandQuotaAsync(Session session, AccountRegion owner, IReadOnlyList<Acceptance> group, IReadOnlyList<Acceptance> limited)
    {
        var own = group.Where(a => a.Message.Owner == owner).Sum(a => (long)a.Message.QuotaUse);
        var used = await SendingCounter.QuotaUsedAsync(session, owner, limited.Max(a => a.Message.AcceptedAt)) - own;
        List<Acceptance> refused = [];
        foreach (var acceptance in group.Where(a => a.Message.Owner == owner))
        {
            // A message is sent while anything is left of the quota, as at SES.
            if (acceptance.Quota is { } quota && acceptance.Message.QuotaUse > 0 && used >= quota)
            {
                refused.Add(acceptance);
            }
            else
            {
                used += acceptance.Message.QuotaUse;
            }
        }

        if (refused.Count > 0)
        {
            throw new QuotaExceededException(refused);
        }
    }

    private sealed class Acceptance(NewMessage message, double? quota, string? node)
    {
        public NewMessage Message => message;

        public double? Quota => quota;

        public string? Node => node;
    }

    /// <summary>Undoes the group, as too little is left for some of it.</summary>
    private sealed class QuotaExceededException(IReadOnlyList<Acceptance> refused) : Exception("the quota is used up")
    {
        public IReadOnlyList<Acceptance> Refused => refused;
    }
}
