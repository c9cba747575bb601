namespace Signet.Dkim;

/// <summary>A key pair of Easy DKIM.</summary>
/// <param name="Selector">The token that names it: 32 lower-case letters and digits.</param>
/// <param name="PrivateKey">PKCS#8, DER, RSA 2048; the store encrypts it at rest.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo, DER: the <c>p=</c> of the TXT record in base64.</param>
public sealed record DkimKey(string Selector, byte[] PrivateKey, byte[] PublicKey)
{
    /// <summary>The TXT record that publishes the public half (RFC 6376 §3.6.1), unsplit.</summary>
    public string RecordText => $"v=DKIM1; k=rsa; p={Convert.ToBase64String(PublicKey)}";

    /// <summary>Without the private half.</summary>
    public override string ToString() => $"DKIM key {Selector}";
}
