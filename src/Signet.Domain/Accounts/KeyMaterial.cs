using System.Security.Cryptography;

namespace Signet.Accounts;

/// <summary>New names and secrets, from the system's generator for secrets.</summary>
internal static class KeyMaterial
{
    private const string Digits = "0123456789";
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string Base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>Twelve random digits; may be taken already.</summary>
    public static string NewAccountId() => RandomNumberGenerator.GetString(Digits, 12);

    /// <summary><c>AKIA</c> and 80 random bits.</summary>
    public static string NewAccessKeyId() => "AKIA" + RandomNumberGenerator.GetString(Base32, 16);

    /// <summary>40 characters, 240 random bits.</summary>
    public static string NewSecret() => RandomNumberGenerator.GetString(Base64, 40);
}
