namespace Signet.Server.Ses;

/// <summary>
/// The paths of SES's version 2, which Signet does not have yet: every call is refused in that API's own form, so that a client shows
/// the sentence and not a parsing error.
/// </summary>
internal static class SesV2
{
    private const string Refusal =
        """{"message":"Signet does not support version 2 of the SES API yet. Version 1 (the client called `ses`) is here, at the path /."}""";

    public static void MapSesV2(this IEndpointRouteBuilder routes) =>
        routes.Map("/v2/{**path}", async context =>
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.ContentType = "application/json";
            context.Response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString();
            context.Response.Headers["x-amzn-ErrorType"] = "BadRequestException";
            await context.Response.WriteAsync(Refusal, context.RequestAborted);
        }).ExcludeFromDescription();
}
