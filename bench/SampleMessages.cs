using System.Text;
using Signet.Addresses;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;
using Signet.Queue;

namespace Signet.Bench;

/// <summary>Messages as the door hands them to the queue.</summary>
/// <param name="acceptedAt">When they say that they were accepted.</param>
/// <param name="size">Bytes of each one's text.</param>
/// <param name="domain">Where all go; null for a hundred domains in turn.</param>
internal sealed class SampleMessages(DateTimeOffset acceptedAt, int size = 1_000, string? domain = null)
{
    private static readonly AccountRegion Owner = new(AccountId.Parse("111122223333"), Region.Default);
    private static readonly EmailAddress Sender = new("orders", DomainName.Parse("example.com"));

    private static readonly SendDecision Decision = new(
        true, "the caller's own", "arn:aws:iam::111122223333:root", "ses:SendEmail", "us-east-1",
        [
            new AddressCheck(
                AddressRole.Source, "orders@example.com", CheckOutcome.Allowed, "the caller's own",
                "arn:aws:ses:us-east-1:111122223333:identity/example.com", null, new Decision(DecisionOutcome.NoMatch, []), null, null),
        ]);

    private readonly byte[] _content = ContentOf(size);
    private readonly Random _random = new(1);
    private int _made;

    /// <summary>Another message; not to be called by several threads at once.</summary>
    /// <param name="recipients">How many deliveries it is.</param>
    public NewMessage Next(int recipients = 1)
    {
        return new NewMessage
        {
            Id = MessageId.New(Region.Default, acceptedAt, _random),
            Owner = Owner,
            AcceptedAt = acceptedAt,
            Principal = Decision.Principal,
            Operation = "SendEmail",
            Source = "orders@example.com",
            SourceArn = Decision.Checks[0].Identity,
            BounceAddress = Sender,
            EnvelopeFrom = Sender,
            Subject = "Order",
            SourceIp = "127.0.0.1",
            Tags = [],
            Decision = Decision,
            Content = _content,
            Recipients = [.. Enumerable.Range(0, recipients).Select(_ => NextRecipient())],
            QuotaUse = recipients,
        };
    }

    private static byte[] ContentOf(int size)
    {
        const int line = 998;
        var text = new StringBuilder("Subject: Order\r\n\r\n", size + (size / line * 2) + 32);
        for (var left = size; left > 0; left -= line)
        {
            text.Append('x', Math.Min(left, line)).Append("\r\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private EmailAddress NextRecipient()
    {
        _made++;
        return new EmailAddress($"customer{_made}", DomainName.Parse(domain ?? $"d{_made % 100}.test"));
    }
}
