namespace Signet.Smtp;

/// <summary>The encryption of a connection.</summary>
/// <param name="Version"><c>TLSv1.3</c> or <c>TLSv1.2</c>.</param>
/// <param name="Cipher">The cipher suite by its IANA name.</param>
/// <param name="Certificate">What <see cref="ServerCertificate"/> found, whether it was required or not.</param>
public sealed record TlsSession(string Version, string Cipher, string Certificate);
