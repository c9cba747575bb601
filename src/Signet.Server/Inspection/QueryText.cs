using System.Globalization;
using Signet.Names;

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

    public static AccountId? Account(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : AccountId.TryParse(text, out var account) ? account
        : throw InspectionException.BadRequest($"`account` is twelve digits, not `{text}`");

    /// <summary>
    /// An account in a region; the region alone is an error, the account alone means <paramref name="usual"/>. Any
    /// well-formed region will do: what is kept of one that the server no longer has may be read.
    /// </summary>
    public static AccountRegion? Owner(string? account, string? region, Region usual)
    {
        var name = string.IsNullOrEmpty(region) ? usual
            : Region.TryParse(region, out var parsed) ? parsed
            : throw InspectionException.BadRequest($"`{region}` is not a region");
        return Account(account) is { } id ? new AccountRegion(id, name)
            : string.IsNullOrEmpty(region) ? null
            : throw InspectionException.BadRequest("`region` needs `account` beside it");
    }
}
