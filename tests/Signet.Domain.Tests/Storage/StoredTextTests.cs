using System.Text;
using CsCheck;
using Signet.Storage;

namespace Signet.Tests.Storage;

public sealed class StoredTextTests
{
    [Fact]
    public void What_no_engine_takes_is_replaced()
    {
        Assert.Equal("plain", StoredText.Clean("plain"));
        Assert.Equal("a\uFFFDb", StoredText.Clean("a\0b"));
        Assert.Equal("\uD83D\uDE00", StoredText.Clean("\uD83D\uDE00"));
        Assert.Equal("a\uFFFD", StoredText.Clean("a\uD83D"));
        Assert.Equal("\uFFFDa", StoredText.Clean("\uDE00a"));
    }

    [Fact]
    public void Clean_text_survives_UTF8_and_stays_as_it_is() => Gen.String[Gen.Char, 0, 40].Sample(text =>
    {
        var clean = StoredText.Clean(text);

        Assert.Equal(clean, new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(new UTF8Encoding(false, true).GetBytes(clean)));
        Assert.DoesNotContain('\0', clean);
        Assert.Equal(clean, StoredText.Clean(clean));
    });

    [Fact]
    public void Folding_knows_no_case() => Assert.Equal(StoredText.Fold("ÄRGER x"), StoredText.Fold("ärger X"));
}
