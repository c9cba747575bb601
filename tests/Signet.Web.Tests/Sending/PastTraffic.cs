using System.Text;
using Signet.Addresses;
using Signet.Events;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;
using Signet.Queue;
using Signet.Web.Tests.Browser;

namespace Signet.Web.Tests.Sending;

/// <summary>Mail of hours that have gone, put into the queue and ended there as the server would have.</summary>
internal sealed class PastTraffic(ConsoleSystem system)
{
    private const string Node = "past";

    private static readonly SendDecision Decision = new(true, "the caller's own identity covers it", "arn:aws:iam::000000000000:root", "ses:SendEmail", "us-east-1", []);

    private readonly Random random = new(7);
    private int made;

    public long Accepted { get; private set; }

    public long Delivered { get; private set; }

    /// <summary>A message to some recipients of one domain, and what became of the first of them; the others are delivered.</summary>
    public async Task AddAsync(
        DateTimeOffset at, string identity, string domain, int recipients, int deferred = 0, int bounced = 0, int complained = 0)
    {
        var cancel = TestContext.Current.CancellationToken;
        var name = DomainName.Parse(domain);
        (Accepted, Delivered) = (Accepted + recipients, Delivered + recipients - deferred - bounced - complained);
        var message = new NewMessage
        {
            Id = MessageId.New(Region.Default, at, random),
            Owner = ConsoleSystem.Owner,
            AcceptedAt = at,
            Principal = Decision.Principal,
            Operation = "SendEmail",
            Source = identity.Contains('@', StringComparison.Ordinal) ? identity : $"news@{identity}",
            SourceArn = $"arn:aws:ses:us-east-1:{ConsoleSystem.Owner.Account}:identity/{identity}",
            BounceAddress = new EmailAddress("feedback", DomainName.Parse("example.com")),
            EnvelopeFrom = new EmailAddress("bounce", DomainName.Parse("example.com")),
            Subject = "Your order",
            SourceIp = "192.0.2.1",
            Tags = [],
            Decision = Decision,
            Content = Encoding.ASCII.GetBytes("Subject: Your order\r\n\r\nOn its way.\r\n"),
            Recipients = [.. Enumerable.Range(0, recipients).Select(_ => new EmailAddress($"customer{++made}", name))],
            QuotaUse = recipients,
        };
        await system.Mail.Queue.EnqueueAsync(message, null, Node, cancel);
        await system.Mail.Queue.StoreResultsAsync(
            Node, [.. Enumerable.Range(0, recipients).Select(i => Result(message, i, at.AddSeconds(2), i - deferred, bounced, complained))], cancel);
    }

    // The deferred come first (they have an index below 0), then the bounced, then those who complain.
    private static DeliveryResult Result(NewMessage message, int ordinal, DateTimeOffset at, int index, int bounced, int complained)
    {
        if (index < 0)
        {
            var next = TimeProvider.System.GetUtcNow().AddMinutes(20);
            return new DeliveryResult(message.Id, ordinal, DeliveryState.Deferred, at, next, "451 4.7.1 try again later", null)
            {
                Attempts = 0,
                Attempt = new Attempt(1, at, TimeSpan.FromSeconds(1), "mx.example.org", "192.0.2.25", null, "451 4.7.1 try again later", DeliveryState.Deferred),
            };
        }

        return index < bounced
            ? new DeliveryResult(message.Id, ordinal, DeliveryState.Failed, at, null, "550 5.1.1 no such user", Event(EventType.Bounce)) { Attempts = 0 }
            : new DeliveryResult(
                message.Id, ordinal, DeliveryState.Delivered, at, null, "250 2.0.0 taken",
                Event(index < bounced + complained ? EventType.Complaint : EventType.Delivery))
            { Attempts = 0 };

        MessageEvent Event(EventType type) => new(
            MessageEvent.NewId(at, type), message.Id, message.Owner, at, type, [message.Recipients[ordinal].ToString()], """{"reply":"as the script says"}""");
    }
}
