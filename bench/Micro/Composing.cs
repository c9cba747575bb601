using System.Text;
using BenchmarkDotNet.Attributes;
using Signet.Addresses;
using Signet.Messages;
using Signet.Names;

namespace Signet.Bench.Micro;

/// <summary>Making the bytes that are stored: of parts, and of a raw message of the caller's, of 4 KB.</summary>
[MemoryDiagnoser]
public class Composing
{
    private readonly MessageStamp _stamp;
    private readonly MessageParts _parts;
    private readonly byte[] _raw;

    public Composing()
    {
        var at = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        _stamp = new MessageStamp(MessageId.New(Region.Default, at, new Random(1)), DomainName.Parse("mail.example.com"), at);
        var body = string.Concat(Enumerable.Repeat("Your order is on its way to you, and will be there soon.\r\n", 70));
        _parts = new MessageParts
        {
            From = Address("Shop <orders@example.com>"),
            To = [Address("customer@example.net")],
            Subject = new TextPart("Order", null),
            Text = new TextPart(body, null),
            Html = new TextPart($"<p>{body}</p>", null),
        };
        _raw = Encoding.ASCII.GetBytes(
            $"From: Shop <orders@example.com>\r\nTo: customer@example.net\r\nSubject: Order\r\nX-SES-MESSAGE-TAGS: a=b\r\n\r\n{body}");
    }

    [Benchmark]
    public int Compose() => MessageComposer.Compose(_parts, _stamp).Length;

    [Benchmark]
    public int EditRaw() =>
        RawMessage.TryRead(_raw, out var message, out var problem)
            ? message.ToOutgoing(_stamp, null).Length
            : throw new InvalidOperationException(problem);

    private static Mailbox Address(string text) =>
        Mailbox.TryParse(text, out var mailbox, out _) ? mailbox : throw new ArgumentException($"`{text}` is no mailbox", nameof(text));
}
