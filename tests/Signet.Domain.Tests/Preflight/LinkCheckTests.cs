using System.Globalization;
using System.Text;
using Signet.Preflight;
using Signet.Viewing;

namespace Signet.Tests.Preflight;

public sealed class LinkCheckTests
{
    public static TheoryData<string> Cases() => Golden.Names(Golden.Folder("LinkCheck"), "*.eml");

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_links_of_a_message_are_what_its_case_says(string name)
    {
        var file = Path.Combine(Golden.Folder("LinkCheck"), name);

        var check = LinkCheck.Of(MessageView.Read(File.ReadAllBytes(file)));

        Golden.Matches(Path.ChangeExtension(file, ".links"), Describe(check));
    }

    [Fact]
    public void A_target_that_stands_twice_is_one_link_with_two_places()
    {
        var link = Assert.Single(Html("<a href='https://example.com/'>one</a>\n<a href='https://example.com/'>two</a>").Links);

        Assert.Equal([new LinkPlace(LinkPart.Html, 1, "one"), new LinkPlace(LinkPart.Html, 2, "two")], link.Places);
        Assert.Empty(link.Findings);
    }

    [Theory]
    [InlineData("see https://example.com/a. Or", "https://example.com/a")]
    [InlineData("(https://example.com/a)", "https://example.com/a")]
    [InlineData("https://example.com/a_(b)", "https://example.com/a_(b)")]
    [InlineData("<https://example.com/a?b=1,2>", "https://example.com/a?b=1,2")]
    [InlineData("HTTPS://example.com!", "HTTPS://example.com")]
    public void An_address_in_a_text_ends_before_the_sentence_does(string text, string target) =>
        Assert.Equal(target, Assert.Single(Text(text).Links).Target);

    [Theory]
    [InlineData("example.com", "https://example.com/")]
    [InlineData("www.example.com", "https://click.example.com/x")]
    [InlineData("https://example.com/news", "https://www.example.com/")]
    [InlineData("Read more at example.com", "https://example.net/")]
    public void A_text_that_shows_the_link_s_own_site_is_fine(string text, string target) =>
        Assert.Empty(Assert.Single(Html($"<a href='{target}'>{text}</a>").Links).Findings);

    [Theory]
    [InlineData("example.org", "https://example.com/")]
    [InlineData("https://bank.example.org/login", "https://example.com/")]
    public void A_text_that_shows_another_host_is_told(string text, string target) =>
        Assert.Equal("Text shows another host", Assert.Single(Assert.Single(Html($"<a href='{target}'>{text}</a>").Links).Findings).Title);

    [Fact]
    public void A_host_that_no_domain_may_have_is_told() =>
        Assert.Equal(
            ["Address cannot be read"],
            Assert.Single(Html("<a href='https://&#x2024;.com/'>x</a>").Links).Findings.Select(f => f.Title));

    [Fact]
    public void A_message_without_bodies_has_no_links() => Assert.Empty(LinkCheck.Of(MessageView.Read(default)).Links);

    [Fact]
    public void Of_thousands_of_links_the_first_are_checked_and_the_rest_is_counted()
    {
        static string Links(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"<a href='https://example.com/{i}'>x</a>"));

        var (all, more) = (Html(Links(200)), Html(Links(1_000)));
        var text = Text(string.Join('\n', Enumerable.Range(0, 25_000).Select(i => $"https://example.com/{i}")));

        Assert.Equal((LinkCheck.MaxLinks, 0), (all.Links.Count, all.More));
        Assert.Equal((LinkCheck.MaxLinks, 800), (more.Links.Count, more.More));
        Assert.Equal("https://example.com/199", more.Links[^1].Target);
        Assert.Equal((LinkCheck.MaxLinks, 19_800), (text.Links.Count, text.More));
    }

    [Fact]
    public void A_link_with_findings_without_end_has_the_first_of_them_and_a_word_about_the_rest()
    {
        var (ten, more) = (Mail(10), Mail(50_000));

        Assert.Equal(10, ten.Count);
        Assert.All(ten, f => Assert.Equal("No mail address", f.Title));
        Assert.Equal(11, more.Count);
        Assert.Equal("There is more", more[^1].Title);

        static IReadOnlyList<Finding> Mail(int addresses) =>
            Assert.Single(Html($"<a href='mailto:{string.Join(',', Enumerable.Range(0, addresses))}'>x</a>").Links).Findings;
    }

    [Theory]
    [InlineData("<a href='#{0}'>x</a>")]
    [InlineData("<a href='mailto:{0}'>x</a>")]
    [InlineData("<img src='cid:{0}' alt='' width=1>")]
    [InlineData("<a href='https://example.com/{0}'>x</a>")]
    public void A_finding_quotes_the_beginning_of_a_link_of_a_megabyte(string html) =>
        Assert.All(
            Assert.Single(Html(string.Format(CultureInfo.InvariantCulture, html, new string('x', 1_000_000))).Links).Findings,
            f => Assert.InRange(f.Detail.Length, 1, 400));

    private static LinkCheck Html(string html) => LinkCheck.Of(View(null, html));

    private static LinkCheck Text(string text) => LinkCheck.Of(View(text, null));

    private static MessageView View(string? text, string? html) => new([], [], [], [], text, html, []);

    private static string Describe(LinkCheck check)
    {
        var text = new StringBuilder();
        foreach (var link in check.Links)
        {
            var places = string.Join(", ", link.Places.Select(p => $"{p.Part} {p.Line} `{p.Text}`"));
            text.Append(CultureInfo.InvariantCulture, $"{link.Kind} {link.Target} ({places})\n");
            foreach (var finding in link.Findings)
            {
                text.Append(CultureInfo.InvariantCulture, $"    {finding.Severity}: {finding.Title}. {finding.Detail}\n");
            }
        }

        return text.ToString();
    }
}
