using System.Diagnostics.CodeAnalysis;
using System.Net;
using Signet.Addresses;

namespace Signet.Server.Hosting;

/// <summary>
/// The names other than loopback that <c>signet dev</c> answers to: a host name, an IP address, or <c>*.example.dev</c> for
/// every name below that domain.
/// </summary>
internal sealed class AllowedHosts
{
    private const string Wildcard = "*.";

    private readonly HashSet<string> _names;

    private AllowedHosts(HashSet<string> names) => _names = names;

    public bool IsEmpty => _names.Count == 0;

    /// <summary>Whether the text is one of the three.</summary>
    public static bool CanRead(string text) => TryRead(text, out _);

    /// <exception cref="FormatException">One <see cref="CanRead"/> is false of.</exception>
    public static AllowedHosts Parse(IEnumerable<string> texts) =>
        new([.. texts.Select(t => TryRead(t, out var name) ? name : throw new FormatException($"`{t}` is no host"))]);

    /// <summary>Whether a request for this host is one that somebody allowed.</summary>
    /// <param name="host">Without its port; an IPv6 address in its brackets.</param>
    public bool Include(string host) => !IsEmpty && TryRead(host, out var name) && !IsWildcard(name)
        && (_names.Contains(name) || Parents(name).Any(p => _names.Contains(Wildcard + p)));

    /// <summary>As they were given, separated by commas.</summary>
    public override string ToString() => string.Join(", ", _names.Order(StringComparer.Ordinal));

    private static bool TryRead(string text, [NotNullWhen(true)] out string? name)
    {
        var bare = text.Trim('[', ']');
        name = IPAddress.TryParse(bare, out var address) ? address.ToString()
            : DomainName.TryParse(IsWildcard(text) ? text[Wildcard.Length..] : text, out var domain)
                ? (IsWildcard(text) ? Wildcard : "") + domain.Value
            : null;
        return name is not null;
    }

    private static bool IsWildcard(string text) => text.StartsWith(Wildcard, StringComparison.Ordinal);

    // An IP address has no domains above it, though it may be read as a name.
    private static IEnumerable<string> Parents(string name) =>
        !IPAddress.TryParse(name, out _) && DomainName.TryParse(name, out var domain) ? domain.SelfAndParents().Skip(1).Select(d => d.Value) : [];
}
