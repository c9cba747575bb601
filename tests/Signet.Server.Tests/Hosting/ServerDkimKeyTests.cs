using System.Security.Cryptography;
using Signet.Addresses;
using Signet.Server.Hosting;

namespace Signet.Server.Tests.Hosting;

public sealed class ServerDkimKeyTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("signet-test-").FullName;

    private string KeyFile => Path.Combine(_directory, "dkim.pem");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Both_forms_of_a_private_key_are_read(bool isPkcs8)
    {
        using var rsa = RSA.Create(2048);
        File.WriteAllText(KeyFile, isPkcs8 ? rsa.ExportPkcs8PrivateKeyPem() : rsa.ExportRSAPrivateKeyPem());

        using var key = Load();

        Assert.Equal(("signet.test", "s1"), (key.Domain.Value, key.Selector));
    }

    [Fact]
    public void A_key_that_is_too_short_says_how_long_it_has_to_be()
    {
        using var rsa = RSA.Create(768);
        File.WriteAllText(KeyFile, rsa.ExportPkcs8PrivateKeyPem());

        Assert.Equal(
            $"the key `{KeyFile}` (`--dkim-key`) cannot be used: it has 768 bits, and verifiers ask for 1024 at least",
            Assert.Throws<StartException>(Load).Message);
    }

    [Fact]
    public void What_is_no_private_key_of_rsa_is_refused()
    {
        using var rsa = RSA.Create(2048);
        using var curve = ECDsa.Create();
        string[] others =
        [
            "no key", rsa.ExportSubjectPublicKeyInfoPem(), curve.ExportPkcs8PrivateKeyPem(),
            rsa.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1)),
        ];
        Assert.All(others, text =>
        {
            File.WriteAllText(KeyFile, text);
            Assert.EndsWith("it is not the PEM of an RSA private key without a passphrase", Assert.Throws<StartException>(Load).Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() => Assert.Contains(
        $"`{KeyFile}` (`--dkim-key`) cannot be used: Could not find file", Assert.Throws<StartException>(Load).Message, StringComparison.Ordinal);

    private Signet.Dkim.SigningKey Load() => ServerDkimKey.Load(new ServerDkim(DomainName.Parse("signet.test"), "s1", KeyFile));
}
