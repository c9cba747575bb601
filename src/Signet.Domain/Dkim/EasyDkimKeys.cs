using System.Security.Cryptography;

namespace Signet.Dkim;

/// <summary>
/// The keys of Easy DKIM: three for a domain, made once and kept while the domain is an identity, so that one can be rotated while another
/// signs (SES Developer Guide, "Easy DKIM in Amazon SES"). This makes keys and reads and writes their DNS records; signing is not here.
/// </summary>
public static class EasyDkimKeys
{
    /// <summary>How many keys a domain has.</summary>
    public const int PerDomain = 3;

    private const int SelectorLength = 32;
    private const int KeyBits = 2048;
    private const int LongestTxtString = 255;
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>Makes the keys of one domain. Takes some tenths of a second of one core: not for a thread that answers requests.</summary>
    public static IReadOnlyList<DkimKey> Generate() => [.. Enumerable.Range(0, PerDomain).Select(_ => GenerateOne())];

    /// <summary>
    /// True when a TXT value is the record of this key: its <c>p=</c> is our public key, white space apart (RFC 6376 §3.6.1), and
    /// its other tags let it verify what we sign: rsa-sha256, in mail.
    /// </summary>
    public static bool Publishes(string txt, DkimKey key)
    {
        var tags = txt.Split(';').Select(tag => tag.Split('=', 2)).Where(tag => tag.Length == 2).ToLookup(tag => tag[0].Trim(), tag => tag[1].Trim());
        return tags["p"].ToList() is [var value]
            && string.Concat(value.Where(c => !char.IsWhiteSpace(c))) == Convert.ToBase64String(key.PublicKey)
            && tags["v"].All(version => version == "DKIM1")
            && tags["k"].All(kind => kind == "rsa")
            && tags["h"].All(hashes => Has(hashes, "sha256"))
            && tags["s"].All(services => Has(services, "*") || Has(services, "email"));
    }

    /// <summary>A TXT value as a zone file has it: quoted, in strings of at most 255 characters (RFC 1035 §3.3, §5.1).</summary>
    public static string ZoneFileText(string value) =>
        string.Join(' ', value.Chunk(LongestTxtString).Select(part => $"\"{Escape(part)}\""));

    private static bool Has(string list, string item) => list.Split(':', StringSplitOptions.TrimEntries).Contains(item);

    private static string Escape(char[] part) =>
        new string(part).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static DkimKey GenerateOne()
    {
        using var rsa = RSA.Create(KeyBits);
        return new DkimKey(
            RandomNumberGenerator.GetString(Base32, SelectorLength), rsa.ExportPkcs8PrivateKey(), rsa.ExportSubjectPublicKeyInfo());
    }
}
