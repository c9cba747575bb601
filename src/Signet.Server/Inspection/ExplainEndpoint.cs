using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Signet.Policies;
using Signet.Sending;

namespace Signet.Server.Inspection;

/// <summary><c>POST /_signet/policy/explain</c>: might this be sent, and why. Nothing is sent or stored.</summary>
internal static class ExplainEndpoint
{
    /// <summary>Bytes of a question; a policy's 4 KB and a few hundred recipients fit.</summary>
    public const int MaxBody = 64 * 1024;

    public static async Task<Ok<SendDecision>> ExplainAsync(
        MailSystem system, HttpRequest request, CancellationToken cancel)
    {
        DescribedSend? send;
        try
        {
            send = await JsonSerializer.DeserializeAsync(request.Body, InspectionJson.Default.DescribedSend, cancel);
        }
        catch (JsonException exception)
        {
            throw InspectionException.BadRequest(
                $"the body is not the JSON object that describes a send: {exception.Path ?? "$"} cannot be read");
        }

        return send is null ? throw InspectionException.BadRequest("the body is not the JSON object that describes a send")
            : send.TryRead(system.Time.GetUtcNow(), system.Regions, out var attempt, out var problem)
                ? TypedResults.Ok(BoundedDecision.Of(await system.DecideAsync(attempt, cancel), BoundedDecision.Shown))
            : throw InspectionException.BadRequest(problem);
    }
}
