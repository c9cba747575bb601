using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Signet.Server.Hosting;

/// <summary>The certificate of the HTTP listeners, with its chain, from PEM files. New connections get what was read last.</summary>
internal sealed class ServerCertificate
{
    private readonly TlsFiles _files;
    private volatile SslServerAuthenticationOptions _options;

    private ServerCertificate(TlsFiles files) => (_files, _options) = (files, Load(files));

    /// <summary>What the TLS of a new connection is made with.</summary>
    public SslServerAuthenticationOptions Options => _options;

    /// <exception cref="StartException">It cannot be used; the message says why.</exception>
    public static ServerCertificate Read(TlsFiles files) => new(files);

    /// <summary>Reads the files again; the old certificate stays when they cannot be used.</summary>
    /// <exception cref="StartException">It cannot be used; the message says why.</exception>
    public void ReadAgain() => _options = Load(_files);

    private static SslServerAuthenticationOptions Load(TlsFiles files)
    {
        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(files.Certificate);

            // Once through PKCS#12: a key read from PEM cannot serve TLS on every system.
            var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
            return new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StartException(
                $"the certificate `{files.Certificate}` (`--tls-certificate`) cannot be used: {exception.Message.TrimEnd('.')}", exception);
        }
    }
}
