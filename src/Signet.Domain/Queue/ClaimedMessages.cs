using System.Collections;
using Signet.Names;

namespace Signet.Queue;

/// <summary>What was claimed in one go.</summary>
/// <param name="messages">The messages to deliver.</param>
public sealed class ClaimedMessages(IReadOnlyList<ClaimedMessage> messages) : IReadOnlyList<ClaimedMessage>
{
    /// <summary>Claimed as well, but their rows make no sense to this program.</summary>
    public IReadOnlyList<UnreadableDelivery> Unreadable { get; init; } = [];

    /// <summary>Whether more may be due than was asked for or looked at.</summary>
    public bool IsMore { get; init; }

    /// <summary>Where the next request goes on, so that every lane gets its turn; empty when this one came to the end.</summary>
    public string Next { get; init; } = "";

    public int Count => messages.Count;

    public ClaimedMessage this[int index] => messages[index];

    public IEnumerator<ClaimedMessage> GetEnumerator() => messages.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A delivery that is due but cannot be read: another version wrote it, or somebody changed it by hand.</summary>
/// <param name="Key">What names it; null when not even that can be read. Then the store has ended it already.</param>
/// <param name="Recipient">As it is stored.</param>
/// <param name="AcceptedAt">When its message was accepted, as far as is known.</param>
/// <param name="Attempts">How many attempts ended.</param>
/// <param name="Owner">Who sent it; null when that cannot be read either.</param>
/// <param name="Reason">What cannot be read, in one line for the log.</param>
public sealed record UnreadableDelivery(
    DeliveryKey? Key, string Recipient, DateTimeOffset AcceptedAt, int Attempts, AccountRegion? Owner, string Reason);
