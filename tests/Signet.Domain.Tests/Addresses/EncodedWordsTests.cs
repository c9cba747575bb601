using System.Text;
using CsCheck;
using Signet.Addresses;

namespace Signet.Tests.Addresses;

public sealed class EncodedWordsTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("=?utf-8?B?4oKs?=", "\u20ac")]
    [InlineData("=?UTF-8?b?4oKs?= and =?us-ascii?Q?more_=3F?=", "\u20ac and more ?")]
    [InlineData("=?utf-8?q?a?= \t =?utf-8?q?b?=", "ab")]
    [InlineData("=?utf-8?B?4oI=?= =?utf-8?B?rA==?=", "\u20ac")]
    [InlineData("=?utf-8?q?=E2=82=AC?= =?iso-8859-1?q?=FC?=", "\u20ac\u00fc")]
    [InlineData("=?utf-8*en?q?a?=", "a")]
    [InlineData("=?utf-8?B?4oKs?", "=?utf-8?B?4oKs?")]
    [InlineData("=?utf-8?X?abc?=", "=?utf-8?X?abc?=")]
    [InlineData("=?no-such-charset?Q?abc?=", "=?no-such-charset?Q?abc?=")]
    [InlineData("=?utf-8?Q?a=ZZ?=", "=?utf-8?Q?a=ZZ?=")]
    [InlineData("=?utf-8?Q?a b?=", "=?utf-8?Q?a b?=")]
    [InlineData("=?=?utf-8?Q?a?=", "=?a")]
    [InlineData("=?utf-7?Q?+AGE-?=", "=?utf-7?Q?+AGE-?=")]
    public void Words_are_decoded_and_everything_else_stays(string text, string wanted) =>
        Assert.Equal(wanted, EncodedWords.Decode(text));

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("gb18030")]
    public void Decoding_undoes_encoding(string charset)
    {
        Assert.True(Charset.TryFind(charset, out var encoding));

        Gen.String[Gen.Char["abc =?_\u00e9\u20ac\u65e5\u672c\ud83d\ude00"], 0, 200].Sample(text =>
        {
            var whole = string.Concat(text.EnumerateRunes());
            var encoded = EncodedWords.Encode(whole, encoding);

            Assert.True(Ascii.IsValid(encoded));
            Assert.All(encoded.Split(' '), word => Assert.InRange(word.Length, 0, 66));
            Assert.Equal(whole, EncodedWords.Decode(encoded));
        });
    }

    [Theory]
    [InlineData("utf-8", "B\u00fccher und mehr", "=?UTF-8?Q?B=C3=BCcher_und_mehr?=")]
    [InlineData("utf-8", "\u65e5\u672c", "=?UTF-8?B?5pel5pys?=")]
    [InlineData("utf-8", "a.b_c?=\"", "=?UTF-8?Q?a=2Eb=5Fc=3F=3D=22?=")]
    [InlineData("iso-8859-1", "Gr\u00fc\u00dfe", "=?ISO-8859-1?Q?Gr=FC=DFe?=")]
    [InlineData("iso-2022-jp", "abcdefgh \u65e5", "=?ISO-2022-JP?B?YWJjZGVmZ2ggGyRCRnwbKEI=?=")]
    [InlineData("utf-16", "abcdefgh", "=?UTF-16BE?B?AGEAYgBjAGQAZQBmAGcAaA==?=")]
    public void Mostly_plain_text_stays_readable(string charset, string text, string wanted)
    {
        Assert.True(Charset.TryFind(charset, out var encoding));

        Assert.Equal(wanted, EncodedWords.Encode(text, encoding));
        Assert.Equal(text, EncodedWords.Decode(wanted));
    }

    [Fact]
    public void Each_word_stands_for_whole_characters_even_where_the_charset_has_states()
    {
        Assert.True(Charset.TryFind("iso-2022-jp", out var encoding));
        var text = string.Concat(Enumerable.Repeat("\u65e5\u672c\u8a9e abc ", 20));

        var words = EncodedWords.Encode(text, encoding).Split(' ');

        Assert.True(words.Length > 3);
        Assert.Equal(text, string.Concat(words.Select(EncodedWords.Decode)));
    }
}
