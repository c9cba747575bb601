using CsCheck;
using Signet.Display;

namespace Signet.Tests.Display;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("Grüße, 日本 😀 👩‍👩‍👧", "Grüße, 日本 😀 👩‍👩‍👧")]
    [InlineData("שלום", "שלום")]
    [InlineData("<U+202E>", "<U+202E>")]
    public void Text_that_hides_nothing_stays(string text, string shown) => Assert.Equal(shown, VisibleText.Of(text));

    [Theory]
    [InlineData("invoice\u202efdp.exe", "invoice<U+202E>fdp.exe")]
    [InlineData("a\u2066b\u2069c", "a<U+2066>b<U+2069>c")]
    [InlineData("\u200ea\u200f\u061c", "<U+200E>a<U+200F><U+061C>")]
    public void Characters_that_turn_text_around_show_as_their_number(string text, string shown) => Assert.Equal(shown, VisibleText.Of(text));

    [Theory]
    [InlineData("\u001b[2Jgone", "<U+001B>[2Jgone")]
    [InlineData("a\u009b31mb\u007f\0", "a<U+009B>31mb<U+007F><U+0000>")]
    [InlineData("a\r\nsignet: all is well", "a<U+000D><U+000A>signet: all is well")]
    [InlineData("a\u2028b\u2029c\u0085d", "a<U+2028>b<U+2029>c<U+0085>d")]
    public void Characters_that_steer_a_terminal_or_break_the_line_show_as_their_number(string text, string shown) =>
        Assert.Equal(shown, VisibleText.Of(text));

    [Fact]
    public void A_tab_is_a_blank_in_one_line_and_a_tab_in_several()
    {
        Assert.Equal("a b", VisibleText.Of("a\tb"));
        Assert.Equal("a\tb\r\nc\nd<U+000D>e<U+001B>", VisibleText.OfLines("a\tb\r\nc\nd\re\u001b"));
    }

    [Fact]
    public void Half_of_a_pair_shows_as_what_cannot_be_shown()
    {
        Assert.Equal("\ufffd", VisibleText.Of("\ud83d"));
        Assert.Equal("a\ufffd\ufffd", VisibleText.Of("a\ude00\ud83d"));
    }

    [Theory]
    [InlineData("four", 4, "four")]
    [InlineData("fives", 4, "five…")]
    [InlineData("ab😀c", 3, "ab…")]
    [InlineData("ab😀c", 4, "ab😀…")]
    [InlineData("a", 0, "…")]
    public void Long_text_is_cut_between_characters_and_says_so(string text, int length, string shown)
    {
        Assert.Equal(shown, VisibleText.Cut(text, length));
        Assert.Equal(shown, VisibleText.Of(text, length));
    }

    [Fact]
    public void Whatever_the_text_is_nothing_in_it_steers()
    {
        Gen.String[Gen.Char["ab\u202e\u2066\u200f\0\r\n\t\u001b\u0085\u2028\ud83d\ude00"], 0, 40].Sample(text =>
        {
            var shown = VisibleText.Of(text);

            Assert.DoesNotContain(shown, c => char.IsControl(c) || c is '\u202e' or '\u2066' or '\u200f' or '\u2028');
            Assert.Equal(shown, VisibleText.Of(shown));
            Assert.Equal(shown, string.Concat(shown.EnumerateRunes()));
        });
    }
}
