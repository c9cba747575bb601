using Signet.Viewing;

namespace Signet.Preflight;

/// <summary>Which features of HTML and CSS a message uses, and which mail clients support them. Pure.</summary>
/// <param name="Features">Those used that the table knows; the ones that fewest clients support come first.</param>
/// <param name="Clients">Every client of the table, in its order.</param>
public sealed record HtmlSupport(IReadOnlyList<FeatureUse> Features, IReadOnlyList<ClientScore> Clients)
{
    /// <summary>Reads the HTML body of a message.</summary>
    public static HtmlSupport Of(string html)
    {
        var table = SupportTable.Shipped;
        var found = new Dictionary<SupportRow, (int Count, int FirstLine)>();
        foreach (var (use, line) in HtmlUses.Of(HtmlOutline.Read(html)))
        {
            if (table.ByUse.TryGetValue(use, out var row))
            {
                found[row] = found.TryGetValue(row, out var before) ? (before.Count + 1, Math.Min(before.FirstLine, line)) : (1, line);
            }
        }

        List<FeatureUse> features =
        [
            .. from row in table.Rows
               where found.ContainsKey(row)
               orderby Share(row.Support)
               select new FeatureUse(
                   row.Name,
                   found[row].Count,
                   found[row].FirstLine,
                   [.. table.Clients.Zip(row.Support, (client, support) => new ClientSupport(client, support))],
                   row.Advice,
                   $"https://www.caniemail.com/features/{row.Id}/"),
        ];
        return new HtmlSupport(
            features, [.. table.Clients.Select((client, i) => new ClientScore(client, Share(features.Select(f => f.Clients[i].Support))))]);
    }

    private static double Share(IEnumerable<Support> support)
    {
        List<Support> known = [.. support.Where(s => s != Support.Unknown)];
        return known.Count == 0 ? 1 : known.Average(s => s switch { Support.Yes => 1, Support.Partly => 0.5, _ => 0 });
    }
}

/// <param name="Name">What people call it.</param>
/// <param name="Count">How often it is used.</param>
/// <param name="FirstLine">The line of the HTML where it is first used, from 1.</param>
/// <param name="Clients">Every client, in the table's order.</param>
/// <param name="Advice">What to do about it, if there is something short to say.</param>
/// <param name="Link">A page with the details.</param>
public sealed record FeatureUse(
    string Name, int Count, int FirstLine, IReadOnlyList<ClientSupport> Clients, string? Advice, string Link);

/// <summary>Whether a client supports a feature.</summary>
public sealed record ClientSupport(MailClient Client, Support Support);

/// <param name="Client">The client.</param>
/// <param name="Share">
/// From 0 to 1: how many of the features used it supports, those partly supported counting half, those nobody tested not at all.
/// </param>
public sealed record ClientScore(MailClient Client, double Share);

/// <summary>A mail client on one platform.</summary>
public sealed record MailClient(string Id, string Family, string Name);

/// <summary>Whether a mail client supports something.</summary>
public enum Support
{
    Yes,
    Partly,
    No,

    /// <summary>Nobody has tested it.</summary>
    Unknown,
}
