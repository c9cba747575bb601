using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using Signet.Addresses;
using Signet.Names;

namespace Signet.Storage;

/// <summary>Columns as the domain's values. What is stored was parsed when it came in.</summary>
internal static class Rows
{
    public static string? TextOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static bool Flag(this DbDataReader row, int column) => row.GetInt64(column) != 0;

    public static int Int(this DbDataReader row, int column) => checked((int)row.GetInt64(column));

    public static byte[] Bytes(this DbDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    public static DateTimeOffset Time(this DbDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    public static DateTimeOffset? TimeOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.Time(column);

    public static T Name<T>(this DbDataReader row, int column)
        where T : struct, Enum => Enum.Parse<T>(row.GetString(column));

    /// <summary>As <see cref="Scope"/>; null where both columns are empty, as they are for mail of the server itself.</summary>
    public static AccountRegion? Owner(this DbDataReader row, int column) => row.GetString(column).Length == 0 ? null : row.Scope(column);

    /// <summary>An account in this column, its region in the next.</summary>
    public static AccountRegion Scope(this DbDataReader row, int column) =>
        new(AccountId.Parse(row.GetString(column)), Region.Parse(row.GetString(column + 1)));

    public static EmailAddress Address(this DbDataReader row, int column) => Address(row.GetString(column));

    /// <summary>
    /// Reads part of a row. False when its values make no sense to this program, because a newer version wrote them or somebody changed
    /// them by hand, or they are sealed with another key: work that goes through many rows leaves such a row out. What the engine fails
    /// with is thrown.
    /// </summary>
    public static bool TryRead<T>(Func<T> read, [MaybeNullWhen(false)] out T value)
    {
        try
        {
            value = read();
            return true;
        }
        catch (Exception e) when (e
            is FormatException or ArgumentException or InvalidCastException or OverflowException or JsonException or CryptographicException)
        {
            value = default;
            return false;
        }
    }

    public static IdentityName Identity(this DbDataReader row, int column)
    {
        var name = row.GetString(column);
        return name.Contains('@', StringComparison.Ordinal)
            ? new IdentityName.OfAddress(Address(name))
            : new IdentityName.OfDomain(DomainName.Parse(name));
    }

    // The last @ ends the local part, which may hold others in quotes: no need for the grammar.
    public static EmailAddress Address(string text)
    {
        var at = text.LastIndexOf('@');
        return new EmailAddress(text[..at], DomainName.Parse(text[(at + 1)..]));
    }
}
