using System.Security.Cryptography;
using System.Text;
using Signet.Names;

namespace Signet.Accounts;

/// <summary>
/// The SMTP password that belongs to an access key in a region; the user name is the access key's id. Derived, never stored
/// (SES Developer Guide, "Obtaining Amazon SES SMTP credentials", version 4).
/// </summary>
public static class SmtpCredentials
{
    private const byte Version = 4;

    // The place of the date in a signature is taken by a constant, so that the password never changes.
    private const string Date = "11111111";

    /// <summary>44 characters of base64. Compare it in constant time with what a client gives.</summary>
    public static string PasswordFor(string secret, Region region)
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var step in (ReadOnlySpan<string>)[Date, region.Value, "ses", "aws4_request", "SendRawEmail"])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(step));
        }

        return Convert.ToBase64String([Version, .. key]);
    }
}
