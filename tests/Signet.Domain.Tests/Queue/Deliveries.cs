using Signet.Addresses;
using Signet.Messages;
using Signet.Names;
using Signet.Queue;

namespace Signet.Tests.Queue;

/// <summary>Claimed messages for tests.</summary>
internal static class Deliveries
{
    private static readonly Random Chance = new(7);

    public static ClaimedMessage Message(params string[] recipients)
    {
        var at = DateTimeOffset.UnixEpoch;
        MessageId id;
        lock (Chance)
        {
            id = MessageId.New(Region.Default, at, Chance);
        }

        return new ClaimedMessage(
            id,
            new AccountRegion(AccountId.Parse("111122223333"), Region.Default),
            at,
            EmailAddress.Parse("return@signet.test"),
            "Subject: x\r\n\r\nbody\r\n"u8.ToArray(),
            [.. recipients.Select((r, ordinal) => new ClaimedDelivery(ordinal, EmailAddress.Parse(r), 0))]);
    }
}
