using MimeKit.Text;

namespace Signet.Viewing;

/// <summary>
/// The HTML of a message made safe to show in a sandboxed frame. Harmless parts are written again, in one spelling that
/// browsers cannot read in two ways; all else is left out: scripts, frames, forms, comments, everything that would be fetched or run
/// or lead elsewhere by itself, and <c>svg</c> and <c>math</c> with all they hold. The frame's own content security policy comes on top.
/// </summary>
/// <param name="Html">A whole document.</param>
/// <param name="BlockedImages">How many images, style sheets and the like would have been fetched, and were left out.</param>
/// <param name="LargeImages">How many images that came with the message were left out, as the HTML would be too large with them.</param>
/// <param name="Shortened">Whether the message had more than is shown.</param>
public sealed record SanitizedHtml(string Html, int BlockedImages, int LargeImages, bool Shortened)
{
    /// <summary>Reads HTML once from front to end, whatever it is.</summary>
    /// <param name="html">The HTML body.</param>
    /// <param name="inlinePart">A part of the message by its Content-ID, without angle brackets; null if there is none.</param>
    /// <param name="maxLength">Characters that are read; what follows is left out.</param>
    /// <param name="isDark">The colour scheme that style sheets find when they ask for it; null for that of the machine.</param>
    public static SanitizedHtml Of(string html, Func<string, InlinePart?> inlinePart, int maxLength, bool? isDark = null) =>
        Read(html, new InlineImages(inlinePart, encodes: true), maxLength, isDark);

    /// <summary>
    /// What <see cref="Of"/> would leave out, without the cost of the images. The HTML shows none of them.
    /// </summary>
    /// <param name="html">The HTML body.</param>
    /// <param name="inlinePart">A part of the message by its Content-ID.</param>
    /// <param name="maxLength">Characters that are read.</param>
    public static SanitizedHtml WithoutImages(string html, Func<string, InlinePart?> inlinePart, int maxLength) =>
        Read(html, new InlineImages(inlinePart, encodes: false), maxLength, isDark: null);

    private static SanitizedHtml Read(string html, InlineImages images, int maxLength, bool? isDark)
    {
        var shortened = html.Length > maxLength;
        var writer = new HtmlSanitizer(images, isDark);

        // A tag that is cut in two is no tag.
        var tokenizer = new HtmlTokenizer(new StringReader(shortened ? html[..maxLength] : html)) { IgnoreTruncatedTags = true };
        while (tokenizer.ReadNextToken(out var token))
        {
            switch (token)
            {
                case HtmlTagToken { IsEndTag: true } tag:
                    writer.EndTag(tag.Name.ToLowerInvariant());
                    break;
                case HtmlTagToken tag:
                    writer.StartTag(tag.Name.ToLowerInvariant(), tag.Attributes.Select(a => (a.Name, a.Value)), tag.IsEmptyElement);
                    break;
                case HtmlDataToken { Kind: HtmlTokenKind.Data, Data: { } text }:
                    writer.Text(text);
                    break;
            }
        }

        return new SanitizedHtml(writer.Finish(), images.Blocked, images.TooLarge, shortened);
    }
}
