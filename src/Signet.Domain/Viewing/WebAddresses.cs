using System.Text;

namespace Signet.Viewing;

/// <summary>Addresses in HTML, read as browsers read them.</summary>
internal static class WebAddresses
{
    private static readonly string[] Followed = ["http://", "https://", "mailto:", "tel:"];

    /// <summary>Without the characters that browsers leave out before they look at the scheme (WHATWG URL, basic URL parser).</summary>
    public static string Clean(string address)
    {
        var clean = new StringBuilder(address.Length);
        foreach (var c in address)
        {
            if (!char.IsControl(c))
            {
                clean.Append(c);
            }
        }

        return clean.ToString().Trim();
    }

    /// <summary>
    /// Where a reader may be led to by a click; null for all else. <c>http:x</c> without slashes is left out too: it is relative to the
    /// page it stands in.
    /// </summary>
    public static string? ToFollow(string address)
    {
        var clean = Clean(address);
        return Array.Exists(Followed, f => clean.StartsWith(f, StringComparison.OrdinalIgnoreCase)) ? clean : null;
    }
}
