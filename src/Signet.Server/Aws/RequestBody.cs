using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Signet.Server.Aws;

/// <summary>
/// Reads the body of a request, and never more of it than a bound: neither as it comes nor when it is inflated. What it may hold
/// is set aside first, see <see cref="BodyBudget"/>.
/// </summary>
internal static class RequestBody
{
    /// <summary>
    /// How long a body can usefully be when messages may have <paramref name="messageLimit"/> bytes: base64 makes 4 of 3, and
    /// form encoding makes 3 of each <c>+</c>, <c>/</c> and <c>=</c>, of which base64 may consist altogether. The rest is for the
    /// other parameters.
    /// </summary>
    public static int Bound(int messageLimit) => checked((messageLimit * 4) + (1024 * 1024));

    /// <summary>The body as received. A declared length above the limit is refused before the first byte is read.</summary>
    /// <exception cref="AwsException">
    /// RequestEntityTooLarge, RequestTimeout, MalformedInput when it breaks off or breaks the grammar of HTTP, or ServiceUnavailable when
    /// there is no room for it.
    /// </exception>
    public static async Task<ReceivedBody> ReadAsync(HttpRequest request, int limit, BodyRoom room, CancellationToken cancel)
    {
        if (request.ContentLength > limit)
        {
            throw new AwsException(AwsError.RequestTooLarge(limit));
        }

        // The server's own bound is for all paths, and its refusal is no answer of SES's; the bytes are counted below.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = null;
        }

        var announced = request.ContentLength is > BodyBudget.Unreserved and var length ? (int)length : 0;
        var body = new ReceivedBody(announced);
        try
        {
            if (announced > 0)
            {
                await ReadLargeAsync(request, body, announced, limit, room, cancel);
            }
            else if (!await TryReadAtPaceAsync(request, body, BodyBudget.Unreserved, room, cancel))
            {
                // Nothing says how long it will be.
                await ReadLargeAsync(request, body, limit, limit, room, cancel);
                room.ShrinkTo(body.Length);
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>
    /// What a body holds: its content encoding undone, its type checked where it is given. It is the body itself where nothing was to be
    /// undone, else the body is disposed.
    /// </summary>
    /// <exception cref="AwsException">
    /// RequestEntityTooLarge when it inflates beyond the limit, MalformedInput for other types and encodings, ServiceUnavailable
    /// when there is no room to inflate it.
    /// </exception>
    public static async Task<ReceivedBody> OpenAsync(
        HttpRequest request, ReceivedBody body, string mediaType, int limit, BodyRoom room, CancellationToken cancel)
    {
        if (body.Length == 0)
        {
            return body;
        }

        if (request.ContentType is { } type && !IsUtf8(type, mediaType))
        {
            throw new AwsException(AwsError.MalformedInput($"The request body must be {mediaType} in UTF-8."));
        }

        var encoding = request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();
        if (encoding is "" or "identity")
        {
            return body;
        }

        // A few bytes may become as many as the limit allows.
        await room.ReserveAsync(limit, cancel);
        await using var compressed = new MemoryStream(body.Join().ToArray());
        body.Dispose();
        await using Stream inflated = encoding switch
        {
            "gzip" => new GZipStream(compressed, CompressionMode.Decompress),
            "deflate" => new ZLibStream(compressed, CompressionMode.Decompress),
            _ => throw new AwsException(AwsError.MalformedInput("The content encoding must be gzip, deflate or identity.")),
        };
        var opened = await InflateAsync(inflated, limit, cancel);
        room.ShrinkTo(opened.Length);
        return opened;
    }

    private static bool IsUtf8(string contentType, string mediaType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && string.Equals(type.MediaType, mediaType, StringComparison.OrdinalIgnoreCase)
        && (type.CharSet is null || string.Equals(type.CharSet.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase));

    /// <summary>Sets room aside, then reads all of it at the pace that is asked for.</summary>
    private static async Task ReadLargeAsync(
        HttpRequest request, ReceivedBody body, long expected, int limit, BodyRoom room, CancellationToken cancel)
    {
        await room.ReserveAsync(expected, cancel);
        if (!await TryReadAtPaceAsync(request, body, limit, room, cancel))
        {
            throw new AwsException(AwsError.RequestTooLarge(limit));
        }
    }

    // The server's own least pace counts from the first byte: who sends all but the last byte at once may hold that for minutes.
    private static async Task<bool> TryReadAtPaceAsync(HttpRequest request, ReceivedBody body, int limit, BodyRoom room, CancellationToken cancel)
    {
        using var slow = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var reading = TryReadAsync(request, body, limit, slow.Token);
        if (reading.IsCompleted)
        {
            // It came with the head, as most do.
            return await reading;
        }

        await using var watch = room.Watch(() => body.Length, slow.Cancel);
        try
        {
            return await reading;
        }
        catch (OperationCanceledException) when (slow.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new AwsException(AwsError.RequestTimeout());
        }
    }

    /// <summary>Reads to the end; false as soon as there is more than the limit. Nothing is set aside before it has come.</summary>
    private static async Task<bool> TryReadAsync(HttpRequest request, ReceivedBody body, int limit, CancellationToken cancel)
    {
        // A read that a token ends counts as still under way: the server could not read on, and would log that as an error.
        await using var end = cancel.UnsafeRegister(reader => EndRead((PipeReader)reader!), request.BodyReader);
        while (true)
        {
            var result = await ReadPieceAsync(request);
            foreach (var piece in result.Buffer)
            {
                body.Write(piece.Span);
            }

            request.BodyReader.AdvanceTo(result.Buffer.End);
            if (body.Length > limit)
            {
                return false;
            }

            if (result.IsCompleted)
            {
                return true;
            }

            cancel.ThrowIfCancellationRequested();
        }
    }

    private static void EndRead(PipeReader body)
    {
        try
        {
            body.CancelPendingRead();
        }
        catch (ConnectionAbortedException)
        {
            // That ends the read too.
        }
    }

    private static async ValueTask<ReadResult> ReadPieceAsync(HttpRequest request)
    {
        const string Unreadable = "The request body cannot be read.";
        try
        {
            return await request.BodyReader.ReadAsync(CancellationToken.None);
        }
        catch (BadHttpRequestException e)
        {
            // The sender was too slow, broke the grammar of HTTP or ended the body too early.
            throw new AwsException(
                e.StatusCode == StatusCodes.Status408RequestTimeout ? AwsError.RequestTimeout() : AwsError.MalformedInput(Unreadable));
        }
        catch (IOException)
        {
            // The connection is lost, which the server may learn later than this read. It would read on.
            request.HttpContext.Abort();
            throw new AwsException(AwsError.MalformedInput(Unreadable));
        }
    }

    private static async Task<ReceivedBody> InflateAsync(Stream inflated, int limit, CancellationToken cancel)
    {
        var form = new ReceivedBody();
        try
        {
            while (await inflated.ReadAsync(form.GetMemory(), cancel) is > 0 and var read)
            {
                form.Advance(read);
                if (form.Length > limit)
                {
                    throw new AwsException(AwsError.RequestTooLarge(limit));
                }
            }

            return form;
        }
        catch (InvalidDataException)
        {
            form.Dispose();
            throw new AwsException(AwsError.MalformedInput("The request body is not what its content encoding says."));
        }
        catch
        {
            form.Dispose();
            throw;
        }
    }
}
