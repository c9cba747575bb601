using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Signet.Storage;

/// <summary>
/// Makes of many inserts of one row each few inserts of many rows, for PostgreSQL: the values of a column go as one array, and <c>unnest</c> makes
/// rows of them. A hundred rows then cost little more than one.
/// </summary>
internal static partial class RowSets
{
    private static readonly ConcurrentDictionary<string, (string Into, string Values, string After)> _read = new(StringComparer.Ordinal);

    /// <summary>The same rows in the same order of tables.</summary>
    /// <param name="inserts">
    /// Each <c>INSERT INTO table (columns) VALUES (values)</c>, perhaps with <c>ON CONFLICT</c> behind it; equal texts are put together.
    /// </param>
    public static IReadOnlyList<SqlStatement> Of(IEnumerable<SqlStatement> inserts) =>
        [.. inserts.GroupBy(i => i.Sql, StringComparer.Ordinal).Select(g => Set([.. g]))];

    /// <summary>A column of texts, as an engine takes them.</summary>
    public static string?[] Texts(IEnumerable<string?> values) => [.. values.Select(v => v is null ? null : StoredText.Clean(v))];

    /// <summary>A column of numbers.</summary>
    public static long?[] Numbers(IEnumerable<long?> values) => [.. values];

    private static SqlStatement Set(IReadOnlyList<SqlStatement> rows)
    {
        if (rows.Count == 1)
        {
            return rows[0];
        }

        var (into, values, rest) = _read.GetOrAdd(rows[0].Sql, Read);
        List<(string Name, object? Value)> columns = [];
        for (var i = 0; i < rows[0].Values.Length; i++)
        {
            var name = rows[0].Values[i].Name;
            var column = Array(rows, i);
            if (column is not null)
            {
                columns.Add((name, column));
            }

            values = Regex.Replace(values, $@"@{name}\b", column is null ? "NULL" : $"u.{name}");
        }

        return new SqlStatement(
            $"{into} SELECT {values} FROM unnest({string.Join(", ", columns.Select(c => $"@{c.Name}"))}) AS u ({string.Join(", ", columns.Select(c => c.Name))}) {rest}",
            [.. columns]);
    }

    // Null when all of them are: then nothing says of which type they are, and nothing need be sent.
    private static Array? Array(IReadOnlyList<SqlStatement> rows, int column)
    {
        var values = new object?[rows.Count];
        for (var row = 0; row < values.Length; row++)
        {
            values[row] = SqlStatement.Encode(rows[row].Values[column].Value) is var value and not DBNull ? value : null;
        }

        return System.Array.Find(values, v => v is not null) switch
        {
            null => null,
            string => System.Array.ConvertAll(values, v => (string?)v),
            long => System.Array.ConvertAll(values, v => (long?)v),
            byte[] => System.Array.ConvertAll(values, v => (byte[]?)v),
            var other => throw new NotSupportedException($"no column holds {other.GetType()}"),
        };
    }

    private static (string Into, string Values, string After) Read(string sql) => Insert().Match(sql) is { Success: true } match
        ? (match.Groups["into"].Value, match.Groups["values"].Value, match.Groups["rest"].Value)
        : throw new NotSupportedException($"this is no insert of one row: {sql}");

    [GeneratedRegex(@"^\s*(?<into>INSERT INTO \w+ \([^)]*\))\s+VALUES\s*\((?<values>[^()]*)\)\s*(?<rest>ON CONFLICT[\s\S]*)?$")]
    private static partial Regex Insert();
}
