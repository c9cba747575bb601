using System.Text;
using System.Text.Json;
using CsCheck;
using MimeKit;
using Signet.Addresses;
using Signet.Messages;
using TextPart = Signet.Messages.TextPart;

namespace Signet.Tests.Messages;

public sealed class MessageComposerTests
{
    private static readonly string Cases = Golden.Folder("Compose");

    public static TheoryData<string> Names() => Golden.Names(Cases, "*.json");

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_is_composed_as_the_file_beside_the_case_shows(string name)
    {
        var parts = Read(name);

        var message = MessageComposer.Compose(parts, Stamps.Fixed);

        Golden.Matches(Path.ChangeExtension(Path.Combine(Cases, name), ".eml"), message.Span);
        AssertFit(message.Span);
        AssertSays(parts, message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_composed_message_passes_the_checks_of_a_raw_one(string name)
    {
        var message = MessageComposer.Compose(Read(name), Stamps.Fixed);

        Assert.True(RawMessage.TryRead(message, out var raw, out var problem), problem);
        Assert.True(raw.TryReadAddresses(out _, out problem), problem);
        Assert.True(raw.TryCheck(hasSource: false, hasDestinations: true, out problem), problem);
        Assert.True(raw.ToOutgoing(Stamps.Fixed, null).Span.SequenceEqual(message.Span));
    }

    [Fact]
    public void Any_text_arrives_as_it_was_given()
    {
        Assert.True(Charset.TryFind("iso-2022-jp", out var japanese));
        Assert.True(Charset.TryFind("utf-16", out var utf16));
        Assert.True(Charset.TryFind("iso-8859-1", out var latin1));
        Assert.True(Charset.TryFind("us-ascii", out var ascii));
        Charset?[] charsets = [null, latin1, Charset.Utf8, ascii, japanese, utf16];
        var text = Gen.Select(
            Gen.String[Gen.Char["ab =?_.\t\n\u00e9\u20ac\u65e5\0-"], 0, 300],
            Gen.Int[0, charsets.Length - 1],
            Gen.Int[-2000, 2000]).Select((t, charset, tail) => new TextPart(t + new string('x', Math.Max(0, tail)), charsets[charset]));

        Gen.Select(text, text.Null(), text).Sample((subject, plain, html) =>
        {
            var parts = Parts("x@d.test", "y@d.test") with { Subject = subject, Text = plain, Html = html };

            var message = MessageComposer.Compose(parts, Stamps.Fixed);

            AssertFit(message.Span);
            AssertSays(parts, message);
        });
    }

    [Fact]
    public void A_subject_never_ends_its_line()
    {
        var parts = Parts("x@d.test", "y@d.test") with { Subject = new TextPart("a\r\nBcc: z@d.test\0\n\n", null) };

        var message = Encoding.ASCII.GetString(MessageComposer.Compose(parts, Stamps.Fixed).Span);

        Assert.Contains("\r\nSubject: a  Bcc: z@d.test\r\n", message, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\nBcc:", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_boundary_that_a_body_holds_is_not_used()
    {
        var parts = Parts("x@d.test", "y@d.test") with { Html = new TextPart("<p>", null) };
        var boundary = Boundary(MessageComposer.Compose(parts, Stamps.Fixed));

        var message = MessageComposer.Compose(parts with { Text = new TextPart($"--{boundary}--", null) }, Stamps.Fixed);

        Assert.NotEqual(boundary, Boundary(message));
        Assert.Equal($"--{boundary}--", Load(message).TextBody?.TrimEnd());
    }

    [Fact]
    public void A_mailbox_that_ses_would_refuse_for_its_length_is_not_written()
    {
        var parts = Parts($"{new string('x', 320)}@d.test", "y@d.test");

        Assert.Throws<ArgumentException>(() => MessageComposer.Compose(parts, Stamps.Fixed));
    }

    [Fact]
    public void A_message_needs_a_body()
    {
        var parts = Parts("x@d.test", "y@d.test") with { Text = null };

        Assert.Throws<ArgumentException>(() => MessageComposer.Compose(parts, Stamps.Fixed));
    }

    private static MessageParts Parts(string from, string to) => new()
    {
        From = Parse(from),
        To = [Parse(to)],
        Subject = new TextPart("Hello", null),
        Text = new TextPart("Hello", null),
    };

    private static Mailbox Parse(string text)
    {
        Assert.True(Mailbox.TryParse(text, out var mailbox, out var problem), problem);
        return mailbox;
    }

    private static MessageParts Read(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Cases, name)));
        var root = json.RootElement;
        return new MessageParts
        {
            From = Parse(root.GetProperty("from").GetString()!),
            ReplyTo = List("replyTo"),
            To = List("to"),
            Cc = List("cc"),
            Subject = Text("subject")!,
            Text = Text("text"),
            Html = Text("html"),
        };

        List<Mailbox> List(string property) =>
            root.TryGetProperty(property, out var list) ? [.. list.EnumerateArray().Select(m => Parse(m.GetString()!))] : [];

        TextPart? Text(string property)
        {
            if (!root.TryGetProperty(property, out var data))
            {
                return null;
            }

            Charset? charset = null;
            if (root.TryGetProperty(property + "Charset", out var charsetName))
            {
                Assert.True(Charset.TryFind(charsetName.GetString(), out charset));
            }

            return new TextPart(data.GetString()!, charset);
        }
    }

    /// <summary>7-bit, CRLF, lines as long as SMTP allows and as short as headers and encodings should be.</summary>
    private static void AssertFit(ReadOnlySpan<byte> message)
    {
        var text = Encoding.ASCII.GetString(message);
        Assert.True(Ascii.IsValid(message));
        Assert.DoesNotContain('\0', text);
        Assert.All(text.Split("\r\n"), line =>
        {
            Assert.DoesNotContain('\r', line);
            Assert.DoesNotContain('\n', line);
            Assert.InRange(line.Length, 0, 998);
        });
        var header = text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        Assert.All(header.Split("\r\n"), line => Assert.True(line.Length <= 76 || !HasPlaceToFold(line), line));

        static bool HasPlaceToFold(string line) =>
            line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..].TrimStart().Contains(' ', StringComparison.Ordinal);
    }

    /// <summary>An independent reader finds in the message what was put into it.</summary>
    private static void AssertSays(MessageParts parts, ReadOnlyMemory<byte> message)
    {
        var read = Load(message);
        Assert.True(RawMessage.TryRead(message, out var raw, out var problem), problem);
        Assert.True(raw.TryReadAddresses(out var addresses, out problem), problem);

        Assert.Equal(Names([parts.From]), Names(addresses.From));
        Assert.Equal(Names(parts.ReplyTo), Names(addresses.ReplyTo));
        Assert.Equal(Names(parts.To), Names(addresses.To));
        Assert.Equal(Names(parts.Cc), Names(addresses.Cc));
        Assert.Equal(parts.To.Select(m => m.Address.ToString()), read.To.Mailboxes.Select(m => m.Address.ToLowerInvariant()));
        if (!parts.Subject.Data.Contains("=?", StringComparison.Ordinal))
        {
            Assert.Equal(Clean(parts.Subject.Data), raw.Subject);
            Assert.Equal(Words(parts.Subject.Data), Words(read.Subject ?? ""));
        }

        Assert.Equal(Lines(parts.Text?.Data), Lines(read.TextBody));
        Assert.Equal(Lines(parts.Html?.Data), Lines(read.HtmlBody));

        static IEnumerable<(string?, EmailAddress)> Names(IEnumerable<Mailbox> list) => list.Select(m => (m.DisplayName, m.Address));
        static string Clean(string text) => new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]).Trim();
        static string Words(string text) => string.Join(' ', Clean(text).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        static string? Lines(string? text) =>
            text?.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
    }

    private static string Boundary(ReadOnlyMemory<byte> message) => Assert.IsType<MultipartAlternative>(Load(message).Body).Boundary!;

    private static MimeMessage Load(ReadOnlyMemory<byte> message)
    {
        using var stream = new MemoryStream(message.ToArray());
        return MimeMessage.Load(stream, TestContext.Current.CancellationToken);
    }
}
