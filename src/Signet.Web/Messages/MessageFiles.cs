using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Signet.Archive;
using Signet.Messages;
using Signet.Viewing;
using Signet.Web.Shell;

namespace Signet.Web.Messages;

/// <summary>
/// What the page of a message points to: its HTML for the frame, its bytes and its parts to save. Strangers wrote all of it: HTML is made
/// safe and answered with a policy that runs and loads nothing, and everything else is offered for saving, never shown.
/// </summary>
internal static class MessageFiles
{
    /// <summary>Characters of HTML that the frame shows unless all are asked for: more than any mail client shows of a message.</summary>
    public const int ShownHtml = 1_000_000;

    /// <summary>Characters of HTML that the frame shows when all are asked for.</summary>
    public const int AllHtml = 5_000_000;

    // The frame has an origin of its own and no scripts; a link that is clicked opens a page of its own, which knows nothing of us.
    private const string FramePolicy =
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; "
        + "sandbox allow-popups allow-popups-to-escape-sandbox";

    // No background: one of ours on the root would keep the body's from reaching the edges. The frame stands on a ground of its own.
    private const string Dark = "<style>:root{color-scheme:dark}</style>";
    private const string Light = "<style>:root{color-scheme:light}</style>";

    public static void Map(IEndpointRouteBuilder endpoints, ConsoleContext console)
    {
        endpoints.MapGet("messages/{id}/html", (string id, bool? dark, bool? all, HttpContext context) =>
            HtmlAsync(console, id, dark ?? false, all ?? false, context));
        endpoints.MapGet("messages/{id}/message.eml", (string id, HttpContext context) => MessageAsync(console.Domain.Archive, id, context));
        endpoints.MapGet("messages/{id}/parts/{path}", (string id, string path, HttpContext context) =>
            PartAsync(console, id, path, context));
    }

    private static async Task<IResult> HtmlAsync(ConsoleContext console, string id, bool dark, bool all, HttpContext context)
    {
        using var turn = await console.ContentTurns.TakeAsync(Viewer.Of(context.User).Name, context.RequestAborted);
        if (await ContentAsync(console.Domain.Archive, id, context) is not { } content || MessageView.Read(content).Html is not { } html)
        {
            return TypedResults.NotFound();
        }

        context.Response.Headers.ContentSecurityPolicy = FramePolicy;
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        var safe = SanitizedHtml.Of(html, MimeTree.FindById(content), Length(all), dark);
        return TypedResults.Content(
            safe.Html.Insert(safe.Html.IndexOf("</head>", StringComparison.Ordinal), dark ? Dark : Light), "text/html; charset=utf-8", Encoding.UTF8);
    }

    /// <summary>What the frame does not show of the HTML.</summary>
    public static SanitizedHtml LeftOut(string html, ReadOnlyMemory<byte> content, bool all) =>
        SanitizedHtml.WithoutImages(html, MimeTree.FindById(content), Length(all));

    private static int Length(bool all) => all ? AllHtml : ShownHtml;

    private static async Task<IResult> MessageAsync(IMessageArchive archive, string id, HttpContext context) =>
        await ContentAsync(archive, id, context) is { } content
            ? TypedResults.Bytes(content, "message/rfc822", $"{id}.eml")
            : TypedResults.NotFound();

    private static async Task<IResult> PartAsync(ConsoleContext console, string id, string path, HttpContext context)
    {
        using var turn = await console.ContentTurns.TakeAsync(Viewer.Of(context.User).Name, context.RequestAborted);
        return await ContentAsync(console.Domain.Archive, id, context) is { } content && MimeTree.OpenPart(content, path) is { } part
            ? TypedResults.File(part.Bytes, "application/octet-stream", part.SafeFileName)
            : TypedResults.NotFound();
    }

    private static async Task<ReadOnlyMemory<byte>?> ContentAsync(IMessageArchive archive, string id, HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return MessageId.TryParse(id, out var known)
            && await archive.GetAsync(known, context.RequestAborted) is { } message
            && Viewer.Of(context.User).Sees(message.Owner)
                ? await archive.GetContentAsync(known, context.RequestAborted)
                : null;
    }
}
