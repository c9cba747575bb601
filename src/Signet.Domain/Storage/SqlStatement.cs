using System.Data.Common;
using System.Runtime.InteropServices;

namespace Signet.Storage;

/// <summary>One statement with its values; <c>@name</c> in the text is the value of that name.</summary>
internal readonly record struct SqlStatement(string Sql, params (string Name, object? Value)[] Values)
{
    /// <summary>What the drivers take: no null, no text that an engine refuses, bytes as an array.</summary>
    public static object Encode(object? value) => value switch
    {
        null => DBNull.Value,
        string text => StoredText.Clean(text),
        DateTimeOffset time => time.ToUnixTimeMilliseconds(),
        bool flag => flag ? 1L : 0L,
        int number => (long)number,
        Enum name => name.ToString(),
        Guid id => id.ToString("D"),
        ReadOnlyMemory<byte> bytes => MemoryMarshal.TryGetArray(bytes, out var part)
            && part.Array is { } whole && part.Offset == 0 && part.Count == whole.Length ? whole : bytes.ToArray(),
        _ => value,
    };

    /// <summary>Gives the parameters their values; the first time it also makes them.</summary>
    public void Bind(DbParameterCollection parameters, Func<DbParameter> create)
    {
        for (var i = 0; i < Values.Length; i++)
        {
            if (i == parameters.Count)
            {
                var parameter = create();

                // As the text writes it: SQLite would otherwise try every prefix that there is, each time.
                parameter.ParameterName = $"@{Values[i].Name}";
                parameters.Add(parameter);
            }

            parameters[i].Value = Encode(Values[i].Value);
        }
    }
}
