using Signet.Addresses;
using Signet.Names;
using Signet.Queue;

namespace Signet.Storage;

/// <summary>
/// Divides what a node asks for among the lanes in which something is due: the accounts that send to a domain share the room that there is for
/// it, and no domain takes the room of another.
/// </summary>
internal static class LaneShares
{
    /// <summary>
    /// Stands between the domain and the target that an operator gave a delivery. The two are a lane of their own: they do not wait for the
    /// destination that the domain has otherwise.
    /// </summary>
    public const char Rerouted = ClaimRequest.Rerouted;

    /// <summary>The lane of a new delivery, as it is stored.</summary>
    /// <param name="domain">Of the recipient.</param>
    /// <param name="account">Null for mail of the server itself.</param>
    public static string LaneOf(DomainName domain, AccountId? account) => $"{domain.Value} {account?.Value}";

    /// <summary>How many deliveries to claim of each lane, those of lanes that get none left out.</summary>
    /// <param name="lanes">In their order.</param>
    /// <param name="request">What the node asks for.</param>
    /// <returns>The shares, and how many of the lanes were dealt with before all that was asked for had been given out.</returns>
    public static (IReadOnlyList<(string Lane, int Most)> Shares, int Reached) Of(IReadOnlyList<Lane> lanes, ClaimRequest request)
    {
        List<(string Lane, int Most)> shares = [];
        var left = request.Deliveries;
        for (var first = 0; first < lanes.Count;)
        {
            var domain = DomainOf(lanes[first].Name);
            var end = first + 1;
            while (end < lanes.Count && DomainOf(lanes[end].Name).SequenceEqual(domain))
            {
                end++;
            }

            List<Lane> due = [.. lanes.Skip(first).Take(end - first).Where(l => l.Due > 0)];
            if (due.Count > 0 && left == 0)
            {
                return (shares, first);
            }

            if (due.Count > 0)
            {
                var wanted = (int)Math.Min(due.Sum(l => (long)l.Due), left);
                left -= Divide(request.Admit(domain.ToString(), wanted), due, shares);
            }

            first = end;
        }

        return (shares, lanes.Count);
    }

    // Those with least first: what they leave of their share is for the others.
    private static int Divide(int room, List<Lane> lanes, List<(string Lane, int Most)> shares)
    {
        var left = room;
        lanes.Sort((a, b) => a.Due.CompareTo(b.Due));
        for (var i = 0; i < lanes.Count && left > 0; i++)
        {
            var share = Math.Min(lanes[i].Due, (left + lanes.Count - i - 1) / (lanes.Count - i));
            shares.Add((lanes[i].Name, share));
            left -= share;
        }

        return room - left;
    }

    private static ReadOnlySpan<char> DomainOf(string lane) =>
        lane.IndexOf(' ', StringComparison.Ordinal) is >= 0 and var end ? lane.AsSpan(0, end) : lane;
}

/// <summary>A domain and an account, with deliveries that nobody has claimed.</summary>
/// <param name="Name">As it is stored.</param>
/// <param name="Due">How many are due; <see cref="int.MaxValue"/> when they are many.</param>
internal readonly record struct Lane(string Name, int Due);
