using Signet.Queue;

namespace Signet.Web.Sending;

/// <summary>
/// Whether a destination is being backed off from, as far as the store knows. What a node keeps in its memory besides (a destination
/// that nobody answers at rests for some minutes) moves the next attempts of its deliveries, and shows in them.
/// </summary>
internal static class BackOff
{
    public static string Of(Destination destination, DateTimeOffset now) => destination switch
    {
        { NextAttemptAt: null } => "held",
        { NextAttemptAt: { } next } when next <= now => "due",
        { NextAttemptAt: { } next } => $"backs off, next in {Numbers.Span(next - now)}",
    };

    public static string Of(WaitingDelivery delivery, DateTimeOffset now) => delivery switch
    {
        { ClaimedBy: { } node } => $"being attempted by {node}",
        { NextAttemptAt: null } => "held",
        { NextAttemptAt: { } next } when next <= now => "due",
        { NextAttemptAt: { } next } => $"in {Numbers.Span(next - now)}",
    };
}
