using System.Text;

namespace Signet.Server.Aws;

/// <summary>The canonical request of Signature Version 4: the text whose hash is signed.</summary>
internal static class CanonicalRequest
{
    /// <summary>Builds the text.</summary>
    /// <param name="head">The request.</param>
    /// <param name="query">Its decoded query string: encoded again, so that the signed parameters are the ones that are read.</param>
    /// <param name="signedHeaders">Names in lower case and in order.</param>
    /// <param name="payloadHash">Lower-case hex.</param>
    public static string Build(
        RequestHead head, IReadOnlyList<FormPair> query, IReadOnlyList<string> signedHeaders, string payloadHash)
    {
        var text = new StringBuilder();
        text.Append(head.Method).Append('\n');
        AppendPath(text, head.Path);
        text.Append('\n');
        AppendQuery(text, query);
        text.Append('\n');
        foreach (var name in signedHeaders)
        {
            text.Append(name).Append(':').AppendJoin(',', head.Headers[name].Select(Collapse)).Append('\n');
        }

        return text.Append('\n').AppendJoin(';', signedHeaders).Append('\n').Append(payloadHash).ToString();
    }

    // Dot segments and double slashes are resolved, then the path, encoded as it is, is encoded once more: every service but S3 does so.
    private static void AppendPath(StringBuilder text, string path)
    {
        List<string> segments = [];
        foreach (var segment in path.Split('/'))
        {
            if (segment == "..")
            {
                segments.RemoveRange(Math.Max(0, segments.Count - 1), Math.Min(1, segments.Count));
            }
            else if (segment is not ("" or "."))
            {
                segments.Add(segment);
            }
        }

        var normal = "/" + string.Join('/', segments) + (segments.Count > 0 && path.EndsWith('/') ? "/" : "");
        FormEncoding.AppendEncoded(text, Encoding.UTF8.GetBytes(normal), keepSlashes: true);
    }

    private static void AppendQuery(StringBuilder text, IReadOnlyList<FormPair> query)
    {
        var pairs = query.Select(p => (Name: Encoded(p.Name), Value: Encoded(p.Value)))
            .Where(p => p.Name != SignatureClaim.SignatureParameter)
            .OrderBy(p => p.Name, StringComparer.Ordinal)
            .ThenBy(p => p.Value, StringComparer.Ordinal);
        text.AppendJoin('&', pairs.Select(p => $"{p.Name}={p.Value}"));
    }

    private static string Encoded(ReadOnlyMemory<byte> bytes)
    {
        var text = new StringBuilder();
        FormEncoding.AppendEncoded(text, bytes.Span);
        return text.ToString();
    }

    /// <summary>Without blanks at the ends, and with one where there were several.</summary>
    private static string Collapse(string? value) =>
        string.Join(' ', (value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
