using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Signet.Queue;

/// <summary>
/// Names destinations, which are sets of hosts, by hosts that they have: <c>mx1.example.net</c> or <c>mx1.example.net,mx2.example.net,+3</c>. The
/// second form, in which lists show a destination with many hosts, also says how many others there are.
/// </summary>
public sealed record DestinationName
{
    /// <summary>Hosts in one name.</summary>
    public const int MaxHosts = 10;

    /// <summary>Characters of all hosts of a destination. One with more has no name.</summary>
    public const int MaxLength = 2_000;

    private const int Shown = 2;
    private const int MaxHostLength = 255;

    private DestinationName(string value) => Value = value;

    /// <summary>As it is written.</summary>
    public string Value { get; }

    /// <summary>The hosts that are named, from 1.</summary>
    public IReadOnlyList<string> Hosts => [.. Value.Split(',').Where(part => part[0] != '+')];

    /// <summary>How many hosts it has in all; null when the name does not say.</summary>
    public int? Count => Value.LastIndexOf(",+", StringComparison.Ordinal) is > 0 and var at
        ? Hosts.Count + int.Parse(Value.AsSpan(at + 2), CultureInfo.InvariantCulture)
        : null;

    /// <summary>The name of a destination.</summary>
    /// <param name="hosts">All of its hosts, sorted, with blanks between them.</param>
    public static DestinationName Of(string hosts)
    {
        var all = hosts.Split(' ');
        var shown = string.Join(',', all.Take(Shown));
        return new(all.Length <= Shown ? shown : string.Create(CultureInfo.InvariantCulture, $"{shown},+{all.Length - Shown}"));
    }

    public static bool TryParse(string? text, [NotNullWhen(true)] out DestinationName? name)
    {
        name = null;
        var parts = text?.ToLowerInvariant().Split(',', ' ') ?? [];
        var hosts = parts.Length > 1 && IsCount(parts[^1]) ? parts[..^1] : parts;
        if (hosts.Length is 0 or > MaxHosts || !hosts.All(IsHost))
        {
            return false;
        }

        name = new DestinationName(string.Join(',', parts));
        return true;
    }

    /// <summary>Whether a destination is meant.</summary>
    /// <param name="hosts">All of its hosts, as for <see cref="Of"/>.</param>
    public bool Matches(string hosts)
    {
        var all = hosts.Split(' ');
        return Hosts.All(all.Contains) && (Count is not { } count || count == all.Length);
    }

    public override string ToString() => Value;

    private static bool IsCount(string part) => part.Length is > 1 and <= 4 && part[0] == '+' && part.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    // A name, or the address of a smarthost.
    private static bool IsHost(string part) =>
        part.Length is > 0 and <= MaxHostLength && part.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_' or ':');
}
