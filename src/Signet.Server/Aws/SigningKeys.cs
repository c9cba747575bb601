using System.Security.Cryptography;
using System.Text;
using Signet.Accounts;

namespace Signet.Server.Aws;

/// <summary>
/// Derives signing keys, and remembers those that verified a request: a key serves all requests of an access key in one scope. Only
/// proven ones are kept, so a stranger cannot push others out.
/// </summary>
internal sealed class SigningKeys
{
    /// <summary>Above this many, all are dropped, including yesterday's; deriving one again costs four hashes.</summary>
    public const int Capacity = 1_000;

    private readonly Lock _gate = new();

    // The secret is part of what is looked up: when it changes under the same id, the old signing key is not found.
    private readonly Dictionary<(string Id, string Secret, SigningScope Scope), byte[]> _proven = [];

    /// <summary>The signing key of this access key in a scope.</summary>
    public byte[] Derive(AccessKey key, SigningScope scope)
    {
        lock (_gate)
        {
            if (_proven.TryGetValue((key.Id, key.Secret, scope), out var known))
            {
                return known;
            }
        }

        return Mac(Mac(Mac(Mac(Encoding.UTF8.GetBytes("AWS4" + key.Secret), scope.Date), scope.Region), scope.Service), SigV4.Terminator);
    }

    /// <summary>Keeps a key that a valid signature was made with.</summary>
    public void Remember(AccessKey key, SigningScope scope, byte[] signingKey)
    {
        lock (_gate)
        {
            if (_proven.Count >= Capacity)
            {
                _proven.Clear();
            }

            _proven[(key.Id, key.Secret, scope)] = signingKey;
        }
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}

/// <summary>What a signing key is for.</summary>
/// <param name="Date">In UTC, <c>20150830</c>.</param>
/// <param name="Region"><c>us-east-1</c>.</param>
/// <param name="Service"><c>ses</c>.</param>
internal readonly record struct SigningScope(string Date, string Region, string Service);
