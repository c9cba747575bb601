using System.Globalization;
using System.Net;
using Signet.Delivery.Tls;

namespace Signet.Delivery.Destinations;

/// <summary>
/// Reads a file of receivers: a section for each, <c>[name]</c>, and lines <c>what = value</c>. Lines that begin with <c>#</c> and empty lines are
/// comments. <c>receivers.ini</c> says what there is.
/// </summary>
internal static class ReceiverFile
{
    private const int MaxConnections = 1_000;
    private const int MaxMessages = 1_000_000;
    private const int MaxWeight = 1_000;

    /// <exception cref="FormatException">A line cannot be read; the text names it and says what it should be.</exception>
    public static IReadOnlyList<Receiver> Parse(string text)
    {
        List<Receiver> receivers = [];
        foreach (var (line, number) in text.Split('\n').Select((l, i) => (l.Trim(), i + 1)))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line is ['[', .. var name, ']'] && name.Trim().Length > 0)
            {
                receivers.Add(receivers.Exists(r => r.Name.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase))
                    ? throw Problem(number, $"there are two sections [{name.Trim()}]")
                    : new Receiver(name.Trim(), [], [], new ReceiverLimits()));
                continue;
            }

            if (receivers.Count == 0 || line.Split('=', 2, StringSplitOptions.TrimEntries) is not [var what, { Length: > 0 } value])
            {
                throw Problem(number, "a section [name] or a line `what = value` was expected");
            }

            receivers[^1] = Read(receivers[^1], what, value, number);
        }

        return receivers;
    }

    private static Receiver Read(Receiver receiver, string what, string value, int line)
    {
        var limits = receiver.Limits;
        return what switch
        {
            "exchangers" => receiver with { Exchangers = Names(value, line) },
            "domains" => receiver with { Domains = Names(value, line) },
            "shared" => receiver with { IsShared = Flag(value, line) },
            "connections" => receiver with { Limits = limits with { Connections = Whole(value, MaxConnections, line) } },
            "messages-per-connection" => receiver with { Limits = limits with { MessagesPerConnection = Whole(value, MaxMessages, line) } },
            "messages-per-second" => receiver with { Limits = limits with { MessagesPerSecond = Number(value, 0.001, MaxMessages, line) } },
            "tls" => receiver with { Limits = limits with { Tls = Policy(receiver.Name, value, line) } },
            "source-addresses" => receiver with { Limits = limits with { SourceAddresses = Sources(value, line) } },
            _ => throw Problem(
                line,
                $"there is no `{what}`: there are exchangers, domains, shared, connections, messages-per-connection, messages-per-second, tls and source-addresses"),
        };
    }

    private static IReadOnlyList<NameSuffix> Names(string value, int line)
    {
        var names = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Array.Find(names, n => !Addresses.DomainName.TryParse(n.TrimStart('.'), out _) || n.StartsWith("..", StringComparison.Ordinal)) is { } wrong
            ? throw Problem(line, $"`{wrong}` is no host name, nor the end of one as `.example.com` is")
            : [.. names.Select(n => new NameSuffix(n))];
    }

    private static List<SourceAddress> Sources(string value, int line)
    {
        List<SourceAddress> sources = [];
        foreach (var word in value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = word.Split('*', 2);
            if (!IPAddress.TryParse(parts[0], out var address) || !IsWhole(parts is [_, var text] ? text : "1", MaxWeight, out var weight))
            {
                throw Problem(line, $"`{word}` is no IP address, nor one with a weight as `192.0.2.1*3` is");
            }

            sources.Add(sources.Exists(s => s.Address.Equals(address))
                ? throw Problem(line, $"`{parts[0]}` is there twice")
                : new SourceAddress(address, weight));
        }

        return sources;
    }

    private static int Whole(string value, int max, int line) => IsWhole(value, max, out var number)
        ? number
        : throw Problem(line, string.Create(CultureInfo.InvariantCulture, $"`{value}` is no whole number from 1 to {max}"));

    private static bool IsWhole(string value, int max, out int number) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1 && number <= max;

    private static double Number(string value, double min, double max, int line) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw Problem(line, string.Create(CultureInfo.InvariantCulture, $"`{value}` is no number from {min} to {max}"));

    private static TlsPolicy Policy(string receiver, string value, int line) => TlsPolicy.TryParseLevel(value, out var level)
        ? new TlsPolicy(level.Value, $"receivers file [{receiver}]")
        : throw Problem(line, $"`{value}` is none of {TlsPolicy.Levels}");

    private static bool Flag(string value, int line) => value switch
    {
        "yes" => true,
        "no" => false,
        _ => throw Problem(line, $"`{value}` is neither yes nor no"),
    };

    private static FormatException Problem(int line, string problem) => new(string.Create(CultureInfo.InvariantCulture, $"line {line}: {problem}"));
}
