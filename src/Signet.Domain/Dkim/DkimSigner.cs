using System.Buffers;
using System.Globalization;
using System.Text;
using Signet.Messages;

namespace Signet.Dkim;

/// <summary>
/// Makes DKIM signatures (RFC 6376) as SES does: rsa-sha256, relaxed headers, simple body. It reads the message's bytes and writes
/// none of them, so what is signed is what was stored. Pure but for the key's arithmetic.
/// </summary>
public static class DkimSigner
{
    private const int LineLength = 76;

    // Fields whose modification would mislead a reader or a mailbox provider (RFC 6376 §5.4.1). Those that name the sender and the subject
    // are oversigned, so that another one cannot be added.
    private static readonly string[] Signed =
    [
        "From", "Sender", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version",
        "Content-Type", "Content-Transfer-Encoding", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID",
    ];

    private static readonly HashSet<string> Oversigned = new(StringComparer.OrdinalIgnoreCase) { "From", "To", "Subject", "Date" };

    /// <summary>The signature fields to put on top of the message, one for each key in their order, with their line ends.</summary>
    /// <param name="message">CRLF line ends, header first; its last line may lack the line end that SMTP gives it.</param>
    /// <param name="layout">Where its fields and its body are.</param>
    /// <param name="keys">Whom it is signed for.</param>
    /// <param name="at">The <c>t=</c> of the signatures.</param>
    /// <exception cref="ArgumentException">The message has another layout.</exception>
    public static byte[] Sign(ReadOnlyMemory<byte> message, MessageLayout layout, IReadOnlyList<SigningKey> keys, DateTimeOffset at)
    {
        if (keys.Count == 0)
        {
            return [];
        }

        var bodyHash = Convert.ToBase64String(DkimCanonicalization.HashBody(layout.Body(message).Span));
        var (names, headers) = Headers(layout.Fields(message));
        var fields = new StringBuilder();
        foreach (var key in keys)
        {
            fields.Append(Field(key, at, names, bodyHash, headers));
        }

        return Encoding.ASCII.GetBytes(fields.ToString());
    }

    /// <summary>The names of the signed fields, and their canonical forms one below the other.</summary>
    private static (IReadOnlyList<string> Names, ReadOnlyMemory<byte> Canonical) Headers(IReadOnlyList<HeaderField> fields)
    {
        List<string> names = [];
        var canonical = new ArrayBufferWriter<byte>(4096);
        foreach (var name in Signed)
        {
            // A verifier takes fields of one name from the bottom up (RFC 6376 §5.4.2).
            foreach (var field in fields.Where(f => f.Is(name)).Reverse())
            {
                names.Add(name);
                DkimCanonicalization.WriteHeader(field.Bytes.Span, canonical);
                canonical.Write("\r\n"u8);
            }

            if (Oversigned.Contains(name))
            {
                names.Add(name);
            }
        }

        return (names, canonical.WrittenMemory);
    }

    private static string Field(SigningKey key, DateTimeOffset at, IReadOnlyList<string> names, string bodyHash, ReadOnlyMemory<byte> headers)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var text = new StringBuilder("DKIM-Signature: v=1; a=rsa-sha256; q=dns/txt; c=relaxed/simple;");
        text.Append(CultureInfo.InvariantCulture, $"\r\n\ts={key.Selector}; d={key.Domain}; t={time};\r\n\th=");
        AppendNames(text, names);
        text.Append(CultureInfo.InvariantCulture, $";\r\n\tbh={bodyHash};\r\n\tb=");

        // The signature covers its own field with an empty b= (RFC 6376 §3.7).
        var signed = new ArrayBufferWriter<byte>(headers.Length + text.Length);
        signed.Write(headers.Span);
        DkimCanonicalization.WriteHeader(Encoding.ASCII.GetBytes(text.ToString()), signed);
        AppendFolded(text, Convert.ToBase64String(key.Sign(signed.WrittenSpan)));
        return text.Append("\r\n").ToString();
    }

    private static void AppendNames(StringBuilder text, IReadOnlyList<string> names)
    {
        var line = "\th=".Length;
        for (var i = 0; i < names.Count; i++)
        {
            if (i > 0)
            {
                text.Append(':');
                line++;
                if (line + names[i].Length >= LineLength)
                {
                    text.Append("\r\n\t");
                    line = 1;
                }
            }

            text.Append(names[i]);
            line += names[i].Length;
        }
    }

    private static void AppendFolded(StringBuilder text, string base64)
    {
        for (var i = 0; i < base64.Length; i += LineLength - 4)
        {
            text.Append(i > 0 ? "\r\n\t" : "").Append(base64.AsSpan(i, Math.Min(LineLength - 4, base64.Length - i)));
        }
    }
}
