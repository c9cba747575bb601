using Signet.Server.Aws;

namespace Signet.Server.Ses;

/// <summary>The documents of version 1 of the SES API, and the answers that carry them.</summary>
internal static class SesXml
{
    public static QueryXml Documents { get; } = new("http://ses.amazonaws.com/doc/2010-12-01/");

    public static AwsAnswer Success(SesAction.Supported action, Reply reply, string requestId) =>
        new(StatusCodes.Status200OK, QueryXml.ContentType, Documents.Success(action.Name, action.HasResult, reply, requestId));

    public static AwsAnswer Failure(AwsError error, string requestId) =>
        new(error.Status, QueryXml.ContentType, Documents.Failure(error, requestId));

    /// <summary>Refuses a request that has not come as far as <see cref="AwsEndpoint"/>.</summary>
    public static Task RefuseAsync(HttpContext http, AwsError error)
    {
        var requestId = RequestId.New();
        return Failure(error, requestId).WriteAsync(http, requestId);
    }
}
