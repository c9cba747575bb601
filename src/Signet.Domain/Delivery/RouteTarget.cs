using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Signet.Addresses;

namespace Signet.Delivery;

/// <summary>Where deliveries leave to.</summary>
public abstract record RouteTarget
{
    private RouteTarget()
    {
    }

    /// <summary>Parses <c>capture</c>, <c>mx</c>, <c>smtp://[user:pass@]host[:port]</c> or <c>smtps://…</c>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RouteTarget? target)
    {
        target = text switch
        {
            "capture" => new Capture(),
            "mx" => new Mx(),
            _ => ParseSmarthost(text),
        };
        return target is not null;
    }

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

    /// <summary>The inbox inside Signet: nothing leaves the machine.</summary>
    public sealed record Capture : RouteTarget
    {
        public override string ToString() => "capture";
    }

    /// <summary>The mail exchangers of the recipient's domain.</summary>
    public sealed record Mx : RouteTarget
    {
        public override string ToString() => "mx";
    }

    /// <summary>One SMTP server that takes everything.</summary>
    /// <param name="Host">A name (A-labels) or an IP address without brackets.</param>
    /// <param name="Port">25 unless given; 465 with <paramref name="ImplicitTls"/>.</param>
    /// <param name="ImplicitTls"><c>smtps</c>: TLS from the first byte.</param>
    /// <param name="User">Null: no AUTH.</param>
    /// <param name="Password">Given with <paramref name="User"/>; percent-encoding undone.</param>
    public sealed record Smarthost(string Host, int Port, bool ImplicitTls, string? User, string? Password) : RouteTarget
    {
        /// <summary>Without the password: it is printed and logged.</summary>
        public override string ToString()
        {
            var credentials = User is null ? "" : $"{Uri.EscapeDataString(User)}:***@";
            var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
            return string.Create(CultureInfo.InvariantCulture, $"{(ImplicitTls ? "smtps" : "smtp")}://{credentials}{host}:{Port}");
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
