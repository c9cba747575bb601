using Signet.Addresses;

namespace Signet.Tests.Addresses;

public sealed class CharsetsTests
{
    [Theory]
    [InlineData("UTF-8", "UTF-8")]
    [InlineData("utf8", "UTF-8")]
    [InlineData("ASCII", "US-ASCII")]
    [InlineData("latin1", "ISO-8859-1")]
    [InlineData("windows-1252", "WINDOWS-1252")]
    [InlineData("ISO-2022-JP", "ISO-2022-JP")]
    [InlineData("Shift_JIS", "Shift_JIS")]
    [InlineData("koi8-r", "KOI8-R")]
    [InlineData("gb2312", "GB2312")]
    [InlineData("utf-16", "UTF-16BE")]
    public void A_known_charset_is_found_without_case(string name, string written)
    {
        Assert.True(Charset.TryFind(name, out var charset));
        Assert.Equal(written, charset.Name);
    }

    // .NET has one encoding for each of these families.
    [Theory]
    [InlineData("GBK", "GBK")]
    [InlineData("GB_2312-80", "GB2312")]
    [InlineData("chinese", "GB2312")]
    [InlineData("tis-620", "TIS-620")]
    [InlineData("windows-874", "windows-874")]
    [InlineData("KS_C_5601-1987", "KS_C_5601-1987")]
    [InlineData("euc-kr", "EUC-KR")]
    [InlineData("big5", "Big5")]
    [InlineData("euc-jp", "EUC-JP")]
    [InlineData("utf-16le", "UTF-16LE")]
    [InlineData("utf-16be", "UTF-16BE")]
    [InlineData("utf-32le", "UTF-32LE")]
    [InlineData("utf-32", "UTF-32BE")]
    public void Text_goes_by_the_name_that_was_asked_for(string name, string written)
    {
        Assert.True(Charset.TryFind(name, out var charset));
        Assert.Equal(written, charset.Name);
    }

    [Theory]
    [InlineData("GB2312", "\u4e2d\u6587", true)]
    [InlineData("GB2312", "\u7e41\u9ad4", false)]
    [InlineData("GB2312", "\u2170", false)]
    [InlineData("GB2312", "100 \u20ac", false)]
    [InlineData("GBK", "\u7e41\u9ad4", true)]
    [InlineData("GBK", "100 \u20ac", false)]
    [InlineData("GB18030", "100 \u20ac \ud83d\ude00", true)]
    [InlineData("Shift_JIS", "\u65e5\u672c\u8a9e \uff76\uff85", true)]
    [InlineData("Shift_JIS", "\u2460", false)]
    [InlineData("Shift_JIS", "\u9ad9", false)]
    [InlineData("EUC-JP", "\u65e5\u672c\u8a9e \uff76\uff85", true)]
    [InlineData("EUC-JP", "\u2460", false)]
    [InlineData("Big5", "\u7e41\u9ad4", true)]
    [InlineData("Big5", "100 \u20ac", false)]
    [InlineData("Big5", "\u7881", false)]
    [InlineData("KS_C_5601-1987", "\ud55c\uad6d\uc5b4", true)]
    [InlineData("KS_C_5601-1987", "\ub620", false)]
    [InlineData("KS_C_5601-1987", "100 \u20ac", false)]
    [InlineData("TIS-620", "\u0e44\u0e17\u0e22", true)]
    [InlineData("TIS-620", "100 \u20ac", false)]
    [InlineData("TIS-620", "\u00a0", false)]
    [InlineData("windows-874", "100 \u20ac", true)]
    [InlineData("windows-1252", "100 \u20ac", true)]
    [InlineData("ISO-8859-1", "100 \u20ac", false)]
    [InlineData("UTF-16LE", "100 \u20ac", true)]
    public void It_holds_no_character_that_only_a_relative_has(string name, string text, bool expected)
    {
        Assert.True(Charset.TryFind(name, out var charset));
        Assert.Equal(expected, charset.TryEncode(text, out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("utf-7")]
    [InlineData("no-such-charset")]
    [InlineData("utf-8\r\nBcc: x@d.test")]
    public void An_unknown_charset_is_not_found(string? name) => Assert.False(Charsets.TryResolve(name, out _));
}
