using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Signet.Archive;
using Signet.Events;
using Signet.Names;
using Signet.Sending;

namespace Signet.Server.Inspection;

/// <summary>What <c>/_signet/events</c> and <c>/_signet/refusals</c> are asked for.</summary>
internal class OwnerQuery
{
    [FromQuery(Name = "account"), Description("Twelve digits")]
    public string? Account { get; init; }

    [FromQuery(Name = "region"), Description("us-east-1 unless given, or the first of the server's regions; only with account")]
    public string? Region { get; init; }

    [FromQuery(Name = "limit"), Description("1 to 1000; 100 unless given")]
    public string? Limit { get; init; }
}

/// <inheritdoc cref="OwnerQuery"/>
internal sealed class EventQuery : OwnerQuery
{
    [FromQuery(Name = "type"), Description("Send, Reject, Delivery, DeliveryDelay, Bounce or Complaint")]
    public string? Type { get; init; }
}

/// <summary>Answers what happened to all messages, and which sends were refused.</summary>
internal static class EventEndpoints
{
    public static async Task<Ok<EventList>> EventsAsync(IMessageArchive archive, EventQuery query, Region usual, CancellationToken cancel)
    {
        var owner = QueryText.Owner(query.Account, query.Region, usual);
        var events = await archive.ListEventsAsync(owner, Type(query.Type), QueryText.Limit(query.Limit), cancel);
        return TypedResults.Ok(new EventList([.. events.Select(EventAnswer.Of)]));
    }

    public static async Task<Ok<RefusalList>> RefusalsAsync(
        ISendingHistory history, PastDecisions past, OwnerQuery query, Region usual, CancellationToken cancel)
    {
        var owner = QueryText.Owner(query.Account, query.Region, usual);
        var refusals = await history.RefusalsAsync(RefusalFilter.Of(owner), null, QueryText.Limit(query.Limit), cancel);
        return TypedResults.Ok(new RefusalList([.. (await past.ExplainAsync(refusals, cancel)).Select(RefusalAnswer.Of)]));
    }

    private static EventType? Type(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : Array.Find(Enum.GetNames<EventType>(), n => n.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
            ? Enum.Parse<EventType>(name)
        : throw InspectionException.BadRequest($"`type` is one of {string.Join(", ", Enum.GetNames<EventType>())}, not `{text}`");
}
