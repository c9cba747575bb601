namespace Signet.Server.Aws;

/// <summary>The id that every answer has, in a header and in its document, so that the log and a client's error name the same request.</summary>
internal static class RequestId
{
    public static string New() => Guid.NewGuid().ToString();
}
