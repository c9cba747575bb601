using Signet.Server.Aws;

namespace Signet.Server.Ses;

/// <summary>
/// The paths of SES's version 2, which Signet does not have yet: every call is refused in that API's own form, so that a client shows
/// the sentence and not a parsing error.
/// </summary>
internal static class SesV2
{
    public const string Path = "/v2";

    private const string Refusal =
        "Signet does not support version 2 of the SES API yet. Version 1 (the client called `ses`) is here, at the path /.";

    public static void MapSesV2(this IEndpointRouteBuilder routes) =>
        routes.Map(Path + "/{**path}", context => JsonError.WriteAsync(context, StatusCodes.Status400BadRequest, "BadRequestException", Refusal))
            .ExcludeFromDescription();
}
