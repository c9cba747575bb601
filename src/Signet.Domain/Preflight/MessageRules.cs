using System.Text;
using Signet.Addresses;
using Signet.Display;
using Signet.Messages;
using Signet.Viewing;

namespace Signet.Preflight;

/// <summary>What mailbox providers and the standards ask of a message itself.</summary>
internal static class MessageRules
{
    private const string Format = "https://www.rfc-editor.org/rfc/rfc5322";
    private const int MaxSubject = 78;

    // Gmail shows the rest behind a link.
    private const int ClippedHtml = 102 * 1024;

    // Many company servers stop at the first, Gmail and Outlook.com near the second.
    private const int UsualSize = 10 * 1024 * 1024;
    private const int MaxSize = 25 * 1024 * 1024;

    // RFC 5322 §3.6.
    private static readonly string[] OnceOnly =
    [
        "Date", "From", "Sender", "Reply-To", "To", "Cc", "Message-ID", "In-Reply-To", "References", "Subject", "MIME-Version",
        "List-Unsubscribe", "List-Unsubscribe-Post",
    ];

    private static readonly string[] Required = ["Date", "Message-ID"];

    /// <summary>The authors; none if the field cannot be read or is there twice.</summary>
    public static IReadOnlyList<Mailbox> From(RawMessage message) =>
        message.Fields.Count(f => f.Is("From")) == 1 && Mailbox.TryParseList(message.Value("From")!, out var authors, out _) ? authors : [];

    public static IEnumerable<Finding> Of(RawMessage message) =>
        [.. OfFields(message), .. OfSubject(message), .. OfSize(message), .. OfLines(message), OfUnsubscribe(message), .. OfBodies(message)];

    private static IEnumerable<Finding> OfFields(RawMessage message)
    {
        yield return From(message) switch
        {
            [_] => new Finding(Severity.Good, "From: one author", "Exactly one address, as all mailbox providers ask."),
            [] => new Finding(
                Severity.Problem,
                "From: missing or not readable",
                "Mailbox providers refuse mail without exactly one readable From.",
                Format),
            _ => new Finding(
                Severity.Problem,
                "From: several authors",
                "DMARC judges by one domain; Gmail and others refuse mail with more than one From address.",
                SenderRequirements.Gmail),
        };

        foreach (var name in OnceOnly.Where(n => message.Fields.Count(f => f.Is(n)) > 1))
        {
            yield return new Finding(
                Severity.Problem,
                $"{name}: there twice",
                "It may be there once only; Gmail refuses such mail.",
                Format);
        }

        foreach (var name in Required.Where(n => string.IsNullOrWhiteSpace(message.Value(n))))
        {
            yield return new Finding(Severity.Problem, $"{name}: missing", "Every message has to have one.", Format);
        }

        if (message.Value("To") is null && message.Value("Cc") is null)
        {
            yield return new Finding(Severity.Warning, "To: missing", "Mail to nobody in particular is taken for spam by many filters.");
        }

        if (message.Fields.FirstOrDefault(f => f.Bytes.Span.IndexOfAnyInRange((byte)0x80, (byte)0xff) >= 0) is { } raw)
        {
            yield return new Finding(
                Severity.Warning,
                $"{VisibleText.Cut(raw.Name, ViewLimits.Name)}: 8-bit text",
                "Text beyond ASCII has to be encoded in a header (RFC 2047); servers without SMTPUTF8 refuse it.",
                "https://www.rfc-editor.org/rfc/rfc2047");
        }
    }

    private static IEnumerable<Finding> OfSubject(RawMessage message)
    {
        if (message.Subject.Length == 0)
        {
            yield return new Finding(Severity.Warning, "Subject: empty", "Readers and filters expect one.", Format);
        }
        else if (message.Subject.Length > MaxSubject)
        {
            yield return new Finding(
                Severity.Hint,
                "Subject: long",
                $"It has {message.Subject.Length} characters; lists of messages show the first few dozen.");
        }
    }

    private static IEnumerable<Finding> OfSize(RawMessage message)
    {
        var size = message.Content.Length;
        if (size > MaxSize)
        {
            yield return new Finding(
                Severity.Problem,
                "Too large",
                $"It has {size / 1024 / 1024} MB; large mailbox providers stop at about 25.");
        }
        else if (size > UsualSize)
        {
            yield return new Finding(Severity.Warning, "Large", $"It has {size / 1024 / 1024} MB; many servers stop at 10.");
        }
    }

    private static IEnumerable<Finding> OfLines(RawMessage message)
    {
        if (message.LongLines is { } lines)
        {
            yield return new Finding(
                Severity.Warning,
                "Lines: too long",
                $"{lines} Receivers refuse such mail, or break the lines, which breaks its DKIM signature. Encode the text with quoted-printable or base64.",
                "https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.6");
        }
    }

    // What a message is for cannot be seen; only bulk mail has to have it.
    private static Finding OfUnsubscribe(RawMessage message)
    {
        const string Title = "One-click unsubscribe";
        var uris = (message.Value("List-Unsubscribe") ?? "").Split(',').Select(u => u.Trim().Trim('<', '>')).ToList();
        var post = message.Value("List-Unsubscribe-Post")?.Replace(" ", "", StringComparison.Ordinal);
        var hasWeb = uris.Exists(u => LinkRules.ToWeb(u) is { Scheme: "https" });
        return (message.Value("List-Unsubscribe"), hasWeb, post) switch
        {
            (null, _, null) => new Finding(
                Severity.Hint,
                $"{Title}: not there",
                "If this goes to many who signed up for it, Gmail, Yahoo and Outlook.com ask for List-Unsubscribe and "
                    + "List-Unsubscribe-Post.",
                SenderRequirements.Gmail),
            (_, true, not null) when post.Equals("List-Unsubscribe=One-Click", StringComparison.OrdinalIgnoreCase) =>
                new Finding(
                    Severity.Good,
                    Title,
                    "There is an `https` address and it takes one click. The DKIM signature has to cover both fields.",
                    "https://www.rfc-editor.org/rfc/rfc8058"),
            (_, true, null) => new Finding(
                Severity.Warning,
                $"{Title}: half",
                "There is an `https` address, but no `List-Unsubscribe-Post: List-Unsubscribe=One-Click`.",
                "https://www.rfc-editor.org/rfc/rfc8058"),
            (_, true, _) => new Finding(
                Severity.Warning,
                $"{Title}: not as asked",
                "List-Unsubscribe-Post has to say `List-Unsubscribe=One-Click`.",
                "https://www.rfc-editor.org/rfc/rfc8058"),
            _ => new Finding(
                Severity.Warning,
                $"{Title}: no https address",
                "List-Unsubscribe has to name an `https` address for one click; `mailto` alone is not enough.",
                "https://www.rfc-editor.org/rfc/rfc8058"),
        };
    }

    private static IEnumerable<Finding> OfBodies(RawMessage message)
    {
        var view = MessageView.Read(message.Content);
        var outline = HtmlOutline.Read(view.Html ?? "");
        string?[] shown = [message.Subject, LinksInText.Beginning(view.Text ?? ""), outline.Text];
        if (shown.Select(LinkRules.PlaceholderIn).OfType<string>().FirstOrDefault() is { } placeholder)
        {
            yield return new Finding(
                Severity.Warning,
                "Placeholder not filled in",
                $"Readers will see `{placeholder}`. The template was sent without this value.");
        }

        if (view.Html is { } html)
        {
            var size = Encoding.UTF8.GetByteCount(html);
            yield return size > ClippedHtml
                ? new Finding(
                    Severity.Warning,
                    "HTML: clipped by Gmail",
                    $"It has {size / 1024} kB; Gmail shows the first 102 and hides the rest behind a link.")
                : new Finding(
                    Severity.Good,
                    "HTML: shown whole",
                    $"It has {Math.Max(1, size / 1024)} kB, less than the 102 that Gmail shows.");
            yield return string.IsNullOrWhiteSpace(view.Text)
                ? new Finding(
                    Severity.Warning,
                    "Text: missing",
                    "Beside the HTML there is no plain text, for readers and devices that show none, and for filters that "
                        + "compare the two.")
                : new Finding(Severity.Good, "Text: beside the HTML", "Readers may choose.");
        }
        else if (string.IsNullOrWhiteSpace(view.Text))
        {
            yield return new Finding(Severity.Warning, "Nothing to read", "There is neither text nor HTML.");
        }
    }
}
