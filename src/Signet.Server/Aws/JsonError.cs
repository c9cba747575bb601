using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Signet.Server.Aws;

/// <summary>
/// Errors in the form of AWS's JSON protocols (https://smithy.io/2.0/aws/protocols/index.html): the type in a header and, where
/// <c>X-Amz-Target</c> names the operation, in the document as well.
/// </summary>
internal static class JsonError
{
    public static AwsAnswer Answer(HttpRequest request, int status, string type, string text)
    {
        var isTargeted = request.Headers.ContainsKey("X-Amz-Target");
        var message = JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        return new AwsAnswer(
            status,
            isTargeted ? "application/x-amz-json-1.1" : "application/json",
            Encoding.UTF8.GetBytes($$"""{{{(isTargeted ? $"\"__type\":\"{type}\"," : "")}}"message":"{{message}}"}"""))
        {
            ErrorType = type,
        };
    }

    /// <summary>Refuses a request that no service has.</summary>
    public static Task WriteAsync(HttpContext context, int status, string type, string text) =>
        Answer(context.Request, status, type, text).WriteAsync(context, RequestId.New());
}
