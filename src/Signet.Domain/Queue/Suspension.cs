using Signet.Addresses;

namespace Signet.Queue;

/// <summary>Deliveries that are held until an operator resumes them: those that wait, and those that are accepted later.</summary>
/// <param name="Number">Names it. It is never given again.</param>
/// <param name="Scope">Which deliveries: by account, domain, destination and identity, or <see cref="DeliveryFilter.Everything"/>.</param>
/// <param name="Reason">Why; empty for no reason given.</param>
/// <param name="By">Who suspended them.</param>
/// <param name="Since">When.</param>
public sealed record Suspension(long Number, DeliveryFilter Scope, string Reason, string By, DateTimeOffset Since)
{
    /// <summary>How many there may be: each message that is accepted is compared with them.</summary>
    public const int Max = 1_000;

    /// <summary>Characters of <see cref="Reason"/> and of <see cref="By"/>.</summary>
    public const int MaxText = 500;

    /// <summary>Whether deliveries can be suspended by a filter: not single messages, addresses or states.</summary>
    public static bool IsScope(DeliveryFilter filter) => filter is { Message: null, Recipient: null, State: null, Suspension: null, SparesSuspended: false };

    /// <summary>Whether a delivery may be held by both: false only when no delivery can be.</summary>
    public bool MayOverlap(Suspension other)
    {
        var (a, b) = (Scope, other.Scope);
        return (a.Account is null || b.Account is null || a.Account == b.Account)
            && (a.Domain is null || b.Domain is null || a.Domain == b.Domain);
    }
}

/// <summary>A suspension, and what it holds.</summary>
/// <param name="Suspension">The suspension.</param>
/// <param name="Held">How many deliveries it holds or will when their attempts are deferred; no more than <see cref="MostCounted"/> are counted.</param>
public sealed record SuspensionStatus(Suspension Suspension, long Held)
{
    public const int MostCounted = 10_000;
}

/// <summary>The suspensions in force, as accepting a message needs them.</summary>
/// <param name="all">In the order of their numbers.</param>
/// <param name="domains">The domains of destinations that are suspended, by number.</param>
public sealed class SuspensionSet(IReadOnlyList<Suspension> all, IReadOnlyDictionary<long, IReadOnlySet<string>> domains)
{
    public static SuspensionSet Empty { get; } = new([], new Dictionary<long, IReadOnlySet<string>>());

    public IReadOnlyList<Suspension> All => all;

    /// <summary>The deliveries of a message that are to be held, each by the first suspension that it matches.</summary>
    public IReadOnlyList<HeldDelivery> Of(NewMessage message)
    {
        if (all.Count == 0)
        {
            return [];
        }

        var sender = ClaimedMessage.SenderOf(message.Decision);
        List<Suspension> possible = [.. all.Where(s =>
            (s.Scope.Account is { } account ? message.Owner?.Account == account : message.Owner is not null || s.Scope.WithServerMail)
            && (s.Scope.Identity is not { } identity || identity.Matches(sender)))];
        return
        [
            .. message.Recipients.Select((recipient, ordinal) => (Ordinal: ordinal, By: possible.Find(s => Matches(s, recipient.Domain))))
                .Where(d => d.By is not null && message.Captured.All(c => c.Ordinal != d.Ordinal))
                .Select(d => new HeldDelivery(d.Ordinal, d.By!.Number)),
        ];
    }

    private bool Matches(Suspension suspension, DomainName domain) =>
        (suspension.Scope.Domain is not { } only || only == domain)
        && (suspension.Scope.Destination is null || (domains.TryGetValue(suspension.Number, out var served) && served.Contains(domain.Value)));
}

/// <summary>A delivery of a new message that is held from the beginning.</summary>
/// <param name="Ordinal">Its place among the recipients.</param>
/// <param name="Suspension">The number of the suspension.</param>
public readonly record struct HeldDelivery(int Ordinal, long Suspension);
