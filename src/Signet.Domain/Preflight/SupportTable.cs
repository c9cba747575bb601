using System.Collections.Frozen;

namespace Signet.Preflight;

/// <summary>What mail clients support of HTML and CSS: the file <c>html-support.txt</c>, which says where its facts are from.</summary>
internal sealed class SupportTable
{
    private SupportTable(IReadOnlyList<MailClient> clients, IReadOnlyList<SupportRow> rows)
    {
        (Clients, Rows) = (clients, rows);
        ByUse = rows.SelectMany(row => row.Uses.Select(use => (use, row))).ToFrozenDictionary(p => p.use, p => p.row);
    }

    public static SupportTable Shipped { get; } = ReadShipped();

    public IReadOnlyList<MailClient> Clients { get; }

    public IReadOnlyList<SupportRow> Rows { get; }

    /// <summary>The row of what <see cref="HtmlUses"/> finds in a message.</summary>
    public FrozenDictionary<string, SupportRow> ByUse { get; }

    /// <exception cref="FormatException">A line is none of the kinds that the file describes.</exception>
    public static SupportTable Parse(string text)
    {
        List<MailClient> clients = [];
        List<SupportRow> rows = [];
        foreach (var line in text.Split('\n').Where(l => l.Length > 0 && l[0] != '#'))
        {
            switch (line.Split('|', StringSplitOptions.TrimEntries))
            {
                case ["client", var id, var family, var name]:
                    clients.Add(new MailClient(id, family, name));
                    break;
                case ["feature", var id, var name, var uses, var letters, .. var advice] when letters.Length == clients.Count:
                    rows.Add(new SupportRow(
                        id, name, uses.Split(' '), [.. letters.Select(ReadLetter)], advice is [{ Length: > 0 } only] ? only : null));
                    break;
                default:
                    throw new FormatException($"no line of a support table: `{line}`");
            }
        }

        return new SupportTable(clients, rows);
    }

    private static Support ReadLetter(char letter) => letter switch
    {
        'y' => Support.Yes,
        'p' => Support.Partly,
        'n' => Support.No,
        '?' => Support.Unknown,
        _ => throw new FormatException($"no letter of a support table: `{letter}`"),
    };

    private static SupportTable ReadShipped()
    {
        using var stream = typeof(SupportTable).Assembly.GetManifestResourceStream("Signet.Preflight.html-support.txt")
            ?? throw new InvalidOperationException("the support table is not part of the program");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }
}

/// <param name="Id">As caniemail.com names the feature.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Uses">What <see cref="HtmlUses"/> calls it.</param>
/// <param name="Support">In the order of the table's clients.</param>
/// <param name="Advice">What to do about it, if there is something short to say.</param>
internal sealed record SupportRow(string Id, string Name, IReadOnlyList<string> Uses, IReadOnlyList<Support> Support, string? Advice);
