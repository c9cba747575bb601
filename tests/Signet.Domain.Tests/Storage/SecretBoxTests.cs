using System.Security.Cryptography;
using CsCheck;
using Signet.Storage;

namespace Signet.Tests.Storage;

public sealed class SecretBoxTests
{
    private readonly SecretBox _box = new(Enumerable.Repeat((byte)7, MasterKey.Length).ToArray());

    [Fact]
    public void What_is_sealed_opens_again() => Gen.Byte.Array[0, 200].Sample(
        secret => Assert.Equal(secret, _box.Open("kind", "id", _box.Seal("kind", "id", secret))));

    [Fact]
    public void The_same_secret_never_looks_the_same() =>
        Assert.NotEqual(_box.Seal("kind", "id", "secret"u8), _box.Seal("kind", "id", "secret"u8));

    [Theory]
    [InlineData("other", "id")]
    [InlineData("kind", "other")]
    public void A_secret_opens_only_as_what_it_was_sealed_for(string kind, string id)
    {
        var sealedBytes = _box.Seal("kind", "id", "secret"u8);

        Assert.Throws<CryptographicException>(() => _box.Open(kind, id, sealedBytes));
    }

    [Fact]
    public void Any_changed_bit_is_noticed()
    {
        var sealedBytes = _box.Seal("kind", "id", "secret"u8);
        for (var bit = 0; bit < sealedBytes.Length * 8; bit++)
        {
            var changed = sealedBytes.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.Throws<CryptographicException>(() => _box.Open("kind", "id", changed));
        }
    }

    [Fact]
    public void Another_key_opens_nothing()
    {
        var sealedBytes = _box.Seal("kind", "id", "secret"u8);

        Assert.Throws<CryptographicException>(() => new SecretBox(new byte[MasterKey.Length]).Open("kind", "id", sealedBytes));
    }

    [Fact]
    public void What_is_too_short_to_be_sealed_is_refused() =>
        Assert.Throws<CryptographicException>(() => _box.Open("kind", "id", [1, 2, 3]));

    [Fact]
    public void A_key_of_another_length_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SecretBox(new byte[16]));
}
