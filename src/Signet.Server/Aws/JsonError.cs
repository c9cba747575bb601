using System.Text.Encodings.Web;
using System.Text.Json;

namespace Signet.Server.Aws;

/// <summary>
/// Errors in the form of AWS's JSON protocols (https://smithy.io/2.0/aws/protocols/index.html): the type in a header and, where
/// <c>X-Amz-Target</c> names the operation, in the document as well.
/// </summary>
internal static class JsonError
{
    public static async Task WriteAsync(HttpContext context, int status, string type, string text)
    {
        var isTargeted = context.Request.Headers.ContainsKey("X-Amz-Target");
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = isTargeted ? "application/x-amz-json-1.1" : "application/json";
        response.Headers["x-amzn-RequestId"] = RequestId.New();
        response.Headers["x-amzn-ErrorType"] = type;
        var message = JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        await response.WriteAsync($$"""{{{(isTargeted ? $"\"__type\":\"{type}\"," : "")}}"message":"{{message}}"}""", context.RequestAborted);
    }
}
