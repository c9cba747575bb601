using System.Security.Cryptography;
using System.Text;
using Signet.Accounts;

namespace Signet.Server.Ses.Protocol;

/// <summary>
/// Derives signing keys, and remembers those that verified a request: a key serves all requests of an access key on one day in
/// one region. Only proven ones are kept, so a stranger cannot push others out.
/// </summary>
internal sealed class SigningKeys
{
    /// <summary>Above this many, all are forgotten, yesterday's among them; deriving one anew costs four hashes.</summary>
    public const int Capacity = 1_000;

    private readonly Lock _gate = new();

    // The secret is part of what is looked up: when it changes under the same id, the old signing key is not found.
    private readonly Dictionary<(string Id, string Secret, string Date, string Region), byte[]> _proven = [];

    /// <summary>The signing key of this access key for a date (<c>20150830</c>) and region.</summary>
    public byte[] Derive(AccessKey key, string date, string region)
    {
        lock (_gate)
        {
            if (_proven.TryGetValue((key.Id, key.Secret, date, region), out var known))
            {
                return known;
            }
        }

        return Mac(Mac(Mac(Mac(Encoding.UTF8.GetBytes("AWS4" + key.Secret), date), region), SigV4.Service), SigV4.Terminator);
    }

    /// <summary>Keeps a key that a valid signature was made with.</summary>
    public void Remember(AccessKey key, string date, string region, byte[] signingKey)
    {
        lock (_gate)
        {
            if (_proven.Count >= Capacity)
            {
                _proven.Clear();
            }

            _proven[(key.Id, key.Secret, date, region)] = signingKey;
        }
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
