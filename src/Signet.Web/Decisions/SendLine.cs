using Signet.Archive;
using Signet.Sending;

namespace Signet.Web.Decisions;

/// <summary>One send as a line of the list.</summary>
/// <param name="Message">An accepted one; null for a refused one.</param>
/// <param name="Refused">A refused one; null for an accepted one.</param>
public sealed record SendLine(MessageSummary? Message, RefusedRequest? Refused)
{
    public DateTimeOffset At => Message?.AcceptedAt ?? Refused!.At;

    /// <summary>Of all lines.</summary>
    public string Key => Message?.Id.Value ?? $"{Refused!.Id}";

    public string Principal => Message?.Principal ?? Refused!.Caller;

    /// <summary>ARN of the identity that let it be sent, or that did not; null when none was found.</summary>
    public string? Identity => Message is { } message ? message.SourceArn
        : Refused!.Decision is { } decision ? DecisionReading.Deciding(decision).FirstOrDefault()?.Identity : null;

    public string Action => Message is { } message ? $"ses:{message.Operation}" : Refused!.Action;
}
