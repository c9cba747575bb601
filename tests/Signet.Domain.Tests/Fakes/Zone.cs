using System.Globalization;
using System.Text.RegularExpressions;

namespace Signet.Tests.Fakes;

/// <summary>
/// DNS data from a few lines of text, one record a line: <c>NAME TYPE VALUE</c>. TXT values are strings in double quotes; of MX
/// the value is <c>PREFERENCE HOST</c>; the type <c>FAIL</c> makes the name answer SERVFAIL, <c>SILENT</c> not at all. Empty lines
/// and lines beginning with <c>;</c> do not count.
/// </summary>
public sealed partial class Zone
{
    private readonly List<ZoneRecord> _records = [];

    public static Zone Parse(string text)
    {
        var zone = new Zone();
        foreach (var line in text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != ';'))
        {
            var parts = line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries);
            zone._records.Add(new ZoneRecord(Canonical(parts[0]), parts[1], parts.Length > 2 ? parts[2].Trim() : string.Empty));
        }

        return zone;
    }

    public bool Fails(string name) => Has(name, "FAIL");

    public bool IsSilent(string name) => Has(name, "SILENT");

    /// <summary>True for a name with any record, and for one above such a name.</summary>
    public bool Exists(string name) =>
        _records.Any(r => r.Name == Canonical(name) || r.Name.EndsWith("." + Canonical(name), StringComparison.Ordinal));

    public IReadOnlyList<ZoneRecord> Find(string name, string type) =>
        [.. _records.Where(r => r.Name == Canonical(name) && r.Type == type)];

    /// <summary>The records of that type at the name or where its aliases lead, the aliases passed through first; and the last name.</summary>
    public (IReadOnlyList<ZoneRecord> Records, string LastName) Follow(string name, string type)
    {
        List<ZoneRecord> records = [];
        while (type != "CNAME" && Find(name, "CNAME") is [var alias, ..] && records.Count < 10)
        {
            records.Add(alias);
            name = alias.Value;
        }

        records.AddRange(Find(name, type));
        return (records, Canonical(name));
    }

    private bool Has(string name, string type) => _records.Any(r => r.Name == Canonical(name) && r.Type == type);

    private static string Canonical(string name) => name.TrimEnd('.').ToLowerInvariant();

    /// <summary>One record.</summary>
    public sealed partial record ZoneRecord(string Name, string Type, string Value)
    {
        /// <summary>The strings of a TXT record.</summary>
        public IReadOnlyList<string> Strings => [.. Quoted().Matches(Value).Select(m => m.Groups[1].Value)];

        /// <summary>The two fields of an MX record.</summary>
        public (ushort Preference, string Host) Exchange =>
            Value.Split(' ', 2) is [var preference, var host] ? (ushort.Parse(preference, CultureInfo.InvariantCulture), host) : default;

        [GeneratedRegex("\"([^\"]*)\"")]
        private static partial Regex Quoted();
    }
}
