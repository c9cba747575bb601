using System.Globalization;
using Signet.Archive;
using Signet.Messages;
using Signet.Names;
using Signet.Queue;

namespace Signet.Server.Inspection;

/// <summary>Reads query parameters; a bad one is a <see cref="InspectionException"/> that names it. Empty counts as not given.</summary>
internal static class QueryText
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;

    public static int Limit(string? text) => Number("limit", text, DefaultLimit, 1, MaxLimit);

    public static int Number(string name, string? text, int fallback, int min, int max) =>
        string.IsNullOrEmpty(text) ? fallback
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
        : throw InspectionException.BadRequest(
            string.Create(CultureInfo.InvariantCulture, $"`{name}` is a number from {min} to {max}, not `{text}`"));

    public static DateTimeOffset? Time(string name, string? text) =>
        string.IsNullOrEmpty(text) ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw InspectionException.BadRequest($"`{name}` is a time as in 2026-01-31T12:00:00Z, not `{text}`");

    public static AccountId? Account(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : AccountId.TryParse(text, out var account) ? account
        : throw InspectionException.BadRequest($"`account` is twelve digits, not `{text}`");

    /// <summary>An account in a region; the region alone is an error, the account alone means <c>us-east-1</c>.</summary>
    public static AccountRegion? Owner(string? account, string? region)
    {
        var name = string.IsNullOrEmpty(region) ? Region.Default
            : Region.TryParse(region, out var parsed) ? parsed
            : throw InspectionException.BadRequest($"`{region}` is not a region");
        return Account(account) is { } id ? new AccountRegion(id, name)
            : string.IsNullOrEmpty(region) ? null
            : throw InspectionException.BadRequest("`region` needs `account` beside it");
    }

    public static DeliveryState? State(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : Array.Find(Enum.GetNames<DeliveryState>(), n => n.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
            ? Enum.Parse<DeliveryState>(name)
        : throw InspectionException.BadRequest($"`state` is one of queued, deferred, held, delivered, failed, not `{text}`");

    public static TagFilter? Tag(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : text.Split('=', 2) is [var name, var value] ? new TagFilter(name, value)
        : new TagFilter(text, null);

    public static MessageId? OptionalId(string name, string? text) => string.IsNullOrEmpty(text) ? null : Id(name, text);

    public static MessageId Id(string name, string text) =>
        MessageId.TryParse(text, out var id) ? id : throw InspectionException.BadRequest($"`{name}` is a MessageId, not `{text}`");

    /// <summary>An empty text would match everything in a filter, which is what no text does.</summary>
    public static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
