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
        Assert.True(Charsets.TryResolve(charset, out var encoding));

        Gen.String[Gen.Char["abc =?_\u00e9\u20ac\u65e5\u672c\ud83d\ude00"], 0, 200].Sample(text =>
        {
            var whole = string.Concat(text.EnumerateRunes());
            var encoded = EncodedWords.Encode(whole, encoding);

            Assert.True(Ascii.IsValid(encoded));
            Assert.All(encoded.Split(' '), word => Assert.InRange(word.Length, 0, 75));
            Assert.Equal(whole, EncodedWords.Decode(encoded));
        });
    }

    [Fact]
    public void Each_word_stands_for_whole_characters_even_where_the_charset_has_states()
    {
        Assert.True(Charsets.TryResolve("iso-2022-jp", out var encoding));
        var text = string.Concat(Enumerable.Repeat("\u65e5\u672c\u8a9e abc ", 20));

        var words = EncodedWords.Encode(text, encoding).Split(' ');

        Assert.True(words.Length > 3);
        Assert.Equal(text, string.Concat(words.Select(EncodedWords.Decode)));
    }
}
