using System.Security.Cryptography;
using CsCheck;
using Signet.Dkim;
using Signet.Tests.Fakes;

namespace Signet.Tests.Dkim;

public sealed class EasyDkimKeysTests
{
    private static readonly IReadOnlyList<DkimKey> Keys = SomeDkimKeys.All;

    [Fact]
    public void A_domain_gets_three_keys_with_selectors_of_their_own()
    {
        Assert.Equal(3, Keys.Select(key => key.Selector).Distinct().Count());
        Assert.All(Keys, key => Assert.Matches("^[a-z2-7]{32}$", key.Selector));
    }

    [Fact]
    public void Private_and_public_half_belong_together()
    {
        using var signer = RSA.Create();
        signer.ImportPkcs8PrivateKey(Keys[0].PrivateKey, out _);
        using var checker = RSA.Create();
        checker.ImportSubjectPublicKeyInfo(Keys[0].PublicKey, out _);

        var signature = signer.SignData("mail"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        Assert.True(checker.VerifyData("mail"u8, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal(2048, checker.KeySize);
    }

    [Fact]
    public void The_record_names_version_kind_and_key()
    {
        Assert.Equal($"v=DKIM1; k=rsa; p={Convert.ToBase64String(Keys[0].PublicKey)}", Keys[0].RecordText);
    }

    [Fact]
    public void A_key_does_not_print_its_private_half()
    {
        Assert.Equal($"DKIM key {Keys[0].Selector}", Keys[0].ToString());
    }

    [Theory]
    [InlineData("v=DKIM1; k=rsa; p={p}", true)]
    [InlineData("p={p}", true)]
    [InlineData("v=DKIM1;t=s;p={p};", true)]
    [InlineData("v = DKIM1 ; p = {p with blanks}", true)]
    [InlineData("v=DKIM1; h=sha1:sha256; s=email; p={p}", true)]
    [InlineData("v=DKIM1; s=tlsrpt : *; p={p}", true)]
    [InlineData("v=DKIM1; h=sha1; p={p}", false)]
    [InlineData("v=DKIM1; s=tlsrpt; p={p}", false)]
    [InlineData("v=DKIM1; p=", false)]
    [InlineData("v=DKIM1; k=rsa", false)]
    [InlineData("v=DKIM2; p={p}", false)]
    [InlineData("v=DKIM1; k=ed25519; p={p}", false)]
    [InlineData("v=DKIM1; p={other}", false)]
    [InlineData("p={other}; p={p}", false)]
    [InlineData("{p}", false)]
    [InlineData("", false)]
    public void A_TXT_value_publishes_a_key_when_its_p_is_that_key(string template, bool publishes)
    {
        var ours = Convert.ToBase64String(Keys[0].PublicKey);
        var txt = template
            .Replace("{p}", ours, StringComparison.Ordinal)
            .Replace("{p with blanks}", ours.Insert(100, " ").Insert(50, "\t"), StringComparison.Ordinal)
            .Replace("{other}", Convert.ToBase64String(Keys[1].PublicKey), StringComparison.Ordinal);

        Assert.Equal(publishes, EasyDkimKeys.Publishes(txt, Keys[0]));
    }

    [Fact]
    public void A_zone_file_has_the_record_in_strings_of_at_most_255_characters()
    {
        var text = EasyDkimKeys.ZoneFileText(Keys[0].RecordText);

        Assert.Equal($"\"{Keys[0].RecordText[..255]}\" \"{Keys[0].RecordText[255..]}\"", text);
    }

    [Fact]
    public void Quotes_and_backslashes_are_escaped_for_a_zone_file()
    {
        Assert.Equal(@"""a\""b\\c""", EasyDkimKeys.ZoneFileText("""a"b\c"""));
    }

    [Fact]
    public void Joining_the_strings_of_a_zone_file_gives_the_value_back()
    {
        Gen.String[Gen.Char['a', 'z'], 1, 1000].Sample(
            value => EasyDkimKeys.ZoneFileText(value).Replace("\" \"", string.Empty, StringComparison.Ordinal).Trim('"') == value);
    }
}
