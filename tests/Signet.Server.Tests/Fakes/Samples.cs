using Signet.Archive;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;
using Signet.Queue;

namespace Signet.Server.Tests.Fakes;

/// <summary>Values that tests change the interesting part of.</summary>
internal static class Samples
{
    public static AccountRegion Owner { get; } = new(AccountId.Parse("111122223333"), Region.Default);

    public static SendDecision Allowed { get; } =
        new(true, "every address is verified", "arn:aws:iam::111122223333:root", "ses:SendEmail", "us-east-1", []);

    public static MessageId Id(int number) =>
        MessageId.Parse($"0100019c{number:x8}-11111111-2222-4333-8444-555555555555-000000");

    public static ArchivedMessage Message(
        int number,
        string to = "to@example.org",
        string subject = "hello",
        string source = "from@example.com",
        string operation = "SendEmail",
        params string[] others) => new(
        Id(number),
        Owner,
        new DateTimeOffset(2026, 1, 31, 12, 0, number, TimeSpan.Zero),
        "arn:aws:iam::111122223333:root",
        operation,
        source,
        "arn:aws:ses:us-east-1:111122223333:identity/example.com",
        "from@example.com",
        "from@example.com",
        subject,
        "192.0.2.1",
        100,
        [new MessageTag("campaign", "one")],
        Allowed,
        [.. ((string[])[to, .. others]).Select((recipient, index) =>
            new ArchivedDelivery(index, recipient, DeliveryState.Delivered, 1, null, "captured"))]);
}
