using System.Security.Cryptography;
using System.Text;

namespace Signet.Identities;

/// <summary>The secret of a confirmation link. Only its hash is stored, so that who reads the store cannot confirm.</summary>
internal static class ConfirmationToken
{
    private const int Bytes = 32;

    /// <summary>256 random bits, in lower-case hex.</summary>
    public static string New() => RandomNumberGenerator.GetHexString(Bytes * 2, lowercase: true);

    /// <summary>The form of <see cref="Confirmation.TokenHash"/>.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
