using System.Text.RegularExpressions;
using CsCheck;
using MimeKit.Text;
using Signet.Viewing;

namespace Signet.Tests.Viewing;

public sealed partial class HtmlSanitizerTests
{
    private const int Enough = 1024 * 1024;

    // What inline images may add, and the message itself.
    private const int MostOutput = 8_000_000 + (2 * Enough);

    private static readonly string[] Elements =
    [
        "script", "iframe", "frame", "frameset", "object", "embed", "applet", "portal", "link", "base", "form", "svg", "math", "noscript",
        "template", "textarea", "select", "title", "xmp", "plaintext", "video", "audio", "source", "track", "image", "bgsound", "param",
    ];

    private static readonly string[] Bricks =
    [
        .. Elements.Select(e => $"<{e}>"), .. Elements.Select(e => $"</{e}>"), .. Elements.Select(e => $"<{e} "),
        "<", ">", "</", "/>", "\"", "'", "`", "=", "&", ";", "\0", "\n", "\\", "{", "}", "(", ")", ":", "@", "/*", "*/", "<!--", "-->",
        "<![CDATA[", "]]>", "<style>", "</style>", "<p style=\"", "<img src=", " onerror=x ", " srcdoc=x ", " href=", "<a", "<table>",
        "<td>", "</td>", "</table>", "<b>", "</b>", "<li>", "javascript:alert(1)", "https://evil.example/", "url(", "\\75rl(",
        "expression(", "@import ", "background:", "cid:logo", "data:image/png;base64,AAAA", "&lt;", "&#60;", "&quot;", "x", "<meta ", "é", "\ud800",
    ];

    private static readonly Gen<string> Documents = Gen.Int[0, Bricks.Length - 1].Array[0, 40].Select(n => string.Concat(n.Select(i => Bricks[i])));

    public static TheoryData<string> Cases() => Golden.Names(Golden.Folder("SanitizedHtml"), "*.html");

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_hostile_or_ordinary_message_becomes_what_its_case_says(string name)
    {
        var file = Path.Combine(Golden.Folder("SanitizedHtml"), name);

        var safe = SanitizedHtml.Of(File.ReadAllText(file), Part, Enough);

        Golden.Matches(Path.ChangeExtension(file, ".safe"), $"{safe.Html}\nleft out: {safe.BlockedImages}\n");
        AssertSafe(safe.Html);
    }

    [Fact]
    public void Whatever_is_put_in_nothing_forbidden_comes_out() =>
        Documents.Sample(html => AssertSafe(SanitizedHtml.Of(html, Part, Enough).Html), iter: 20_000);

    [Fact]
    public void Made_safe_again_a_safe_document_stays_as_it_is() =>
        Documents.Sample(
            html =>
            {
                var once = SanitizedHtml.Of(html, Part, Enough).Html;
                Assert.Equal(once, SanitizedHtml.Of(once, Part, Enough).Html);
            },
            iter: 5_000);

    [Theory]
    [InlineData("@media (prefers-color-scheme: dark){p{color:red}}", true, "@media (min-width:0){p{color:red}}")]
    [InlineData("@media (prefers-color-scheme: dark){p{color:red}}", false, "@media (max-width:-1px){p{color:red}}")]
    [InlineData("@media screen and ( Prefers-Color-Scheme:LIGHT ){p{color:red}}", true, "@media screen and ( max-width:-1px ){p{color:red}}")]
    [InlineData("@media (prefers-color-scheme){p{color:red}}", false, "@media (min-width:0){p{color:red}}")]
    [InlineData("@media (prefers-color-scheme: dark){p{color:red}}", null, "@media (prefers-color-scheme: dark){p{color:red}}")]
    [InlineData("p::before{content:\"(prefers-color-scheme: dark)\"}", true, "p::before{content:\"(prefers-color-scheme: dark)\"}")]
    public void A_style_sheet_that_asks_for_the_colour_scheme_is_answered_as_the_page_was_asked(string css, bool? isDark, string shown) =>
        Assert.Contains($"<style>{shown}</style>", SanitizedHtml.Of($"<style>{css}</style><p>x", _ => null, Enough, isDark).Html, StringComparison.Ordinal);

    [Theory]
    [InlineData("print", "@media print {p{color:red}}")]
    [InlineData("(prefers-color-scheme: dark)", "@media (min-width:0) {p{color:red}}")]
    [InlineData("", "p{color:red}")]
    public void A_style_sheet_is_for_the_media_that_its_element_names(string media, string shown) =>
        Assert.Contains(
            $"<style>{shown}</style>", SanitizedHtml.Of($"<style media=\"{media}\">p{{color:red}}</style><p>x", _ => null, Enough, isDark: true).Html, StringComparison.Ordinal);

    [Fact]
    public void Nesting_without_end_gives_a_document_of_bounded_depth()
    {
        var html = string.Concat(Enumerable.Repeat("<table><tr><td>x", 10 * 1024 * 1024 / 16));

        var safe = SanitizedHtml.Of(html, _ => null, int.MaxValue);

        Assert.InRange(safe.Html.Length, 1, html.Length);
        Assert.InRange(Depth(safe.Html), 1, 210);
    }

    [Fact]
    public void What_is_too_deep_loses_its_tags_and_keeps_its_text()
    {
        var (begin, end) = (string.Concat(Enumerable.Repeat("<div>", 300)), string.Concat(Enumerable.Repeat("</div>", 300)));

        var safe = SanitizedHtml.Of($"{begin}deep{end}<p>after", _ => null, Enough);

        Assert.Contains("deep", safe.Html, StringComparison.Ordinal);
        Assert.Contains("</div><p>after", safe.Html, StringComparison.Ordinal);
        Assert.Equal(200, safe.Html.Split("<div>").Length - 1);
    }

    [Fact]
    public void A_long_message_is_cut_between_tokens_and_says_so()
    {
        var safe = SanitizedHtml.Of("<p>one</p><img alt=\"two\">three", _ => null, 15);

        Assert.True(safe.Shortened);
        Assert.Contains("<body><p>one</p></body>", safe.Html, StringComparison.Ordinal);
        Assert.False(SanitizedHtml.Of("<p>one</p>", _ => null, 15).Shortened);
    }

    [Fact]
    public void One_image_referred_to_by_many_spellings_of_its_content_id_is_encoded_once()
    {
        var image = new byte[100_000];
        var html = string.Concat(Spellings("abcdefghijk").Take(1_500).Select(id => $"<img src=\"cid:{id}\">"));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var safe = SanitizedHtml.Of(html, id => id == "abcdefghijk" ? Png(image) : null, Enough);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 64_000_000);
        Assert.InRange(safe.Html.Length, 7_000_000, MostOutput);
    }

    [Fact]
    public void One_image_referred_to_ten_thousand_times_adds_a_bounded_length()
    {
        var html = string.Concat(Enumerable.Repeat("<img src=\"cid:big\">", 10_000));

        var safe = SanitizedHtml.Of(html, _ => Png(new byte[100_000]), Enough);

        Assert.InRange(safe.Html.Length, 7_000_000, MostOutput);
    }

    [Fact]
    public void Images_that_are_too_much_are_left_out_without_being_read()
    {
        var reads = 0;
        InlinePart Large(string id) => new("image/png", 3_000_000, () =>
        {
            reads++;
            return new byte[3_000_000];
        });
        const string html = "<img src=cid:a><img src=cid:a><img src=cid:b><p style='color:red;background:url(cid:c)'>after<img src=cid:small>";

        var safe = SanitizedHtml.Of(html, id => id == "small" ? Png([1, 2, 3]) : Large(id), Enough);

        Assert.Equal((1, 3, 0), (reads, safe.LargeImages, safe.BlockedImages));
        Assert.EndsWith("<img><img><p style=\"color:red;background:none\">after<img src=\"data:image/png;base64,AQID\"></p></body></html>", safe.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_left_out_is_counted_without_reading_an_image()
    {
        var html = string.Concat(Enumerable.Repeat("<img src=cid:big><img src=https://images.example/x>", 10));
        InlinePart Unread(string id) => new("image/png", 3_000_000, () => throw new InvalidOperationException("was read"));

        var counted = SanitizedHtml.WithoutImages(html, Unread, html.Length - 1);
        var shown = SanitizedHtml.Of(html, id => Unread(id) with { Read = () => new byte[3_000_000] }, html.Length - 1);

        Assert.Equal((9, 9, true), (counted.LargeImages, counted.BlockedImages, counted.Shortened));
        Assert.Equal(counted with { Html = "" }, shown with { Html = "" });
    }

    [Theory]
    [InlineData("cid:100%25", true)]
    [InlineData("cid:100%", true)]
    [InlineData("CID:%31%30%30%25", true)]
    [InlineData("cid:a%41b", true)]
    [InlineData("cid:aAb", false)]
    [InlineData("cid:", false)]
    public void A_content_id_is_found_percent_encoded_and_as_it_is(string address, bool isShown)
    {
        var safe = SanitizedHtml.Of($"<img src=\"{address}\">", id => id is "100%" or "a%41b" ? Png([1, 2, 3]) : null, Enough);

        Assert.Equal(isShown, safe.Html.Contains("base64,AQID", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("<video poster=cid:a src=cid:a></video>")]
    [InlineData("<img srcset=cid:a lowsrc=cid:a>")]
    [InlineData("<object data=cid:a></object>")]
    public void An_image_is_not_read_for_a_place_where_none_is_shown(string html)
    {
        var safe = SanitizedHtml.Of(html, _ => new("image/png", 1, () => throw new InvalidOperationException("was read")), Enough);

        Assert.Equal((0, 0), (safe.LargeImages, safe.BlockedImages));
    }

    // Each letter as it is or percent-encoded: 2048 spellings of eleven letters.
    private static IEnumerable<string> Spellings(string id) =>
        Enumerable.Range(0, 1 << id.Length).Select(n => string.Concat(id.Select((c, i) => (n >> i & 1) == 0 ? $"{c}" : $"%{(int)c:x2}")));

    private static InlinePart? Part(string id) => id switch
    {
        "logo@example.com" or "logo" => Png([1, 2, 3]),
        "drawing" => Inline("image/svg+xml", "<svg/>"u8.ToArray()),
        "css" => Inline("text/css", "a{}"u8.ToArray()),
        _ => null,
    };

    private static InlinePart Png(byte[] bytes) => Inline("image/png", bytes);

    private static InlinePart Inline(string contentType, byte[] bytes) => new(contentType, bytes.Length, () => bytes);

    private static void AssertSafe(string html)
    {
        var tokenizer = new HtmlTokenizer(new StringReader(html));
        var inStyle = false;
        while (tokenizer.ReadNextToken(out var token))
        {
            Assert.NotEqual(HtmlTokenKind.Comment, token.Kind);
            Assert.NotEqual(HtmlTokenKind.ScriptData, token.Kind);
            if (token is HtmlTagToken tag)
            {
                inStyle = tag is { Id: HtmlTagId.Style, IsEndTag: false };
                Assert.DoesNotContain(tag.Name, Elements);
                Assert.True(tag.Id != HtmlTagId.Meta || tag.Attributes is [{ Name: "charset" }], html);
                Assert.All(tag.Attributes, a => AssertSafe(tag, a.Name, a.Value ?? ""));
            }
            else if (inStyle && token is HtmlDataToken { Data: { } css })
            {
                AssertSafeStyle(css);
            }
        }
    }

    private static void AssertSafe(HtmlTagToken tag, string name, string value)
    {
        Assert.False(name.StartsWith("on", StringComparison.OrdinalIgnoreCase), name);
        Assert.DoesNotContain(name, new[] { "srcdoc", "srcset", "ping", "action", "formaction", "poster", "http-equiv", "xlink:href", "data" });
        switch (name)
        {
            case "src" or "background":
                Assert.StartsWith("data:image/", value, StringComparison.Ordinal);
                Assert.DoesNotContain("svg", value, StringComparison.Ordinal);
                break;
            case "href":
                Assert.Equal("a", tag.Name.Replace("area", "a", StringComparison.Ordinal));
                Assert.Matches("^(?i:https?://|mailto:|tel:)", value);
                break;
            case "style":
                AssertSafeStyle(value);
                break;
        }
    }

    private static void AssertSafeStyle(string css)
    {
        // In a text `url(` is only text, and an image that came with the message is fine.
        var rest = HarmlessCss().Replace(css, "");

        Assert.DoesNotMatch("(?i)@import|@font-face|url\\(|expression\\(|image-set\\(|-moz-binding *:|behaviou?r *:|<[a-z/!?]", rest);
        Assert.DoesNotMatch("(?i)\\\\0{0,4}(75|55|6c|4c|72|52)", rest);
    }

    private static int Depth(string html)
    {
        var (depth, deepest) = (0, 0);
        var tokenizer = new HtmlTokenizer(new StringReader(html));
        while (tokenizer.ReadNextToken(out var token))
        {
            depth += token is HtmlTagToken tag ? (tag.IsEndTag ? -1 : 1) : 0;
            deepest = Math.Max(depth, deepest);
        }

        return deepest;
    }

    [GeneratedRegex("url\\(\"data:image/(png|jpe?g|gif|webp|bmp);base64,[A-Za-z0-9+/=]*\"\\)|\"[^\"]*\"")]
    private static partial Regex HarmlessCss();
}
