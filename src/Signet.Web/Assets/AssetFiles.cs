using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Signet.Web.Assets;

/// <summary>
/// The files that a browser asks for: ours, MudBlazor's and Blazor's, embedded in the program, so that nothing comes from another host
/// and the published program is one file. An address carries the hash of its file, so browsers keep it for good.
/// </summary>
internal static class AssetFiles
{
    private const string Prefix = "assets/";

    private static readonly FrozenDictionary<string, AssetFile> All = Load();

    /// <summary>The style sheets in the order that they are to be read in: MudBlazor's, the frame's, then one for each page family.</summary>
    public static IReadOnlyList<string> Styles { get; } =
        ["MudBlazor.min.css", "signet.css", .. All.Keys.Where(n => n.EndsWith(".css", StringComparison.Ordinal) && n is not ("MudBlazor.min.css" or "signet.css")).Order(StringComparer.Ordinal)];

    /// <summary>The address of a file, to be put into pages, relative to the console's path.</summary>
    public static string Address(string name) => $"{Prefix}{name}?{All[name].Hash}";

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(Prefix + "{name}", AnswerAsync).AllowAnonymous();

    private static async Task AnswerAsync(string name, HttpContext context)
    {
        var response = context.Response;
        if (!All.TryGetValue(name, out var file))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        // An address without the right hash is of another version of the program: it must not be kept.
        var isCurrent = context.Request.QueryString.Value == $"?{file.Hash}";
        response.ContentType = file.ContentType;
        response.Headers.CacheControl = isCurrent ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        var bytes = file.Bytes;
        if (context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            response.Headers.ContentEncoding = "gzip";
            bytes = file.Compressed.Value;
        }

        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static FrozenDictionary<string, AssetFile> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(n => n[Prefix.Length..], n =>
            {
                using var stream = assembly.GetManifestResourceStream(n)!;
                var bytes = new byte[stream.Length];
                stream.ReadExactly(bytes);
                return new AssetFile(
                    bytes, Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8)), ContentType(n), new Lazy<byte[]>(() => Compress(bytes)));
            });
    }

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"no content type for `{other}`"),
    };

    private static byte[] Compress(byte[] bytes)
    {
        using var compressed = new MemoryStream();

        // The first page waits for it; browsers keep what they got.
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }

    private sealed record AssetFile(byte[] Bytes, string Hash, string ContentType, Lazy<byte[]> Compressed);
}
