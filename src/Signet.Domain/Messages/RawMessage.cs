using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Signet.Addresses;

namespace Signet.Messages;

/// <summary>
/// A message as a caller made it. It is read, checked and edited field by field and never rewritten, so that all that SES leaves
/// alone stays as it came, byte for byte: order, folding, 8-bit text, an own DKIM signature. The one exception are line ends
/// other than CRLF, which become that on reading.
/// </summary>
public sealed class RawMessage
{
    private readonly int headerSize;

    private RawMessage(ReadOnlyMemory<byte> content, IReadOnlyList<HeaderField> fields, int headerSize)
    {
        Content = content;
        Fields = fields;
        this.headerSize = headerSize;
    }

    /// <summary>The message with CRLF line ends; otherwise as it came.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>The header fields in order.</summary>
    public IReadOnlyList<HeaderField> Fields { get; }

    /// <summary>What follows the empty line; empty for a message of a header only.</summary>
    public ReadOnlyMemory<byte> Body => headerSize < Content.Length ? Content[(headerSize + 2)..] : default;

    /// <summary>The decoded Subject, without control characters; empty if there is none.</summary>
    public string Subject => ControlCharacters.ToBlanks(EncodedWords.Decode(Value("Subject") ?? ""));

    /// <summary>Its lines that are longer than SMTP allows; null when there are none.</summary>
    public LongLines? LongLines => Messages.LongLines.In(Content.Span);

    /// <summary>Cuts a message into header fields and body.</summary>
    /// <param name="data">The caller's bytes. They are kept, not copied, when their line ends are in order.</param>
    /// <param name="message">The message; only what is needed to find the fields has been checked.</param>
    /// <param name="problem">Why it is not a message, or not one that SMTP can carry.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> data, [NotNullWhen(true)] out RawMessage? message, [NotNullWhen(false)] out string? problem)
    {
        var content = LineEnds.ToCrLf(data);
        message = null;
        if (!HeaderBlock.TryRead(content, out var fields, out var headerSize, out problem))
        {
            return false;
        }

        problem = content.IsEmpty ? "Message is empty." : fields.Count == 0 ? "Message has no header: it begins with an empty line." : null;
        message = problem is null ? new RawMessage(content, fields, headerSize) : null;
        return message is not null;
    }

    /// <summary>
    /// The first field of that name, unfolded, with encoded words as they are; null if there is none. Of an <c>X-SES-</c> field that
    /// is repeated only the first counts (SES Developer Guide, "Sending raw email").
    /// </summary>
    public string? Value(string name) => Fields.FirstOrDefault(f => f.Is(name))?.Value;

    /// <summary>Reads the addresses in the header in the order in which SES looks at them.</summary>
    /// <param name="addresses">The addresses.</param>
    /// <param name="problem">What is wrong with the first malformed one, as SES says it.</param>
    public bool TryReadAddresses([NotNullWhen(true)] out MessageAddresses? addresses, [NotNullWhen(false)] out string? problem)
    {
        addresses = null;
        if (!TryReadList("From", MailboxLimit.From, out var from, out problem)
            || !TryReadList("To", null, out var to, out problem)
            || !TryReadList("Cc", null, out var cc, out problem)
            || !TryReadList("Bcc", null, out var bcc, out problem)
            || !TryReadOne("Return-Path", out var returnPath, out problem)
            || !TryReadList("Reply-To", MailboxLimit.ReplyTo, out var replyTo, out problem)
            || !TryReadOne("Sender", out var sender, out problem))
        {
            return false;
        }

        addresses = new MessageAddresses
        {
            From = from,
            To = to,
            Cc = cc,
            Bcc = bcc,
            ReturnPath = returnPath,
            ReplyTo = replyTo,
            Sender = sender,
        };
        return true;
    }

    /// <summary>
    /// Checks all that SES checks of a raw message besides its addresses and its size (SES Developer Guide, "Sending raw email"), and that
    /// it holds no more than <see cref="MessageLimits"/> allow and nothing that SMTP cannot carry.
    /// </summary>
    /// <param name="hasSource">The call names a Source, which stands in for a missing From.</param>
    /// <param name="hasDestinations">The call names its recipients, so that To may be missing.</param>
    /// <param name="problem">What is wrong, as SES says it where that is known.</param>
    public bool TryCheck(bool hasSource, bool hasDestinations, [NotNullWhen(false)] out string? problem)
    {
        problem = RequiredProblem("From", hasSource) ?? RequiredProblem("To", hasDestinations) ?? AuthorProblem();
        if (problem is null && MessageHeaders.FirstDuplicate(Fields) is { } duplicate)
        {
            problem = $"Duplicate header '{duplicate}'.";
        }

        // RFC 5322 §2.1 and RFC 2045 §2.8: neither 7-bit nor 8-bit text has it. RFC 3030 could carry it, which we do not speak.
        problem ??= Body.Span.Contains((byte)0) ? "Message contains a NUL character. Encode the part that has it with base64." : null;
        return problem is null && MimeStructure.TryCheck(Fields, Body, out problem);
    }

    /// <summary>
    /// The message as it goes out: Message-ID and Date replaced in their places (on top when they were missing), a missing From taken from
    /// <paramref name="source"/>, and Bcc, Return-Path and the <c>X-SES-</c> fields that are meant for SES taken out. Every other byte
    /// stays.
    /// </summary>
    /// <exception cref="ArgumentException">There is neither a From field nor a source.</exception>
    public ReadOnlyMemory<byte> ToOutgoing(MessageStamp stamp, Mailbox? source)
    {
        var added = new HeaderWriter();
        if (Value(MessageStamp.DateField) is null)
        {
            added.Add(MessageStamp.DateField, stamp.Date);
        }

        if (Value("From") is null)
        {
            added.Add("From", [source ?? throw new ArgumentException("a message needs a From", nameof(source))]);
        }

        if (Value(MessageStamp.MessageIdField) is null)
        {
            added.Add(MessageStamp.MessageIdField, stamp.MessageId);
        }

        var output = new ArrayBufferWriter<byte>(headerSize + 512);
        Encoding.ASCII.GetBytes(added.ToString(), output);
        foreach (var field in Fields.Where(f => !MessageHeaders.IsRemoved(f)))
        {
            Write(output, field, stamp);
        }

        output.Write("\r\n"u8);
        var message = GC.AllocateUninitializedArray<byte>(output.WrittenCount + Body.Length);
        output.WrittenSpan.CopyTo(message);
        Body.Span.CopyTo(message.AsSpan(output.WrittenCount));
        return message;
    }

    private static void Write(ArrayBufferWriter<byte> output, HeaderField field, MessageStamp stamp)
    {
        var replacement = field.Is(MessageStamp.DateField) ? stamp.Date
            : field.Is(MessageStamp.MessageIdField) ? stamp.MessageId
            : null;
        if (replacement is not null)
        {
            Encoding.ASCII.GetBytes(new HeaderWriter().Add(field.Name, replacement).ToString(), output);
            return;
        }

        output.Write(field.Bytes.Span);
        if (!field.Bytes.Span.EndsWith("\r\n"u8))
        {
            output.Write("\r\n"u8);
        }
    }

    // RFC 5322 §3.6.2: a From of an empty group would go out although nobody was asked about it. To may be one.
    private string? AuthorProblem() =>
        Value("From") is { } from && Mailbox.TryParseList(from, out var authors, out _) && authors.Count == 0
            ? "Header 'From' names nobody. Give it a mailbox instead of an empty group."
            : null;

    private string? RequiredProblem(string name, bool mayBeMissing) => Value(name) switch
    {
        null when !mayBeMissing => $"Missing required header '{name}'.",
        "" => $"Empty required header '{name}'.",
        _ => null,
    };

    private bool TryReadList(
        string name,
        MailboxLimit? limit,
        [NotNullWhen(true)] out IReadOnlyList<Mailbox>? mailboxes,
        [NotNullWhen(false)] out string? problem)
    {
        List<Mailbox> all = [];
        mailboxes = null;
        foreach (var field in Fields.Where(f => f.Is(name)))
        {
            if (!Mailbox.TryParseList(field.Value, limit, out var some, out problem))
            {
                return false;
            }

            all.AddRange(some);
        }

        mailboxes = all;
        problem = null;
        return true;
    }

    private bool TryReadOne(string name, out Mailbox? mailbox, [NotNullWhen(false)] out string? problem)
    {
        mailbox = null;
        problem = null;
        return Value(name) is not { } value || Mailbox.TryParse(value, out mailbox, out problem);
    }
}
