using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Signet.Events;
using Signet.Policies;
using Signet.Sending;

namespace Signet.Server.Inspection;

/// <summary>
/// Every path of inspection: reading the inbox from tests, and asking why. The description of the API at
/// <c>/_signet/openapi.json</c> is made from this table.
/// </summary>
internal static class InspectionEndpoints
{
    private const string Messages = "/_signet/messages";

    public static void Add(IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            var options = json.SerializerOptions;
            options.TypeInfoResolverChain.Insert(0, InspectionJson.Default);
            options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            options.Converters.Add(new JsonStringEnumConverter<EventType>());
            options.Converters.Add(new JsonStringEnumConverter<AddressRole>());
            options.Converters.Add(new JsonStringEnumConverter<CheckOutcome>());
            options.Converters.Add(new JsonStringEnumConverter<DecisionOutcome>());
            options.Converters.Add(new JsonStringEnumConverter<PolicyEffect>());
        });
        services.AddOpenApi(options =>
        {
            options.ShouldInclude = description => description.RelativePath?.StartsWith('_') == true;
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info.Title = "Signet inspection";
                document.Info.Description = "What was accepted, what became of it, and why.";
                document.Servers?.Clear();
                return Task.CompletedTask;
            });
        });
    }

    public static void Map(IEndpointRouteBuilder paths, Inbox inbox, MailSystem system, bool isDev)
    {
        var archive = inbox.Archive;
        var app = paths.MapGroup("").AddEndpointFilterFactory(KnownParameters.Only);

        app.MapGet(LocalStackInbox.Path, (string? id, string? email, HttpResponse response, CancellationToken cancel) =>
            LocalStackInbox.ListAsync(archive, id, email, response, cancel))
            .WithSummary("Messages in LocalStack's shape, oldest first");
        app.MapDelete(LocalStackInbox.Path, (string? id, string? email, CancellationToken cancel) =>
            LocalStackInbox.DeleteAsync(archive, id, email, cancel))
            .AddEndpointFilter(DevOnly(isDev)).WithSummary("Deletes messages (dev only)").Produces(StatusCodes.Status204NoContent);

        app.MapGet(Messages, ([AsParameters] MessageQuery query, CancellationToken cancel) =>
            MessageEndpoints.ListAsync(inbox, query, cancel))
            .WithSummary("Accepted messages, newest first; waits for one if asked to");
        app.MapGet(Messages + "/count", ([AsParameters] MessageSelection query, CancellationToken cancel) =>
            MessageEndpoints.CountAsync(archive, query, cancel))
            .WithSummary("How many messages match");
        app.MapDelete(Messages, ([AsParameters] MessageSelection query, CancellationToken cancel) =>
            MessageEndpoints.DeleteAllAsync(archive, query, cancel))
            .AddEndpointFilter(DevOnly(isDev)).WithSummary("Deletes the messages that match (dev only)");
        app.MapGet(Messages + "/{id}", (string id, CancellationToken cancel) => MessageEndpoints.ShowAsync(archive, system.PastDecisions, id, cancel))
            .WithSummary("One message with its texts, attachments and decision");
        app.MapDelete(Messages + "/{id}", (string id, CancellationToken cancel) => MessageEndpoints.DeleteAsync(archive, id, cancel))
            .AddEndpointFilter(DevOnly(isDev)).WithSummary("Deletes one message (dev only)");
        app.MapGet(Messages + "/{id}/raw", (string id, CancellationToken cancel) => MessageEndpoints.RawAsync(archive, id, cancel))
            .WithSummary("The bytes as delivered").Produces<byte[]>(StatusCodes.Status200OK, "message/rfc822");
        app.MapGet(Messages + "/{id}/events", (string id, CancellationToken cancel) => MessageEndpoints.EventsAsync(archive, id, cancel))
            .WithSummary("What happened to one message, oldest first");
        app.MapGet(Messages + "/{id}/attempts", (string id, CancellationToken cancel) => MessageEndpoints.AttemptsAsync(archive, id, cancel))
            .WithSummary("How one message was attempted to be delivered");
        app.MapGet(Messages + "/{id}/decision", (string id, CancellationToken cancel) => MessageEndpoints.DecisionAsync(archive, system.PastDecisions, id, cancel))
            .WithSummary("Why one message was allowed");

        app.MapGet("/_signet/events", ([AsParameters] EventQuery query, CancellationToken cancel) =>
            EventEndpoints.EventsAsync(archive, query, system.Regions.Default, cancel))
            .WithSummary("What happened, newest first");
        app.MapGet("/_signet/refusals", ([AsParameters] OwnerQuery query, CancellationToken cancel) =>
            EventEndpoints.RefusalsAsync(system.History, system.PastDecisions, query, system.Regions.Default, cancel))
            .WithSummary("Sends that authorization refused, newest first, and why");

        app.MapPost("/_signet/policy/explain", (HttpRequest request, CancellationToken cancel) =>
            ExplainEndpoint.ExplainAsync(system, request, cancel))
            .WithMetadata(new RequestSizeLimitAttribute(ExplainEndpoint.MaxBody))
            .Accepts<DescribedSend>("application/json").WithSummary("Might this be sent, and why");
        app.MapPost("/_signet/reset", async (string? account, CancellationToken cancel) =>
            {
                await archive.ResetAsync(QueryText.Account(account), cancel);
                return TypedResults.NoContent();
            })
            .AddEndpointFilter(DevOnly(isDev)).WithSummary("Forgets messages, identities, policies, counters, of one account or of all (dev only)");

        ConfirmPage.Map(paths, system.ConfirmAsync);
        app.MapOpenApi("/_signet/openapi.json");
    }

    /// <summary>In serve nothing accepted is taken out of the queue by a caller without a login; retention forgets it in time.</summary>
    private static Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>> DevOnly(bool isDev) =>
        (context, next) => isDev ? next(context) : throw InspectionException.Forbidden("only `signet dev` deletes and resets");
}
