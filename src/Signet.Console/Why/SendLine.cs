using Signet.Archive;
using Signet.Sending;

namespace Signet.Console.Why;

/// <summary>One send as a line of the list.</summary>
/// <param name="Message">An accepted one; null for a refused one.</param>
/// <param name="Refused">A refused one; null for an accepted one.</param>
public sealed record SendLine(MessageSummary? Message, RefusedSend? Refused)
{
    public DateTimeOffset At => Message?.AcceptedAt ?? Refused!.At;

    /// <summary>Of all lines.</summary>
    public string Key => Message?.Id.Value ?? $"{Refused!.Id}";

    public string Principal => Message?.Principal ?? Refused!.Decision.Principal;

    public string Action => Message is { } message ? $"ses:{message.Operation}" : Refused!.Decision.Action;
}
