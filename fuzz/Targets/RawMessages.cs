using Signet.Addresses;
using Signet.Messages;

namespace Signet.Fuzz.Targets;

/// <summary>Raw messages: whatever is accepted must go out, and be accepted again.</summary>
internal static class RawMessages
{
    private static readonly MessageStamp Stamp = new(
        MessageId.Parse("01000199aabbccdd-11111111-2222-4333-8444-555555555555-000000"),
        DomainName.Parse("signet.test"),
        DateTimeOffset.UnixEpoch);

    private static readonly Mailbox Source = new(null, EmailAddress.Parse("source@example.com"), "source@example.com");

    public static void Fuzz(ReadOnlySpan<byte> input)
    {
        if (!RawMessage.TryRead(input.ToArray(), out var message, out _))
        {
            return;
        }

        _ = message.Subject;
        _ = message.TryReadAddresses(out _, out _);
        var accepted = message.TryCheck(hasSource: true, hasDestinations: true, out _);
        var outgoing = message.ToOutgoing(Stamp, Source);
        if (accepted && (!RawMessage.TryRead(outgoing, out var again, out var problem) || !again.TryCheck(true, true, out problem)))
        {
            throw new InvalidOperationException($"refused on its way out: {problem}");
        }
    }
}
