using System.Net;
using Signet.Identities;
using Signet.Names;
using Signet.Queue;

namespace Signet.Server.Inspection;

/// <summary>
/// What the link in a confirmation mail leads to. The one page that the public sees: plain, without scripts, and it says of an
/// address only what its owner, who has the token, knows already. A link that was used shows success again, because mail scanners
/// and impatient people follow links twice. The page answers everything below its path, whatever the method and the token; only a GET
/// confirms.
/// </summary>
internal static class ConfirmPage
{
    public const string Path = VerificationOptions.ConfirmationPath;

    private const int MaxToken = 256;

    /// <summary>Maps the page for all methods.</summary>
    /// <param name="paths">The application's paths.</param>
    /// <param name="confirm">Confirms by a token and returns the identity; null for a token that nobody issued.</param>
    public static void Map(
        IEndpointRouteBuilder paths, Func<string, CancellationToken, Task<(IdentityArn Arn, ConfirmationState State)?>> confirm) =>
        paths.Map(Path + "/{**token}", (HttpContext context, string? token) => AnswerAsync(confirm, token ?? "", context)).ExcludeFromDescription();

    private static async Task<IResult> AnswerAsync(
        Func<string, CancellationToken, Task<(IdentityArn Arn, ConfirmationState State)?>> confirm, string token, HttpContext context)
    {
        var response = context.Response;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy = "default-src 'none'";
        response.Headers["Referrer-Policy"] = "no-referrer";

        if (!HttpMethods.IsGet(context.Request.Method))
        {
            response.Headers.Allow = HttpMethods.Get;
            return Page(StatusCodes.Status405MethodNotAllowed, "Nothing was confirmed", "Open the link in a browser.");
        }

        try
        {
            return token.Length is 0 or > MaxToken ? Unknown() : await confirm(token, context.RequestAborted) switch
            {
                null => Unknown(),
                { State: ConfirmationState.Expired } taken => Page(
                    StatusCodes.Status410Gone,
                    "This link has expired",
                    $"{taken.Arn.Name.Value} is not confirmed. Ask whoever sent you the link to start again; a new link is valid for 24 hours."),
                { } taken => Page(
                    StatusCodes.Status200OK,
                    "Address confirmed",
                    $"{taken.Arn.Name.Value} may now be used to send mail. You can close this page."),
            };
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
            return Results.Empty;
        }
        catch (StoreUnavailableException)
        {
            return Page(StatusCodes.Status503ServiceUnavailable, "Not now", "Please follow the link again in a few minutes.");
        }
    }

    private static IResult Unknown() => Page(
        StatusCodes.Status404NotFound,
        "This link is not known",
        "Check that it is complete, or ask whoever sent it to start again.");

    private static IResult Page(int status, string title, string text) => Results.Text(
        $"""
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <title>{WebUtility.HtmlEncode(title)}</title>
        <h1>{WebUtility.HtmlEncode(title)}</h1>
        <p>{WebUtility.HtmlEncode(text)}</p>
        </html>

        """,
        "text/html",
        System.Text.Encoding.UTF8,
        status);
}
