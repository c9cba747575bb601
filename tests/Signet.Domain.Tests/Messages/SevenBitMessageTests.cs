using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using MimeKit;
using Signet.Messages;

namespace Signet.Tests.Messages;

/// <summary>
/// Messages made 7-bit. A case file is a message; the file of the same name that ends in <c>.out</c> is what is sent instead, or why
/// nothing is. What a reader sees of it is the same, unless its name begins with <c>differs-</c>.
/// </summary>
public sealed partial class SevenBitMessageTests
{
    public static TheoryData<string> Cases() => Golden.Names(Golden.Folder("SevenBit"), "*.eml");

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_message_is_made_7_bit(string file)
    {
        var path = Path.Combine(Golden.Folder("SevenBit"), file);
        var message = File.ReadAllBytes(path);

        var problem = SevenBitMessage.Convert(message, out var converted);

        Golden.Matches(Path.ChangeExtension(path, ".out"), problem == SevenBitProblem.None ? converted.ToArray() : Encoding.ASCII.GetBytes($"{problem}\n"));
        if (problem == SevenBitProblem.None)
        {
            CheckConversion(message, converted, seenTheSame: !file.StartsWith("differs-", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Whatever_the_parts_are_a_reader_sees_the_same() => Messages.Sample(
        text =>
        {
            var message = Encoding.Latin1.GetBytes(text);

            Assert.Equal(SevenBitProblem.None, SevenBitMessage.Convert(message, out var converted));

            CheckConversion(message, converted, seenTheSame: true);
        },
        iter: 500);

    [Fact]
    public void Whatever_the_bytes_are_what_comes_out_is_7_bit() => Gen.OneOf(
            Gen.Const("--b\r\n"), Gen.Const("--c--\r\n"), Gen.Const("--b--\r\n"), Gen.Const("\r\n"), Gen.Const("Content-Type: multipart/mixed; boundary=b\r\n"),
            Gen.Const("Content-Type: multipart/mixed; boundary=c\r\n"), Gen.Const("Content-Type: message/rfc822\r\n"), Gen.Const("Content-Type: \u00e9\r\n"),
            Gen.Const("Content-Transfer-Encoding: base64\r\n"), Gen.Const("Content-Transfer-Encoding: quoted-printable\r\n"), Gen.Const("Subject: \u00e9\r\n"),
            Gen.Const("\u00e9=\r\n"), Gen.Const("\u00e9\u0000: \u00e9\r\n"), Gen.Const("a b: \u00e9\r\n"), Gen.Const("From: \u00e9 <a@b>, ;:\r\n"), Gen.Const(" folded\r\n"),
            Gen.Const("Content-Disposition: attachment; filename*0*=x'\u00e9\r\n"))
        .Array[0, 25].Sample(
            lines =>
            {
                var problem = SevenBitMessage.Convert(Encoding.Latin1.GetBytes(string.Concat(lines)), out var converted);

                Assert.True(Ascii.IsValid(converted.Span));
                Assert.True(problem == SevenBitProblem.None || converted.IsEmpty);
            },
            iter: 5_000);

    [Theory]
    [InlineData("message/rfc822")]
    [InlineData("multipart/mixed; boundary=b")]
    public void Depth_costs_no_stack(string type)
    {
        var message = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat($"Content-Type: {type}\r\n\r\n--b\r\n", 50_000)) + "\u00e9");

        Assert.NotEqual(SevenBitProblem.SignedPart, SevenBitMessage.Convert(message, out _));
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.OneOf([.. texts.Select(Gen.Const)]);

    private static Gen<string> Body { get; } = Gen.OneOf(
            Gen.Const("Gr\u00fc\u00dfe\r\n"), Gen.Const("plain\r\n"), Gen.Const("\r\n"), Gen.Const("blanks  \t\r\n"), Gen.Const("=3D = \u00ff\r\n"), Gen.Const(".\r\n"),
            Gen.Const("From here\r\n"), Gen.Const("-- \r\n"), Gen.Const("no end \u00e9"), Gen.Const("\u0001\u007f\u0080"), Gen.Const(new string('\u00e9', 300) + "\r\n"),
            Gen.Const(new string('x', 200) + "\u00e9" + new string('y', 700) + "\r\n"))
        .Array[0, 6].Select(lines => string.Concat(lines));

    private static Gen<string> Leaf { get; } = Gen.Select(
        OneOf("text/plain; charset=iso-8859-1", "text/html; charset=iso-8859-1", "application/pdf", "image/png; name=x.png"),
        OneOf("", "Content-Transfer-Encoding: 8bit\r\n", "Content-Transfer-Encoding: binary\r\n", "Content-Transfer-Encoding: 7bit\r\n"),
        OneOf("", "Content-ID: <1@shop.test>\r\n", "Content-Disposition: attachment; filename=\"b\u00e9.txt\"\r\n", "Content-Description: b\u00e9\r\n"),
        Body,
        (type, encoding, other, body) => $"{other}Content-Type: {type}\r\n{encoding}\r\n{body}");

    private static Gen<string> Messages { get; } = Gen.Select(
        OneOf("", "Subject: Gr\u00fc\u00dfe\r\n", "MIME-Version: 1.0\r\nSubject: x\r\n"), Entity(3), (fields, entity) => $"From: a@shop.test\r\n{fields}{entity}");

    private static Gen<string> Entity(int depth) => depth == 0 ? Leaf : Gen.Frequency(
        (2, Leaf),
        (3, Gen.Select(
            Entity(depth - 1).Array[1, 3],
            OneOf("mixed", "alternative", "related"),
            OneOf("", "Content-Transfer-Encoding: 8bit\r\n"),
            (parts, subtype, encoding) => Multipart(depth, parts, subtype, encoding))),
        (1, Gen.Select(
            Entity(depth - 1),
            OneOf("", "Content-Transfer-Encoding: 8bit\r\n"),
            (entity, encoding) => $"Content-Type: message/rfc822\r\n{encoding}\r\nSubject: inside \u00e9\r\n{entity}")));

    private static string Multipart(int depth, string[] parts, string subtype, string encoding)
    {
        var boundary = string.Create(CultureInfo.InvariantCulture, $"level-{depth}");
        var text = new StringBuilder($"Content-Type: multipart/{subtype}; boundary=\"{boundary}\"\r\n{encoding}\r\n");
        foreach (var part in parts)
        {
            text.Append(CultureInfo.InvariantCulture, $"--{boundary}\r\n{part}\r\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"--{boundary}--\r\n").ToString();
    }

    /// <summary>7-bit, of lines that SMTP can carry, not to be changed again, and the same to who reads it.</summary>
    private static void CheckConversion(byte[] message, ReadOnlyMemory<byte> converted, bool seenTheSame)
    {
        var text = Encoding.Latin1.GetString(converted.Span);
        Assert.True(Ascii.IsValid(converted.Span));
        Assert.All(text.Split("\r\n"), line => Assert.InRange(line.Length, 0, 998));
        Assert.DoesNotMatch(BareLineEnd(), text);
        Assert.Equal(SevenBitProblem.None, SevenBitMessage.Convert(converted, out var again));
        Assert.Equal(text, Encoding.Latin1.GetString(again.Span));
        if (seenTheSame)
        {
            Assert.Equal(Seen(message), Seen(converted.ToArray()));
        }
    }

    private static List<string> Seen(byte[] message)
    {
        List<string> seen = [];
        var read = MimeMessage.Load(new MemoryStream(message));
        Add("", read.Headers);
        Add("", read.Body);
        return seen;

        void Add(string path, object? entity)
        {
            switch (entity)
            {
                case HeaderList headers:
                    seen.AddRange(headers
                        .Where(h => h.Id is not (HeaderId.ContentTransferEncoding or HeaderId.MimeVersion or HeaderId.ContentType or HeaderId.ContentDisposition))
                        .Select(h => $"{path} {h.Field}: {Blanks().Replace(h.Value.Replace("\"", "", StringComparison.Ordinal), " ").Trim()}"));
                    break;
                case Multipart multipart:
                    seen.Add($"{path} {multipart.ContentType.MimeType} {multipart.Count}");
                    foreach (var (index, part) in multipart.Index())
                    {
                        Add(path, part.Headers);
                        Add($"{path}.{index}", part);
                    }

                    break;
                case MessagePart { Message: { } inner }:
                    Add($"{path}.message", inner.Headers);
                    Add($"{path}.message", inner.Body);
                    break;
                case MimePart part:
                    using (var content = new MemoryStream())
                    {
                        part.Content?.DecodeTo(content);
                        seen.Add($"{path} {part.ContentType.MimeType} {part.ContentType.Charset} {part.FileName} {part.ContentDisposition?.Disposition} {Encoding.Latin1.GetString(content.ToArray())}");
                    }

                    break;
            }
        }
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex("(?<!\r)\n|\r(?!\n)")]
    private static partial Regex BareLineEnd();
}
