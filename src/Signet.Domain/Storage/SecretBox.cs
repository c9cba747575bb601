using System.Security.Cryptography;
using System.Text;

namespace Signet.Storage;

/// <summary>
/// Seals secrets for the store with AES-256-GCM: version (1 byte), random nonce (12), tag (16), ciphertext. What a secret is and
/// whose goes in as associated data, so that one cannot be put in another's place.
/// </summary>
public sealed class SecretBox
{
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeadLength = 1 + NonceLength + TagLength;

    private readonly string? _directory;
    private byte[]? _key;

    /// <param name="masterKey"><see cref="MasterKey.Length"/> bytes.</param>
    public SecretBox(ReadOnlySpan<byte> masterKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(masterKey.Length, MasterKey.Length);
        _key = masterKey.ToArray();
    }

    private SecretBox(string directory) => _directory = directory;

    private byte[] Key => _key ?? throw new InvalidOperationException("the store has not been opened yet");

    /// <summary>
    /// Takes the key from <see cref="MasterKey.FileName"/> in the data directory. The file is looked for when the store is opened, for only
    /// a new store may be given a new key.
    /// </summary>
    public static SecretBox WithKeyIn(string directory) => new(directory);

    /// <summary>Takes the key, once; nothing can be sealed or opened before. The caller holds the lock under which the store is made.</summary>
    /// <param name="isNew">Whether the store is being made.</param>
    /// <exception cref="StoreOpenException">There is no key that can be used.</exception>
    internal void TakeKey(bool isNew) => _key ??= MasterKey.Load(_directory!, isNew);

    /// <summary>Seals a secret; twice the same gives two different results.</summary>
    /// <param name="kind">What it is, for instance <c>access key</c>.</param>
    /// <param name="id">Which one of its kind.</param>
    /// <param name="secret">Any length.</param>
    public byte[] Seal(string kind, string id, ReadOnlySpan<byte> secret)
    {
        var sealedBytes = new byte[HeadLength + secret.Length];
        sealedBytes[0] = Version;
        var nonce = sealedBytes.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);

        using var aes = new AesGcm(Key, TagLength);
        aes.Encrypt(nonce, secret, sealedBytes.AsSpan(HeadLength), sealedBytes.AsSpan(1 + NonceLength, TagLength), Purpose(kind, id));
        return sealedBytes;
    }

    /// <summary>The secret that <see cref="Seal"/> was given.</summary>
    /// <exception cref="CryptographicException">Sealed with another key, for another kind or id, or damaged.</exception>
    public byte[] Open(string kind, string id, ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < HeadLength || sealedBytes[0] != Version)
        {
            throw new CryptographicException($"the stored {kind} `{id}` is not in a form that this program can read");
        }

        var secret = new byte[sealedBytes.Length - HeadLength];
        try
        {
            using var aes = new AesGcm(Key, TagLength);
            aes.Decrypt(
                sealedBytes.Slice(1, NonceLength), sealedBytes[HeadLength..], sealedBytes.Slice(1 + NonceLength, TagLength),
                secret, Purpose(kind, id));
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new CryptographicException($"the stored {kind} `{id}` does not open with this master key", e);
        }

        return secret;
    }

    private static byte[] Purpose(string kind, string id) => Encoding.UTF8.GetBytes($"{kind}\0{id}");
}
