using Signet.Names;
using Signet.Queue;

namespace Signet.Storage;

/// <summary>
/// How the deliveries of a filter are found. The index over lanes finds those of a few domains, the index over what is held the rest of these; what no
/// index helps with, and what is much of the queue, is found by going through the primary key: a million rows take some tenths of a second.
/// </summary>
internal sealed class DeliverySelection
{
    /// <summary>With more candidates than that, a selection is no longer narrow.</summary>
    public const int MaxNarrow = 50_000;

    // A lane begins with the domain; a blank follows, or the target that an operator gave (LaneShares).
    private const string OfDomain = "SELECT @lane_domain || ' ' AS first, @lane_domain || '!' AS last UNION ALL SELECT @lane_domain || '>', @lane_domain || '?'";

    private readonly string? _lanes;
    private readonly bool _hasHeld;
    private readonly bool _hasUnheld;
    private readonly List<(string Name, object? Value)> _laneValues = [];

    public DeliverySelection(DeliveryFilter filter, Dialect dialect, string? states = null)
    {
        Conditions = Of(filter, dialect, states);
        (_hasHeld, _hasUnheld) = (filter.State is null or DeliveryState.Held, filter.State is not DeliveryState.Held);
        if (filter.Message is not null || filter.Suspension is not null)
        {
            // They have indices of their own, in the order of the key.
            return;
        }

        if ((filter.Domain ?? filter.Recipient?.Domain) is { } domain)
        {
            _lanes = OfDomain;
            _laneValues.Add(("lane_domain", domain.Value));
        }
        else if (filter.Destination is { } destination)
        {
            _lanes =
                $"""
                SELECT domain || ' ' AS first, domain || '!' AS last FROM destination_domain WHERE {OfDestination(destination, dialect)}
                UNION ALL SELECT domain || '>', domain || '?' FROM destination_domain WHERE {OfDestination(destination, dialect)}
                """;
            _laneValues.AddRange(ValuesOf(destination));
        }
    }

    /// <summary>The whole of what must match, over <c>open_delivery d</c>.</summary>
    public Conditions Conditions { get; }

    /// <summary>Whether there is an index that may find it.</summary>
    public bool MayBeNarrow => _lanes is not null || !_hasUnheld;

    /// <summary>
    /// The keys among which all that matches is, as a query with the columns message_id and ordinal; for <see cref="MayBeNarrow"/>. What nodes
    /// have claimed is no longer than their memory.
    /// </summary>
    public string Candidates
    {
        get
        {
            var (from, where) = _lanes is null ? ("open_delivery d", "1 = 1") : ("wanted w CROSS JOIN open_delivery d", "d.lane >= w.first AND d.lane < w.last");
            List<string> parts = [];
            if (_hasUnheld)
            {
                parts.Add($"SELECT d.message_id, d.ordinal FROM {from} WHERE d.is_claimed = 0 AND d.due_at IS NOT NULL AND {where}");
                parts.Add("SELECT d.message_id, d.ordinal FROM open_delivery d WHERE d.is_claimed = 1");
            }

            if (_hasHeld)
            {
                parts.Add($"SELECT d.message_id, d.ordinal FROM {from} WHERE d.due_at IS NULL AND {where}");
            }

            var with = _lanes is null ? "" : $"WITH wanted (first, last) AS ({_lanes}) ";
            return with + string.Join(" UNION ALL ", parts);
        }
    }

    /// <summary>Whether there are few enough candidates to go through them instead of the queue.</summary>
    public async Task<bool> IsNarrowAsync(Session session) =>
        MayBeNarrow && await session.CountAsync(
            $"SELECT COUNT(*) FROM (SELECT 1 FROM ({Candidates}) candidate LIMIT {MaxNarrow + 1}) counted", [.. _laneValues]) <= MaxNarrow;

    /// <summary>Where what matches is, as <c>d</c>; goes with <see cref="Where"/>.</summary>
    public string From(bool isNarrow) => isNarrow
        // SQLite takes the tables of a CROSS JOIN in this order; it would begin with the whole queue otherwise.
        ? $"({Candidates}) candidate CROSS JOIN open_delivery d"
        : "open_delivery d";

    /// <summary>The conditions, with those that go with <see cref="From"/>.</summary>
    public string Where(bool isNarrow) =>
        Conditions.Where + (isNarrow ? " AND d.message_id = candidate.message_id AND d.ordinal = candidate.ordinal" : "");

    /// <summary>The values of <see cref="Conditions"/>, and of <see cref="From"/>.</summary>
    public IEnumerable<(string Name, object? Value)> ValuesWith(bool isNarrow) =>
        isNarrow ? Conditions.Values.Concat(_laneValues).DistinctBy(v => v.Name) : Conditions.Values;

    /// <summary>Whether a destination is meant, over the column <c>destination</c>.</summary>
    public static string OfDestination(DestinationName name, Dialect dialect)
    {
        var hosts = name.Hosts.Select((_, i) => $"{dialect.Position}(' ' || destination || ' ', @host{i}) > 0");
        var count = name.Count is null ? "" : " AND LENGTH(destination) - LENGTH(REPLACE(destination, ' ', '')) = @hosts - 1";
        return string.Join(" AND ", hosts) + count;
    }

    /// <inheritdoc cref="OfDestination"/>
    public static IEnumerable<(string Name, object? Value)> ValuesOf(DestinationName name) =>
    [
        .. name.Hosts.Select((host, i) => ($"host{i}", (object?)$" {host} ")),
        .. name.Count is { } count ? [("hosts", (object?)count)] : Array.Empty<(string, object?)>(),
    ];

    private static Conditions Of(DeliveryFilter filter, Dialect dialect, string? states)
    {
        var conditions = new Conditions();
        conditions.Add(states ?? "1 = 1");
        if (filter.Message is { } message)
        {
            conditions.Add("d.message_id = @of_message", "of_message", message.Value);
        }

        if (filter.Account is { } account)
        {
            conditions.Add("d.account = @account", "account", account.Value);
        }
        else if (!filter.WithServerMail)
        {
            conditions.Add("d.account <> ''");
        }

        if (filter.Recipient is { } recipient)
        {
            conditions.Add("d.recipient = @recipient", "recipient", recipient.ToString());
        }

        if (filter.Domain is { } domain)
        {
            conditions.Add("d.domain = @domain", "domain", domain.Value);
        }

        if (filter.State is { } state)
        {
            conditions.Add("d.state = @state", "state", state);
        }

        if (filter.Suspension is { } suspension)
        {
            conditions.Add("d.suspended_by = @of_suspension", "of_suspension", suspension);
        }

        if (filter.SparesSuspended)
        {
            conditions.Add("d.suspended_by IS NULL");
        }

        if (filter.Destination is { } destination)
        {
            conditions.Add($"d.domain IN (SELECT domain FROM destination_domain WHERE {OfDestination(destination, dialect)})");
            foreach (var (name, value) in ValuesOf(destination))
            {
                conditions.Value(name, value);
            }
        }

        if (filter.Identity is { } identity)
        {
            OfIdentity(conditions, identity, dialect);
        }

        return conditions;
    }

    // As IdentityName.Covers has it.
    private static void OfIdentity(Conditions conditions, IdentitySelector identity, Dialect dialect)
    {
        List<string> sender = [];
        if (identity.Owner is { } owner)
        {
            sender.Add("m.sender_account = @sender_account AND m.sender_region = @sender_region");
            conditions.Value("sender_account", owner.Account.Value);
            conditions.Value("sender_region", owner.Region.Value);
        }

        if (identity.Name is IdentityName.OfAddress { Address: var address })
        {
            var at = address.ToString().LastIndexOf('@');
            sender.Add($"(m.sender_address = @sender OR (m.sender_address LIKE @labelled ESCAPE '!' AND {dialect.Position}(m.sender_address, @label) = 1))");
            conditions.Value("sender", address.ToString());
            conditions.Value("labelled", $"{Escape(address.ToString()[..at])}+%{Escape(address.ToString()[at..])}");
            conditions.Value("label", $"{address.ToString()[..at]}+");
        }
        else
        {
            sender.Add("(m.sender_address LIKE @at_domain ESCAPE '!' OR m.sender_address LIKE @below_domain ESCAPE '!')");
            conditions.Value("at_domain", $"%@{Escape(identity.Name.Value)}");
            conditions.Value("below_domain", $"%@%.{Escape(identity.Name.Value)}");
        }

        conditions.Add($"EXISTS (SELECT 1 FROM message m WHERE m.id = d.message_id AND {string.Join(" AND ", sender)})");
    }

    private static string Escape(string text) => text
        .Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal);
}
