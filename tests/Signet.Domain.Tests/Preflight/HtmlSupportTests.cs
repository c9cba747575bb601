using System.Globalization;
using System.Text;
using Signet.Preflight;
using Signet.Viewing;

namespace Signet.Tests.Preflight;

public sealed class HtmlSupportTests
{
    public static TheoryData<string> Cases() => Golden.Names(Golden.Folder("HtmlSupport"), "*.html");

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_message_uses_what_its_case_says(string name)
    {
        var file = Path.Combine(Golden.Folder("HtmlSupport"), name);

        var support = HtmlSupport.Of(File.ReadAllText(file));

        Golden.Matches(Path.ChangeExtension(file, ".uses"), Describe(support));
    }

    [Fact]
    public void Every_feature_of_the_table_knows_every_client_and_has_a_use_of_its_own()
    {
        var table = SupportTable.Shipped;

        Assert.True(table.Rows.Count >= 60);
        Assert.All(table.Rows, row => Assert.Equal(table.Clients.Count, row.Support.Count));
        Assert.Equal(table.Rows.Count, table.Rows.Select(r => r.Id).Distinct().Count());
        Assert.Equal(table.Rows.Sum(r => r.Uses.Count), table.ByUse.Count);
    }

    [Fact]
    public void A_score_is_the_share_of_what_is_used_with_the_half_supported_counting_half()
    {
        // Of classic Outlook: padding partly, border-radius not, color is no feature of the table.
        var support = HtmlSupport.Of("<p style=\"padding:1px;border-radius:2px;color:red\">");

        Assert.Equal(0.25, support.Clients.Single(c => c.Client.Id == "outlook-classic").Share);
        Assert.Equal(1, support.Clients.Single(c => c.Client.Id == "apple-ios").Share);
    }

    [Fact]
    public void A_message_that_uses_nothing_is_supported_everywhere() =>
        Assert.All(HtmlSupport.Of("plain").Clients, c => Assert.Equal(1, c.Share));

    [Fact]
    public void A_use_is_told_with_the_line_where_it_first_stands()
    {
        var support = HtmlSupport.Of("<p>\n<style>\n/* x */\n.a { color: red }\n.b { gap:\n2rem }\n</style>\n<b style=\"gap:1px\">");

        Assert.Equal((2, 5), support.Features.Where(f => f.Name == "gap").Select(f => (f.Count, f.FirstLine)).Single());
        Assert.Equal(3, support.Features.Single(f => f.Name == "comments in style sheets").FirstLine);
        Assert.Equal(5, support.Features.Single(f => f.Name == "rem").FirstLine);
    }

    [Theory]
    [InlineData("client | a | A")]
    [InlineData("client | a | A | A\nfeature | f | F | element:f | yy")]
    [InlineData("client | a | A | A\nfeature | f | F | element:f | x")]
    public void A_table_with_a_line_that_makes_no_sense_is_refused(string text) =>
        Assert.Throws<FormatException>(() => SupportTable.Parse(text));

    [Fact]
    public void Deep_and_unclosed_blocks_are_read_in_one_go()
    {
        var css = string.Concat(Enumerable.Repeat("@media x{", 100_000)) + string.Concat(Enumerable.Repeat("a{}", 100_000));

        Assert.Contains(HtmlSupport.Of($"<style>{css}").Features, f => f.Name == "media queries" && f.Count == 100_000);
    }

    [Fact]
    public void An_element_with_a_hundred_thousand_attributes_has_the_first_hundred() =>
        Assert.Equal(100, Assert.Single(HtmlOutline.Read($"<p{string.Concat(Enumerable.Repeat(" a=b", 100_000))}>").Elements).Attributes.Count);

    [Fact]
    public void A_style_sheet_in_pieces_is_one() =>
        Assert.Equal(["a < b", "c"], HtmlOutline.Read("<style>a < b</style><p style=c>").Styles.Select(s => s.Text));

    private static string Describe(HtmlSupport support)
    {
        var text = new StringBuilder();
        foreach (var feature in support.Features)
        {
            var letters = string.Concat(feature.Clients.Select(c => "ypn?"[(int)c.Support]));
            text.Append(CultureInfo.InvariantCulture, $"{letters} {feature.Name}: {feature.Count}, from line {feature.FirstLine}\n");
        }

        foreach (var client in support.Clients)
        {
            text.Append(CultureInfo.InvariantCulture, $"{client.Share,6:P0} {client.Client.Name}\n");
        }

        return text.ToString();
    }
}
