using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Signet.Tests.Fakes;

/// <summary>An authority that tests trust, and its certificates for servers.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private static readonly DateTimeOffset _end = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;
    private int _serial;

    public CertificateAuthority(string name = "Authority of tests")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, _end);
    }

    /// <summary>What trusts it.</summary>
    public X509Certificate2Collection Roots => [_root];

    /// <summary>A certificate for a server.</summary>
    /// <param name="name">The server's.</param>
    /// <param name="until">When it expires; null for never.</param>
    /// <param name="from">From when on it is in force; null for always.</param>
    /// <param name="usage">The OID of what it is for.</param>
    public X509Certificate2 Certificate(string name, DateTimeOffset? until = null, DateTimeOffset? from = null, string usage = "1.3.6.1.5.5.7.3.1")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        using var made = request.Create(_root, from ?? DateTimeOffset.UnixEpoch, until ?? _end, [1, 2, 3, (byte)++_serial]);
        using var whole = made.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
    }
}
