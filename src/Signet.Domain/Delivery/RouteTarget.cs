using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Signet.Addresses;
using Signet.Delivery.Tls;

namespace Signet.Delivery;

/// <summary>Where deliveries leave to.</summary>
public abstract record RouteTarget
{
    private const string TlsMark = "tls=";

    private RouteTarget()
    {
    }

    /// <summary>What TLS must be at the least; null leaves it to others.</summary>
    public TlsPolicy? Tls { get; init; }

    /// <summary>Parses <c>capture</c>, <c>mx</c>, <c>smtp://[user:pass@]host[:port]</c> or <c>smtps://…</c>, and <c>?tls=LEVEL</c> behind it.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RouteTarget? target) => TryParse(text, "route", out target, out _);

    /// <inheritdoc cref="TryParse(string?, out RouteTarget?)"/>
    /// <param name="text">The target.</param>
    /// <param name="askedBy">Who asks for the level of TLS, as in <see cref="TlsPolicy.AskedBy"/>.</param>
    /// <param name="target">What was parsed.</param>
    /// <param name="problem">What is wrong with the level of TLS, and what is allowed; null when something else is wrong.</param>
    public static bool TryParse(string? text, string askedBy, [NotNullWhen(true)] out RouteTarget? target, out string? problem)
    {
        (target, problem) = (null, null);
        var mark = text?.IndexOf('?', StringComparison.Ordinal) ?? -1;
        var parsed = mark < 0 ? Parse(text) : Parse(text![..mark]);
        if (parsed is null || mark < 0)
        {
            target = parsed;
            return target is not null;
        }

        if (!text.AsSpan(mark + 1).StartsWith(TlsMark, StringComparison.Ordinal)
            || !TlsPolicy.TryParseLevel(text![(mark + 1 + TlsMark.Length)..], out var level))
        {
            problem = $"behind the `?` of a target stands `tls=` and {TlsPolicy.Levels}";
            return false;
        }

        problem = Contradiction(parsed, level.Value);
        target = problem is null ? parsed with { Tls = new TlsPolicy(level.Value, askedBy) } : null;
        return target is not null;
    }

    private static string? Contradiction(RouteTarget target, TlsLevel level) => target switch
    {
        Capture => "`capture` takes no `?tls=`, as nothing leaves this machine",
        Smarthost { ImplicitTls: true } when level == TlsLevel.Opportunistic =>
            "`smtps` is TLS from the first byte: leave `?tls=` out, or set it to required or verified",
        Smarthost { User: not null, IsLoopback: false } when level < TlsLevel.Verified =>
            "a password is only sent to a smarthost whose certificate is valid: leave `?tls=` out, or set it to verified",
        _ => null,
    };

    private static RouteTarget? Parse(string? text) => text switch
    {
        "capture" => new Capture(),
        "mx" => new Mx(),
        _ => ParseSmarthost(text),
    };

    private static Smarthost? ParseSmarthost(string? text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("smtp" or "smtps")
            || uri.IdnHost.Length == 0
            || uri.PathAndQuery is not ("" or "/")
            || uri.Fragment.Length > 0
            || uri.Port == 0)
        {
            return null;
        }

        var colon = uri.UserInfo.IndexOf(':', StringComparison.Ordinal);
        if (uri.UserInfo.Length > 0 && colon <= 0)
        {
            return null;
        }

        var implicitTls = uri.Scheme == "smtps";
        return new Smarthost(
            uri.IdnHost,
            uri.Port > 0 ? uri.Port : implicitTls ? 465 : 25,
            implicitTls,
            colon < 0 ? null : Uri.UnescapeDataString(uri.UserInfo[..colon]),
            colon < 0 ? null : Uri.UnescapeDataString(uri.UserInfo[(colon + 1)..]));
    }

    private string ShownTls => Tls is null ? "" : $"?{TlsMark}{TlsPolicy.NameOf(Tls.Level)}";

    /// <summary>The inbox inside Signet: nothing leaves the machine.</summary>
    public sealed record Capture : RouteTarget
    {
        public override string ToString() => "capture";
    }

    /// <summary>The mail exchangers of the recipient's domain.</summary>
    public sealed record Mx : RouteTarget
    {
        public override string ToString() => $"mx{ShownTls}";
    }

    /// <summary>One SMTP server that takes everything.</summary>
    /// <param name="Host">A name (A-labels) or an IP address without brackets.</param>
    /// <param name="Port">25 unless given; 465 with <paramref name="ImplicitTls"/>.</param>
    /// <param name="ImplicitTls"><c>smtps</c>: TLS from the first byte.</param>
    /// <param name="User">Null: no AUTH.</param>
    /// <param name="Password">Given with <paramref name="User"/>; percent-encoding undone.</param>
    public sealed record Smarthost(string Host, int Port, bool ImplicitTls, string? User, string? Password) : RouteTarget
    {
        /// <summary>Whether it is written as an address of this machine.</summary>
        public bool IsLoopback => Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

        /// <summary>Without the password: it is printed and logged.</summary>
        public override string ToString()
        {
            var credentials = User is null ? "" : $"{Uri.EscapeDataString(User)}:***@";
            var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
            return string.Create(CultureInfo.InvariantCulture, $"{(ImplicitTls ? "smtps" : "smtp")}://{credentials}{host}:{Port}{ShownTls}");
        }
    }
}

/// <summary>Which recipient domains a route is for.</summary>
public abstract record RoutePattern
{
    private RoutePattern()
    {
    }

    public abstract bool Matches(DomainName domain);

    /// <summary>Parses a domain, or <c>*.</c> and a domain for everything below it.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RoutePattern? pattern)
    {
        const string below = "*.";
        var isBelow = text?.StartsWith(below, StringComparison.Ordinal) == true;
        pattern = !DomainName.TryParse(isBelow ? text![below.Length..] : text, out var domain) ? null
            : isBelow ? new Below(domain)
            : new Exactly(domain);
        return pattern is not null;
    }

    /// <summary>Every domain.</summary>
    public sealed record All : RoutePattern
    {
        public override bool Matches(DomainName domain) => true;

        public override string ToString() => "";
    }

    /// <summary>One domain, not those below it.</summary>
    public sealed record Exactly(DomainName Domain) : RoutePattern
    {
        public override bool Matches(DomainName domain) => domain == Domain;

        public override string ToString() => Domain.Value;
    }

    /// <summary>All domains below one, at any depth, but not that one.</summary>
    public sealed record Below(DomainName Domain) : RoutePattern
    {
        public override bool Matches(DomainName domain) => domain != Domain && Domain.Covers(domain);

        public override string ToString() => $"*.{Domain.Value}";
    }
}
