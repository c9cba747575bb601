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
    [InlineData("Shift_JIS", "SHIFT_JIS")]
    [InlineData("koi8-r", "KOI8-R")]
    [InlineData("gb2312", "GB2312")]
    [InlineData("utf-16", "UTF-16BE")]
    public void A_known_charset_is_found_without_case(string name, string written)
    {
        Assert.True(Charsets.TryResolve(name, out var charset));
        Assert.Equal(written, Charsets.NameOf(charset));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("utf-7")]
    [InlineData("no-such-charset")]
    [InlineData("utf-8\r\nBcc: x@d.test")]
    public void An_unknown_charset_is_not_found(string? name) => Assert.False(Charsets.TryResolve(name, out _));
}
