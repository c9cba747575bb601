using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Signet.Server.Tests.Ses;

/// <summary>
/// A second implementation of Signature Version 4, written from its description for clients and sharing nothing with the one under
/// test. <see cref="Signet.Server.Tests.Aws.SigV4VectorTests"/> holds it against signatures that AWS and another client library made.
/// </summary>
internal sealed record TestSigner(string KeyId, string Secret, string Region = "us-east-1", string Service = "ses")
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    /// <summary>The Authorization header of a request with these headers, all of which are signed; <c>x-amz-date</c> is among them.</summary>
    public string Authorization(
        string method, string query, IEnumerable<(string Name, string Value)> headers, byte[] body, DateTimeOffset at)
    {
        var signed = string.Join(';', headers.Select(h => h.Name.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal));
        return $"AWS4-HMAC-SHA256 Credential={KeyId}/{Scope(at)}, SignedHeaders={signed}, "
            + $"Signature={Signature(method, Pairs(query), headers, body, at)}";
    }

    /// <summary>The query string of a presigned request: the given pairs, then what presigning adds.</summary>
    public string Presign(
        string method, string query, string host, TimeSpan? lifetime, byte[] body, DateTimeOffset at, string path = "/")
    {
        var full = $"{query}&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={Encode($"{KeyId}/{Scope(at)}")}&X-Amz-Date={Stamp(at)}"
            + (lifetime is { } life ? $"&X-Amz-Expires={life.TotalSeconds.ToString(CultureInfo.InvariantCulture)}" : "")
            + "&X-Amz-SignedHeaders=host";
        return $"{full}&X-Amz-Signature={Signature(method, Pairs(full), [("host", host)], body, at, path)}";
    }

    public static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMddTHHmmssZ", CultureInfo.InvariantCulture);

    public static string Encode(string text) =>
        string.Concat(Encoding.UTF8.GetBytes(text).Select(b => Unreserved.Contains((char)b, StringComparison.Ordinal) ? $"{(char)b}" : $"%{b:X2}"));

    private string Scope(DateTimeOffset at) => $"{Stamp(at)[..8]}/{Region}/{Service}/aws4_request";

    private string Signature(
        string method,
        IEnumerable<(string Name, string Value)> query,
        IEnumerable<(string Name, string Value)> headers,
        byte[] body,
        DateTimeOffset at,
        string path = "/")
    {
        var folded = headers.GroupBy(h => h.Name.ToLowerInvariant())
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (Name: g.Key, Value: string.Join(',', g.Select(h => Squeeze(h.Value)))))
            .ToList();
        var canonical = string.Join('\n',
        [
            method,
            path,
            string.Join('&', query.Select(p => (Name: Encode(p.Name), Value: Encode(p.Value)))
                .OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Value, StringComparer.Ordinal)
                .Select(p => $"{p.Name}={p.Value}")),
            string.Concat(folded.Select(h => $"{h.Name}:{h.Value}\n")),
            string.Join(';', folded.Select(h => h.Name)),
            Convert.ToHexStringLower(SHA256.HashData(body)),
        ]);
        var toSign = $"AWS4-HMAC-SHA256\n{Stamp(at)}\n{Scope(at)}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = new[] { Stamp(at)[..8], Region, Service, "aws4_request" }.Aggregate(
            Encoding.UTF8.GetBytes("AWS4" + Secret), (k, part) => HMACSHA256.HashData(k, Encoding.UTF8.GetBytes(part)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
    }

    private static IEnumerable<(string Name, string Value)> Pairs(string query) =>
        query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2))
            .Select(p => (Uri.UnescapeDataString(p[0].Replace('+', ' ')), p.Length > 1 ? Uri.UnescapeDataString(p[1].Replace('+', ' ')) : ""));

    private static string Squeeze(string value)
    {
        var squeezed = value.Trim(' ');
        while (squeezed.Contains("  ", StringComparison.Ordinal))
        {
            squeezed = squeezed.Replace("  ", " ", StringComparison.Ordinal);
        }

        return squeezed;
    }
}
