using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Signet.Policies;

/// <summary>
/// Names the text of a policy: the same text has the same version, whatever it is called and however often it is put. A decision names the
/// policies that it asked by their versions.
/// </summary>
public readonly record struct PolicyVersion
{
    // Enough that nobody can make two texts with the same version.
    private const int DigestBytes = 16;

    private PolicyVersion(string value) => Value = value;

    public string Value { get; }

    /// <summary>The version of a text, as it is stored.</summary>
    public static PolicyVersion Of(string document) =>
        new(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(document)).AsSpan(0, DigestBytes)));

    /// <summary>As <see cref="Value"/> was written; a text that is no version names no policy.</summary>
    public static PolicyVersion Read(string value) => new(value);

    public override string ToString() => Value;
}
