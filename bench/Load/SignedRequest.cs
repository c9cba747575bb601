using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Signet.Bench.Load;

/// <summary>
/// A whole HTTP request with a Signature Version 4, made before the clock runs: the server checks the signature each time, the
/// generator makes it once. A signature is good for 15 minutes.
/// </summary>
internal static class SignedRequest
{
    /// <param name="url">Where it goes.</param>
    /// <param name="accessKeyId">A key of <c>signet dev</c>, whose secret is <c>test</c>.</param>
    /// <param name="parameters">Action and what it takes; Version is added.</param>
    public static byte[] Of(Uri url, string accessKeyId, params (string Name, string Value)[] parameters)
    {
        var body = Encoding.ASCII.GetBytes(string.Join(
            '&', parameters.Append(("Version", "2010-12-01")).Select(p => $"{Uri.EscapeDataString(p.Item1)}={Uri.EscapeDataString(p.Item2)}")));
        var now = TimeProvider.System.GetUtcNow();
        var stamp = now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{stamp[..8]}/us-east-1/ses/aws4_request";
        var canonical = $"POST\n/\n\nhost:{url.Authority}\nx-amz-date:{stamp}\n\nhost;x-amz-date\n{Hash(body)}";
        var toSign = $"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(canonical))}";
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4test"), Mac);
        var head =
            $"POST / HTTP/1.1\r\nHost: {url.Authority}\r\nX-Amz-Date: {stamp}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + $"Authorization: AWS4-HMAC-SHA256 Credential={accessKeyId}/{scope}, SignedHeaders=host;x-amz-date, "
            + $"Signature={Convert.ToHexStringLower(Mac(key, toSign))}\r\nContent-Length: {body.Length}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
