using Signet.Archive;
using Signet.Messages;
using Signet.Sending;

namespace Signet.Web.Decisions;

/// <summary>
/// Makes one list, newest first, of two that are kept apart: messages and refusals, a page at a time. Each page asks both for as much as
/// the page could need and goes on, in each, from what it took; so nothing is shown twice or left out, however the two are mixed.
/// </summary>
/// <param name="messages">The newest before one (exclusive), newest first, at most so many; null where they are not wanted.</param>
/// <param name="refusals">The same of refusals.</param>
public sealed class SendPages(
    Func<MessageId?, int, Task<IReadOnlyList<MessageSummary>>>? messages,
    Func<Guid?, int, Task<IReadOnlyList<RefusedRequest>>>? refusals)
{
    /// <summary>The page after <paramref name="begin"/>.</summary>
    public async Task<SendPage> ReadAsync(SendCursor begin, int limit)
    {
        // One more than a page, to know whether there is another.
        var accepted = messages is null ? [] : await messages(begin.Message, limit + 1);
        var refused = refusals is null ? [] : await refusals(begin.Refusal, limit + 1);
        List<SendLine> lines = [];
        var (m, r) = (0, 0);
        while (lines.Count < limit && (m < accepted.Count || r < refused.Count))
        {
            var takesMessage = r == refused.Count || (m < accepted.Count && accepted[m].AcceptedAt >= refused[r].At);
            lines.Add(takesMessage ? new SendLine(accepted[m++], null) : new SendLine(null, refused[r++]));
        }

        SendCursor? end = m < accepted.Count || r < refused.Count
            ? new SendCursor(m > 0 ? accepted[m - 1].Id : begin.Message, r > 0 ? refused[r - 1].Id : begin.Refusal)
            : null;
        return new SendPage(lines, end);
    }

    /// <summary>
    /// A list that is being looked at, with the newest page read again on top. What lies between the two was missed when they do not meet:
    /// then the list starts over.
    /// </summary>
    public static SendPage Refresh(SendPage shown, SendPage newest)
    {
        var known = shown.Lines.Select(l => l.Key).ToHashSet();
        var fresh = newest.Lines.TakeWhile(l => !known.Contains(l.Key)).ToList();
        if (fresh.Count == newest.Lines.Count)
        {
            return newest;
        }

        // What the page does not have any more was deleted; below the page nothing is known of that.
        var inPage = newest.Lines.Select(l => l.Key).ToHashSet();
        var oldest = newest.Lines[^1].Key;
        var below = shown.Lines.SkipWhile(l => l.Key != oldest).Where(l => !inPage.Contains(l.Key));
        return new SendPage([.. newest.Lines, .. below], shown.Lines.Any(l => l.Key == oldest) ? shown.End : newest.End);
    }
}

/// <summary>Where a page ends in each of the two sources; null is before the newest.</summary>
/// <param name="Message">The last message that was taken.</param>
/// <param name="Refusal">The last refusal that was taken.</param>
public readonly record struct SendCursor(MessageId? Message, Guid? Refusal);

/// <summary>A page of sends, newest first.</summary>
/// <param name="Lines">The page.</param>
/// <param name="End">Where the next one begins; null when this is the last.</param>
public sealed record SendPage(IReadOnlyList<SendLine> Lines, SendCursor? End);
