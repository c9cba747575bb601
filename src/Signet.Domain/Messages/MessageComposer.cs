using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Signet.Messages;

/// <summary>
/// Makes the message of a SendEmail call, in the shape SES gives it: header fields in JavaMail's order, one body
/// or a <c>multipart/alternative</c>. The result is 7-bit, has CRLF line ends and needs no more than to be signed.
/// </summary>
public static class MessageComposer
{
    /// <summary>Composes. The same parts and stamp give the same bytes.</summary>
    /// <exception cref="ArgumentException">There is no body, or a mailbox is longer than SES allows.</exception>
    public static ReadOnlyMemory<byte> Compose(MessageParts parts, MessageStamp stamp)
    {
        if (new[] { parts.From }.Concat(parts.ReplyTo).Concat(parts.To).Concat(parts.Cc).Any(m => m.LengthProblem() is not null))
        {
            throw new ArgumentException("a mailbox is too long", nameof(parts));
        }

        var text = parts.Text is null ? null : BodyPart.Of("plain", parts.Text);
        var html = parts.Html is null ? null : BodyPart.Of("html", parts.Html);
        var header = new HeaderWriter()
            .Add(MessageStamp.DateField, stamp.Date)
            .Add("From", [parts.From])
            .Add("Reply-To", parts.ReplyTo)
            .Add("To", parts.To)
            .Add("Cc", parts.Cc)
            .Add(MessageStamp.MessageIdField, stamp.MessageId)
            .AddText("Subject", parts.Subject)
            .Add("MIME-Version", "1.0");

        if (text is not null && html is not null)
        {
            var boundary = Boundary(stamp, text, html);
            header.Add("Content-Type", $"multipart/alternative; boundary=\"{boundary}\"");

            // The line ends before a delimiter belong to it (RFC 2046 §5.1.1).
            return (byte[])
            [
                .. Ascii($"{header}\r\n{PartHead(boundary, text)}"), .. text.Content,
                .. Ascii($"\r\n{PartHead(boundary, html)}"), .. html.Content,
                .. Ascii($"\r\n--{boundary}--\r\n"),
            ];
        }

        // Nothing follows the text: a reader gets what the caller gave. SMTP ends the last line by itself.
        var only = text ?? html ?? throw new ArgumentException("a message needs a body", nameof(parts));
        return (byte[])[.. Ascii($"{AddFields(header, only)}\r\n"), .. only.Content];
    }

    private static HeaderWriter AddFields(HeaderWriter header, BodyPart part) =>
        header.Add("Content-Type", part.ContentType).Add("Content-Transfer-Encoding", part.TransferEncoding);

    private static string PartHead(string boundary, BodyPart part) => $"--{boundary}\r\n{AddFields(new HeaderWriter(), part)}\r\n";

    // JavaMail's form; the numbers come from the stamp, so that a message can be composed again to the byte.
    private static string Boundary(MessageStamp stamp, BodyPart text, BodyPart html)
    {
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(stamp.Id.Value));
        var number = BinaryPrimitives.ReadUInt32BigEndian(hash) % 1_000_000;
        while (true)
        {
            var boundary = string.Create(
                CultureInfo.InvariantCulture,
                $"----=_Part_{number}_{BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(4))}.{stamp.AcceptedAt.ToUnixTimeMilliseconds()}");
            var bytes = Ascii(boundary);
            if (text.Content.AsSpan().IndexOf(bytes) < 0 && html.Content.AsSpan().IndexOf(bytes) < 0)
            {
                return boundary;
            }

            number++;
        }
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
