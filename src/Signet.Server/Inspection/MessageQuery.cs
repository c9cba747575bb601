using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Signet.Archive;

namespace Signet.Server.Inspection;

/// <summary>Which messages a path of inspection is about. All parameters are texts, so that a bad one can be answered in words.</summary>
internal class MessageSelection
{
    [FromQuery(Name = "text"), Description("Beginnings of words, all of which are in it: subject, addresses, tags, text, names of attachments")]
    public string? Text { get; init; }

    [FromQuery(Name = "address"), Description("Part of the Source or of an envelope recipient")]
    public string? Address { get; init; }

    [FromQuery(Name = "id"), Description("A MessageId")]
    public string? Id { get; init; }

    [FromQuery(Name = "state"), Description("queued, deferred, held, delivered or failed: of one of its deliveries")]
    public string? State { get; init; }

    [FromQuery(Name = "tag"), Description("A message tag as name=value, or its name alone")]
    public string? Tag { get; init; }

    [FromQuery(Name = "until"), Description("Accepted before, ISO 8601")]
    public string? Until { get; init; }

    [FromQuery(Name = "to"), Description("Part of an envelope recipient")]
    public string? To { get; init; }

    [FromQuery(Name = "from"), Description("Part of the Source")]
    public string? From { get; init; }

    [FromQuery(Name = "subject"), Description("Part of the subject")]
    public string? Subject { get; init; }

    [FromQuery(Name = "account"), Description("Twelve digits")]
    public string? Account { get; init; }

    [FromQuery(Name = "since"), Description("Accepted at or after, ISO 8601")]
    public string? Since { get; init; }

    [FromQuery(Name = "before"), Description("Only messages older than this MessageId: the next page")]
    public string? Before { get; init; }

    public MessageFilter Filter()
    {
        var described = new DescribedFilter
        {
            Text = Text,
            Address = Address,
            Id = Id,
            State = State,
            Tag = Tag,
            Until = Until,
            To = To,
            From = From,
            Subject = Subject,
            Account = Account,
            Since = Since,
            Before = Before,
        };
        return described.TryRead(out var filter, out var problem) ? filter with { WithServerMail = true } : throw InspectionException.BadRequest(problem);
    }
}

/// <summary>What <c>GET /_signet/messages</c> is asked for.</summary>
internal sealed class MessageQuery : MessageSelection
{
    /// <summary>Longer waits would outlive the patience of proxies and test runners.</summary>
    public const int MaxWaitSeconds = 300;

    [FromQuery(Name = "limit"), Description("1 to 1000; 100 unless given")]
    public string? Limit { get; init; }

    [FromQuery(Name = "wait"), Description("Seconds to wait for a matching message, 0 to 300")]
    public string? Wait { get; init; }

    public int ReadLimit() => QueryText.Limit(Limit);

    public TimeSpan ReadWait() => TimeSpan.FromSeconds(QueryText.Number("wait", Wait, 0, 0, MaxWaitSeconds));
}
