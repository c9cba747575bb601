using System.Buffers;
using System.IO.Compression;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http.Features;

namespace Signet.Server.Ses.Protocol;

/// <summary>Reads the body of a request, and never more of it than a bound: neither as it comes nor when it is inflated.</summary>
internal static class RequestBody
{
    private const string FormType = "application/x-www-form-urlencoded";

    /// <summary>Where the length is not told.</summary>
    private const int Chunk = 16 * 1024;

    /// <summary>Set aside at most before the first byte has come.</summary>
    private const int MaxExpected = 64 * 1024;

    /// <summary>
    /// How long a body can usefully be when messages may have <paramref name="messageLimit"/> bytes: base64 makes 4 of 3, and
    /// form encoding makes 3 of each <c>+</c>, <c>/</c> and <c>=</c>, of which base64 may consist altogether. The rest is for the
    /// other parameters.
    /// </summary>
    public static int Bound(int messageLimit) => checked((messageLimit * 4) + (1024 * 1024));

    /// <summary>The body as received. A declared length above the limit is refused before the first byte is read.</summary>
    /// <exception cref="SesException">RequestEntityTooLarge.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int limit, CancellationToken cancel)
    {
        if (request.ContentLength > limit)
        {
            throw new SesException(SesError.RequestTooLarge(limit));
        }

        // The server's own bound is for all paths, and its refusal is no answer of SES's; the bytes are counted below.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = null;
        }

        return await ReadAllAsync(request.Body, request.ContentLength ?? Chunk, limit, cancel);
    }

    /// <summary>The form that a body holds: its content encoding undone, its type checked where it is given.</summary>
    /// <exception cref="SesException">
    /// RequestEntityTooLarge when it inflates beyond the limit, MalformedInput for other types and encodings.
    /// </exception>
    public static async Task<ReadOnlyMemory<byte>> OpenAsync(
        HttpRequest request, ReadOnlyMemory<byte> body, int limit, CancellationToken cancel)
    {
        if (body.IsEmpty)
        {
            return body;
        }

        if (request.ContentType is { } type && !IsForm(type))
        {
            throw new SesException(SesError.MalformedInput($"The request body must be {FormType} in UTF-8."));
        }

        var encoding = request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();
        if (encoding is "" or "identity")
        {
            return body;
        }

        await using var compressed = new MemoryStream(body.ToArray());
        await using Stream inflated = encoding switch
        {
            "gzip" => new GZipStream(compressed, CompressionMode.Decompress),
            "deflate" => new ZLibStream(compressed, CompressionMode.Decompress),
            _ => throw new SesException(SesError.MalformedInput("The content encoding must be gzip, deflate or identity.")),
        };
        try
        {
            return await ReadAllAsync(inflated, Chunk, limit, cancel);
        }
        catch (InvalidDataException)
        {
            throw new SesException(SesError.MalformedInput("The request body is not what its content encoding says."));
        }
    }

    private static bool IsForm(string contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && string.Equals(type.MediaType, FormType, StringComparison.OrdinalIgnoreCase)
        && (type.CharSet is null || string.Equals(type.CharSet.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase));

    // Room for what is expected and one byte, so that the end is seen without growing; but a length is only a claim.
    private static async Task<ReadOnlyMemory<byte>> ReadAllAsync(Stream stream, long expected, int limit, CancellationToken cancel)
    {
        var content = new ArrayBufferWriter<byte>((int)Math.Clamp(expected, 0, MaxExpected) + 1);
        while (true)
        {
            var read = await stream.ReadAsync(content.GetMemory(), cancel);
            if (read == 0)
            {
                return content.WrittenMemory;
            }

            content.Advance(read);
            if (content.WrittenCount > limit)
            {
                throw new SesException(SesError.RequestTooLarge(limit));
            }
        }
    }
}
