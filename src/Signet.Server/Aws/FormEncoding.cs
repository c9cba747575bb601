using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Signet.Server.Aws;

/// <summary>One name and value of a query string or form body: decoded, well-formed UTF-8.</summary>
internal readonly record struct FormPair(ReadOnlyMemory<byte> Name, Memory<byte> Value);

/// <summary>
/// <c>application/x-www-form-urlencoded</c>: percent-encoded UTF-8, <c>+</c> for a space. Decoding is strict, because a lenient
/// one would let the same bytes mean one thing to a signature and another to an action.
/// </summary>
internal static class FormEncoding
{
    /// <summary>
    /// A request has one pair per value; the largest of the API, a bulk send, stays far below. Bounds the memory that small pairs cost.
    /// </summary>
    public const int MaxPairs = 10_000;

    /// <summary>Decodes all pairs in their order. Empty segments (<c>a=1&amp;&amp;b=2</c>) are skipped; a name alone has an empty value.</summary>
    /// <exception cref="AwsException">MalformedQueryString, or InvalidQueryParameter for too many pairs.</exception>
    public static List<FormPair> Decode(ReadOnlySpan<byte> form) => DecodeInPlace(form.ToArray());

    /// <summary>The same, over the form itself, which may be large: the pairs lie where it was.</summary>
    /// <exception cref="AwsException">As <see cref="Decode"/>; the form is destroyed then.</exception>
    public static List<FormPair> DecodeInPlace(Memory<byte> text)
    {
        // Decoded text is never longer than encoded text: what is written is always behind what is still to be read.
        ReadOnlySpan<byte> form = text.Span;
        var used = 0;
        List<FormPair> pairs = [];
        foreach (var range in form.Split((byte)'&'))
        {
            var segment = form[range];
            if (segment.IsEmpty)
            {
                continue;
            }

            if (pairs.Count == MaxPairs)
            {
                throw new AwsException(AwsError.InvalidQueryParameter($"A request may have {MaxPairs} parameters at most."));
            }

            var equals = segment.IndexOf((byte)'=');
            var name = equals < 0 ? segment : segment[..equals];
            var value = equals < 0 ? default : segment[(equals + 1)..];
            pairs.Add(new FormPair(DecodePart(name, text, ref used), DecodePart(value, text, ref used)));
        }

        return pairs;
    }

    /// <summary>Appends the bytes with all but RFC 3986's unreserved characters percent-encoded, in upper case, as SigV4 has it.</summary>
    public static void AppendEncoded(StringBuilder to, ReadOnlySpan<byte> bytes, bool keepSlashes = false)
    {
        foreach (var b in bytes)
        {
            var c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~' || (keepSlashes && c == '/'))
            {
                to.Append(c);
            }
            else
            {
                to.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            }
        }
    }

    private static Memory<byte> DecodePart(ReadOnlySpan<byte> part, Memory<byte> buffer, ref int used)
    {
        var start = used;
        var text = buffer.Span;
        while (!part.IsEmpty)
        {
            var plain = part.IndexOfAny((byte)'+', (byte)'%') is var escape && escape < 0 ? part.Length : escape;
            part[..plain].CopyTo(text[used..]);
            used += plain;
            part = part[plain..];
            if (!part.IsEmpty)
            {
                var isBlank = part[0] == (byte)'+';
                text[used++] = isBlank ? (byte)' ' : Octet(part);
                part = part[(isBlank ? 1 : 3)..];
            }
        }

        var decoded = buffer[start..used];
        return Utf8.IsValid(decoded.Span)
            ? decoded
            : throw new AwsException(AwsError.MalformedQueryString("The parameters are not valid UTF-8."));
    }

    private static byte Octet(ReadOnlySpan<byte> escape) =>
        escape.Length >= 3 && Utf8Parser.TryParse(escape.Slice(1, 2), out byte octet, out var read, 'x') && read == 2
            ? octet
            : throw new AwsException(AwsError.MalformedQueryString("A percent sign must be followed by two hexadecimal digits."));
}
