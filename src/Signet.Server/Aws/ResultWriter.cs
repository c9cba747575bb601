using System.Globalization;
using System.Text;
using System.Xml;

namespace Signet.Server.Aws;

/// <summary>Writes the members of a result. An optional member that has no value is not written at all.</summary>
internal sealed class ResultWriter(XmlWriter xml)
{
    /// <summary>Text; a character that XML cannot hold becomes U+FFFD, so that a caller's own words cannot break the answer.</summary>
    public void Text(string name, string? value)
    {
        if (value is not null)
        {
            xml.WriteStartElement(name);
            xml.WriteString(Legal(value));
            xml.WriteEndElement();
        }
    }

    public void Flag(string name, bool value) => Text(name, value ? "true" : "false");

    public void Count(string name, long value) => Text(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A double as SES writes it: <c>200.0</c>, never with an exponent.</summary>
    public void Number(string name, double value) => Text(name, value.ToString("0.0##############", CultureInfo.InvariantCulture));

    /// <summary>ISO 8601 in UTC, to the second.</summary>
    public void Time(string name, DateTimeOffset value) =>
        Text(name, value.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));

    /// <summary>A list of texts; an empty one is an empty element.</summary>
    public void List(string name, IEnumerable<string> values) => Nested(name, values, value => Text("member", value));

    /// <summary>A list of structures.</summary>
    public void List<T>(string name, IEnumerable<T> values, Action<T> writeMembers) =>
        Nested(name, values, value => Nested("member", () => writeMembers(value)));

    /// <summary>A map of texts.</summary>
    public void Map(string name, IEnumerable<KeyValuePair<string, string>> entries) =>
        Nested(name, entries, entry => Entry(entry.Key, () => Text("value", entry.Value)));

    /// <summary>A map of structures.</summary>
    public void Map<T>(string name, IEnumerable<KeyValuePair<string, T>> entries, Action<T> writeMembers) =>
        Nested(name, entries, entry => Entry(entry.Key, () => Nested("value", () => writeMembers(entry.Value))));

    private void Entry(string key, Action writeValue) => Nested("entry", () =>
    {
        Text("key", key);
        writeValue();
    });

    private void Nested<T>(string name, IEnumerable<T> values, Action<T> write) => Nested(name, () =>
    {
        foreach (var value in values)
        {
            write(value);
        }
    });

    private void Nested(string name, Action write)
    {
        xml.WriteStartElement(name);
        write();
        xml.WriteEndElement();
    }

    private static string Legal(string text)
    {
        StringBuilder? legal = null;
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            if (!isPair && !XmlConvert.IsXmlChar(text[i]))
            {
                legal ??= new StringBuilder(text);
                legal[i] = '\uFFFD';
            }

            i += isPair ? 1 : 0;
        }

        return legal?.ToString() ?? text;
    }
}
