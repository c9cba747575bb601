using System.Security.Cryptography;
using Signet.Dkim;

namespace Signet.Server.Hosting;

/// <summary>The key that the server signs all mail with, in the name of its own domain.</summary>
internal static class ServerDkimKey
{
    /// <summary>Verifiers need not look at shorter ones (RFC 8301 §3.2).</summary>
    private const int MinBits = 1024;

    /// <exception cref="StartException">The file cannot be read, or holds no RSA private key that verifiers would take.</exception>
    public static SigningKey Load(ServerDkim dkim)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(File.ReadAllText(dkim.KeyFile));
            return rsa.KeySize >= MinBits
                ? new SigningKey(dkim.Domain, dkim.Selector, rsa.ExportPkcs8PrivateKey())
                : throw Unusable(dkim, $"it has {rsa.KeySize} bits, and verifiers ask for {MinBits} at least", null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(dkim, exception.Message.TrimEnd('.'), exception);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw Unusable(dkim, "it is not the PEM of an RSA private key without a passphrase", exception);
        }
    }

    private static StartException Unusable(ServerDkim dkim, string why, Exception? inner) =>
        new($"the key `{dkim.KeyFile}` (`{SettingsTable.DkimKey.Flag}`) cannot be used: {why}", inner);
}
