using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Signet.Names;

namespace Signet.Server.Aws;

/// <summary>
/// Where the next page of a list begins, as an opaque token. It belongs to a kind of resource and to a region, not to a filter (SES API
/// Reference, ListIdentities: NextToken). It is no secret and grants nothing: it only says after which name of the caller's own to go on.
/// </summary>
internal static class PageToken
{
    private const char Separator = '\n';

    /// <summary>The token of the page that begins after <paramref name="after"/>.</summary>
    /// <param name="kind">The kind of resource, without line breaks: <c>identities</c>.</param>
    /// <param name="region">Where the list is.</param>
    /// <param name="after">The last name of the page before.</param>
    public static string Write(string kind, Region region, string after) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{kind}{Separator}{region}{Separator}{after}"));

    /// <summary>False for a token that was not written for this kind and region.</summary>
    public static bool TryRead(string token, string kind, Region region, [NotNullWhen(true)] out string? after)
    {
        after = null;
        if (!Base64Url.IsValid(token))
        {
            return false;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split(Separator, 3);
        if (parts.Length == 3 && parts[0] == kind && parts[1] == region.Value && parts[2].Length > 0)
        {
            after = parts[2];
        }

        return after is not null;
    }
}
