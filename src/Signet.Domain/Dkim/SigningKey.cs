using System.Collections.Concurrent;
using System.Security.Cryptography;
using Signet.Addresses;

namespace Signet.Dkim;

/// <summary>
/// A private key to sign with, under the name that its public key has in the DNS. Safe to share: an RSA object serves one signature
/// at a time, and as many are made as signatures are made at once.
/// </summary>
/// <param name="domain">The <c>d=</c> of signatures.</param>
/// <param name="selector">The <c>s=</c>; the public key is at <c>SELECTOR._domainkey.DOMAIN</c>.</param>
/// <param name="privateKey">PKCS#8, DER, RSA.</param>
public sealed class SigningKey(DomainName domain, string selector, byte[] privateKey) : IDisposable
{
    private readonly ConcurrentBag<RSA> _idle = [];

    public DomainName Domain => domain;

    public string Selector => selector;

    public void Dispose()
    {
        while (_idle.TryTake(out var rsa))
        {
            rsa.Dispose();
        }
    }

    /// <summary>An rsa-sha256 signature (RFC 6376 §3.3.1).</summary>
    internal byte[] Sign(ReadOnlySpan<byte> data)
    {
        if (!_idle.TryTake(out var rsa))
        {
            rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(privateKey, out _);
        }

        var signature = rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        _idle.Add(rsa);
        return signature;
    }
}
