using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Signet.Addresses;

namespace Signet.Preflight;

/// <summary>Checks of a link alone.</summary>
/// <param name="anchors">The places within the HTML that a link may lead to.</param>
/// <param name="contentIds">Of the parts that came with the message.</param>
internal sealed partial class LinkRules(HashSet<string> anchors, HashSet<string> contentIds)
{
    // Some mail clients and older browsers stop near this.
    private const int MaxLength = 2000;

    private const string FillIn = "The template was sent without this value.";

    private static readonly string[] ReservedZones = ["test", "example", "invalid", "localhost", "local", "internal", "lan", "home.arpa"];

    /// <summary>The address a browser would go to; null if it is none of the web.</summary>
    public static Uri? ToWeb(string target) => Uri.TryCreate(target, UriKind.Absolute, out var uri) ? ToWeb(uri) : null;

    /// <inheritdoc cref="ToWeb(string)"/>
    public static Uri? ToWeb(Uri uri)
    {
        try
        {
            return uri.IsAbsoluteUri && uri.Scheme is "http" or "https" && uri.IdnHost.Length > 0 && uri.AbsoluteUri.Length > 0 ? uri : null;
        }
        catch (UriFormatException)
        {
            // A host with a letter that no domain may have is found out only when it is asked for.
            return null;
        }
    }

    /// <summary>The first place in a text that a template should have filled in, in one of the usual spellings.</summary>
    public static string? PlaceholderIn(string? text) =>
        text is not null && Placeholder().Match(text) is { Success: true, Value: var found } ? found : null;

    /// <summary>What holds wherever it stands.</summary>
    public IEnumerable<Finding> Of(string target, LinkKind kind)
    {
        if (PlaceholderIn(target) is { } placeholder)
        {
            return [new Finding(Severity.Problem, "Placeholder not filled in", $"The address has `{placeholder}` in it. {FillIn}")];
        }

        return Scheme(target) switch
        {
            "http" or "https" => OfWeb(target),
            "cid" when kind == LinkKind.Image => OfPart(target[4..]),
            "data" when kind == LinkKind.Image => [],
            "mailto" when kind == LinkKind.Link => OfMail(target[7..]),
            "tel" or "sms" when kind == LinkKind.Link => [],
            "javascript" or "vbscript" or "data" or "file" or "blob" =>
                [new Finding(
                    Severity.Problem,
                    "Address that mail clients refuse",
                    "Mail clients remove addresses of this kind, and filters take them for an attack.")],
            null => OfRelative(target, kind),
            var scheme => [new Finding(Severity.Hint, "Unusual kind of address", $"Few mail clients open `{scheme}:` addresses.")],
        };
    }

    /// <summary>What holds of one place where it stands.</summary>
    public static IEnumerable<Finding> OfPlace(string target, LinkCheck.Found found)
    {
        if (found.Image is { Name: "img" } image)
        {
            if (image.Value("alt") is null)
            {
                yield return new Finding(
                    Severity.Warning,
                    "Image without a text",
                    "Readers whose client shows no images, or who cannot see them, get nothing. Give it an `alt`; an empty "
                        + "one if it only decorates.");
            }

            if (image.Value("width") is null)
            {
                yield return new Finding(
                    Severity.Hint,
                    "Image without a width",
                    "Until it is loaded clients do not know how much room it takes, and classic Outlook shows it in its "
                        + "full size. Give it a `width`.");
            }
        }
        else if (found is { Kind: LinkKind.Link, Place: { Part: LinkPart.Html, Text: var text } })
        {
            if (text.Length == 0)
            {
                yield return new Finding(
                    Severity.Hint,
                    "Link without a text",
                    "There is nothing to read or to click on unless it holds an image.");
            }
            else if (PlaceholderIn(text) is { } placeholder)
            {
                yield return new Finding(Severity.Problem, "Placeholder not filled in", $"The text has `{placeholder}` in it. {FillIn}");
            }
            else if (ToWeb(target) is { } web
                && ShownHost().Match(text) is { Success: true } shown
                && !IsSameSite(shown.Groups["host"].Value, web.IdnHost))
            {
                yield return new Finding(
                    Severity.Warning,
                    "Text shows another host",
                    $"The text says `{shown.Groups["host"].Value}`, the link leads to `{web.IdnHost}`. Filters take this for phishing.");
            }
        }
    }

    private static string? Scheme(string target) =>
        SchemePattern().Match(target) is { Success: true } match ? match.Groups[1].Value.ToLowerInvariant() : null;

    private static List<Finding> OfWeb(string target)
    {
        if (ToWeb(target) is not { } web)
        {
            return [new Finding(
                Severity.Problem,
                "Address cannot be read",
                "There is no host in it, or something that no address can hold.")];
        }

        List<Finding> findings = [];
        if (web.Scheme == "http")
        {
            findings.Add(new Finding(
                Severity.Warning,
                "Not encrypted",
                "The address begins with `http:`. Use `https:`; browsers warn of pages that are not encrypted."));
        }

        if (target.Length > MaxLength)
        {
            findings.Add(new Finding(
                Severity.Warning,
                "Very long address",
                $"It has {target.Length} characters; some clients cut it at about {MaxLength}."));
        }

        if (target.AsSpan().IndexOfAny(" \t\r\n") >= 0)
        {
            findings.Add(new Finding(
                Severity.Warning,
                "Blank in an address",
                "Clients end the address there, or repair it each in its own way. Write `%20`."));
        }

        if (web.UserInfo.Length > 0)
        {
            findings.Add(new Finding(
                Severity.Warning,
                "User name in an address",
                "What stands before the `@` is no host; filters take this for phishing."));
        }

        if (!web.IsDefaultPort)
        {
            findings.Add(new Finding(Severity.Hint, "Unusual port", $"Some networks let nobody out to port {web.Port}."));
        }

        findings.AddRange(OfHost(web));
        return findings;
    }

    private static IEnumerable<Finding> OfHost(Uri web)
    {
        if (IPAddress.TryParse(web.IdnHost.Trim('[', ']'), out var address))
        {
            yield return PublicAddresses.Contains(address)
                ? new Finding(Severity.Warning, "Address without a name", "The host is an IP address; filters take this for an attack.")
                : new Finding(
                    Severity.Problem,
                    "Host that readers cannot reach",
                    $"`{address}` is not an address of the public Internet.");
        }
        else if (!web.IdnHost.Contains('.', StringComparison.Ordinal)
            || Array.Exists(ReservedZones, z => web.IdnHost.EndsWith("." + z, StringComparison.OrdinalIgnoreCase)))
        {
            yield return new Finding(
                Severity.Problem,
                "Host that readers cannot reach",
                $"`{web.IdnHost}` exists in tests or in one network only.");
        }
        else if (MixesScripts(web.IdnHost))
        {
            yield return new Finding(
                Severity.Warning,
                "Host in mixed scripts",
                $"`{web.IdnHost}` mixes letters of several scripts, as addresses made to deceive do; browsers show the encoded form.");
        }
        else if (web.IdnHost.Contains("xn--", StringComparison.OrdinalIgnoreCase))
        {
            yield return new Finding(
                Severity.Hint,
                "Internationalised host",
                $"Some clients show `{web.IdnHost}` instead of the name as it is written.");
        }
    }

    private IEnumerable<Finding> OfPart(string id) =>
        contentIds.Contains(id) || contentIds.Contains(Uri.UnescapeDataString(id))
            ? []
            : [new Finding(
                Severity.Problem,
                "Image is not in the message",
                $"No part has the Content-ID {Finding.Quote(id)}.",
                "https://www.rfc-editor.org/rfc/rfc2392")];

    private static IEnumerable<Finding> OfMail(string rest)
    {
        var query = rest.IndexOf('?', StringComparison.Ordinal);
        var addresses = Uri.UnescapeDataString(query < 0 ? rest : rest[..query]);
        return addresses.Split(',', StringSplitOptions.RemoveEmptyEntries).Where(a => !EmailAddress.TryParse(a.Trim(), out _)).Select(
            a => new Finding(
                Severity.Problem,
                "No mail address",
                $"{Finding.Quote(a)} is not an email address.",
                "https://www.rfc-editor.org/rfc/rfc6068"));
    }

    private IEnumerable<Finding> OfRelative(string target, LinkKind kind)
    {
        if (kind == LinkKind.Link && target is "" or "#")
        {
            yield return new Finding(Severity.Warning, "Leads nowhere", "The link has no address.");
        }
        else if (kind == LinkKind.Link && target[0] == '#')
        {
            if (!anchors.Contains(target[1..]) && !anchors.Contains(Uri.UnescapeDataString(target[1..])))
            {
                yield return new Finding(
                    Severity.Warning,
                    "Place is not in the message",
                    $"No element has the id or name {Finding.Quote(target[1..])}.");
            }
        }
        else
        {
            yield return new Finding(
                Severity.Problem,
                "Relative address",
                "A message lies on no site that it could be relative to. Write the whole address, beginning with `https:`.");
        }
    }

    private static bool IsSameSite(string shown, string host)
    {
        var (a, b) = (WithoutWww(shown), WithoutWww(host));
        return DomainName.TryParse(a, out var one) && DomainName.TryParse(b, out var other) && (one.Covers(other) || other.Covers(one));
    }

    private static string WithoutWww(string host) => host.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? host[4..] : host;

    // A whole name in one foreign script is a name like any other.
    private static bool MixesScripts(string host)
    {
        try
        {
            var labels = new IdnMapping().GetUnicode(host).Split('.');
            return Array.Exists(labels, label => label.Select(Script).Where(s => s > 0).Distinct().Count() > 1);
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    // Those that have letters which look like another's.
    private static int Script(char c) => c switch
    {
        >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '\u00c0' and <= '\u024f' => 1,
        >= '\u0370' and <= '\u03ff' => 2,
        >= '\u0400' and <= '\u052f' => 3,
        >= '\u0530' and <= '\u058f' => 4,
        >= '\u13a0' and <= '\u13ff' => 5,
        _ => 0,
    };

    [GeneratedRegex(
        @"\{\{[^{}]{0,100}\}\}|%7B%7B.{0,100}?%7D%7D|\{%.{0,100}?%\}|%%[\w. -]{1,100}%%|\*\|[\w:. -]{1,100}\|\*"
            + @"|\$\{[^{}]{0,100}\}|<%.{0,100}?%>|\[\[[^\[\]]{1,100}\]\]",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^([A-Za-z][A-Za-z0-9+.\-]{0,30}):")]
    private static partial Regex SchemePattern();

    [GeneratedRegex(
        @"^(?:https?://)?(?<host>(?:[\p{L}\p{N}-]{1,63}\.){1,10}\p{L}{2,24})(?:[/?#:]\S*)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ShownHost();
}
