using System.Text;
using Signet.Addresses;
using Signet.Events;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;
using Signet.Queue;
using Signet.Storage;

namespace Signet.Tests.Storage;

/// <summary>Values for the store tests.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly AccountRegion Owner = new(AccountId.Parse("111122223333"), Region.Default);

    public static readonly AccountRegion OtherRegion = new(AccountId.Parse("111122223333"), Region.Parse("eu-west-1"));

    public static readonly AccountRegion OtherAccount = new(AccountId.Parse("444455556666"), Region.Default);

    public static readonly SendDecision Decision = new(
        true, "the caller's own identity covers it", "arn:aws:iam::111122223333:root", "ses:SendEmail", "us-east-1",
        [
            new AddressCheck(
                AddressRole.Source, "sender@example.com", CheckOutcome.Allowed, "verified", "arn:aws:ses:us-east-1:111122223333:identity/example.com",
                null,
                new Decision(DecisionOutcome.Allow, [new StatementTrace("p", 0, null, PolicyEffect.Allow, true, true, true, true,
                    [new ConditionTrace("StringLike", "ses:FromAddress", ["*@example.com"], null, true, "why")])]),
                null, null),
        ]);

    /// <summary>The numbers of the migrations.</summary>
    public static IReadOnlyList<int> Migrations { get; } =
    [
        .. typeof(SqlMessageQueue).Assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal))
            .Select(n => int.Parse(n.Split('.')[3].AsSpan(0, 4), System.Globalization.CultureInfo.InvariantCulture)).Distinct().Order(),
    ];

    /// <summary>Of a store that is up to date.</summary>
    public static int Version => Migrations[^1];

    /// <summary>The statements of a migration that both engines take.</summary>
    public static IReadOnlyList<string> Migration(string name)
    {
        using var text = new StreamReader(typeof(SqlMessageQueue).Assembly.GetManifestResourceStream($"Signet.Storage.Migrations.{name}.sql")!);
        return text.ReadToEnd().Split(";\n", StringSplitOptions.RemoveEmptyEntries);
    }

    private static int _made;

    public static EmailAddress Address(string local, string domain = "example.com") => new(local, DomainName.Parse(domain));

    public static MessageId NewId(DateTimeOffset at) => MessageId.New(Region.Default, at, new Random(Interlocked.Increment(ref _made)));

    public static NewMessage Message(DateTimeOffset? at = null, AccountRegion? owner = null, params string[] recipients)
    {
        EmailAddress[] addresses = recipients.Length == 0 ? [Address("to")] : [.. recipients.Select(r => Address(r))];
        return new NewMessage
        {
            Id = NewId(at ?? Noon),
            Owner = owner ?? Owner,
            AcceptedAt = at ?? Noon,
            Principal = "arn:aws:iam::111122223333:root",
            Operation = "SendEmail",
            Source = "Søren <sender@example.com>",
            SourceArn = "arn:aws:ses:us-east-1:111122223333:identity/example.com",
            BounceAddress = Address("feedback"),
            EnvelopeFrom = Address("bounce"),
            Subject = "Grüße",
            SourceIp = "192.0.2.1",
            Tags = [new MessageTag("campaign", "spring")],
            Decision = Decision,
            Content = Encoding.ASCII.GetBytes("Subject: x\r\n\r\nbody\r\n"),
            Recipients = addresses,
            QuotaUse = addresses.Length,
        };
    }

    public static MessageEvent Event(MessageId message, EventType type, DateTimeOffset at, AccountRegion? owner = null) =>
        new(MessageEvent.NewId(at, type), message, owner ?? Owner, at, type, ["to@example.com"], """{"reply":"250 ok"}""");

    public static DeliveryResult Delivered(MessageId message, int ordinal, DateTimeOffset at, int attempts = 0) =>
        new(message, ordinal, DeliveryState.Delivered, at, null, "250 ok", Event(message, EventType.Delivery, at)) { Attempts = attempts };

    public static DeliveryResult Deferred(MessageId message, int ordinal, DateTimeOffset at, DateTimeOffset next, int attempts = 0) =>
        new(message, ordinal, DeliveryState.Deferred, at, next, "451 later", null) { Attempts = attempts };

    public static DeliveryResult Failed(MessageId message, int ordinal, DateTimeOffset at, int attempts = 0) =>
        new(message, ordinal, DeliveryState.Failed, at, null, "550 no such user", Event(message, EventType.Bounce, at)) { Attempts = attempts };
}
