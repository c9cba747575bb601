using System.Text;
using Signet.Messages;
using Signet.Tests.Messages;
using Signet.Viewing;

namespace Signet.Tests.Viewing;

public sealed class MessageViewTests
{
    [Fact]
    public void A_plain_message_shows_its_text_and_addresses()
    {
        var view = Read(
            """
            From: a@example.com
            To: =?utf-8?q?J=C3=B6rg?= <b@example.com>, c@example.com, "Co, Inc" <i@example.com>
            Cc: d@example.com
            Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            sch=C3=B6n
            """);

        Assert.Equal(["Jörg <b@example.com>", "c@example.com", "\"Co, Inc\" <i@example.com>"], view.To);
        Assert.Equal(["d@example.com"], view.Cc);
        Assert.Equal("schön", view.Text?.TrimEnd());
        Assert.Null(view.Html);
        Assert.Empty(view.Attachments);
        Assert.Contains(new HeaderView("Subject", "Grüße"), view.Headers);
    }

    [Fact]
    public void Text_in_a_charset_that_only_code_pages_know_is_decoded()
    {
        var view = Read(
            """
            From: a@example.com
            Subject: =?iso-2022-jp?b?GyRCRnxLXBsoQg==?=
            Content-Type: text/plain; charset=iso-2022-jp
            Content-Transfer-Encoding: base64

            GyRCRnxLXBsoQg==
            """);

        Assert.Equal("日本", view.Text);
        Assert.Contains(new HeaderView("Subject", "日本"), view.Headers);
    }

    [Fact]
    public void Both_bodies_and_the_attachments_are_found_in_a_nested_message()
    {
        var view = Read(
            """
            From: a@example.com
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=out

            --out
            Content-Type: multipart/alternative; boundary=in

            --in
            Content-Type: text/plain

            text
            --in
            Content-Type: text/html

            <b>html</b>
            --in--
            --out
            Content-Type: image/png
            Content-ID: <logo@example.com>
            Content-Transfer-Encoding: base64

            AAEC
            --out
            Content-Type: text/plain; name="notes.txt"
            Content-Disposition: attachment; filename="notes.txt"

            attached
            --out--
            """);

        Assert.Equal("text", view.Text);
        Assert.Equal("<b>html</b>", view.Html);
        Assert.Equal(
            [
                new AttachmentView(null, "image/png", 3, "logo@example.com", Inline: true),
                new AttachmentView("notes.txt", "text/plain", 8, null, Inline: false),
            ],
            view.Attachments);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0")]
    [InlineData("no header at all")]
    [InlineData("Content-Type: multipart/mixed\r\n\r\nno boundary")]
    public void Whatever_the_bytes_are_there_is_a_view(string content) =>
        Assert.Null(MessageView.Read(Encoding.Latin1.GetBytes(content)).Html);

    [Fact]
    public void A_view_of_a_message_of_too_many_parts_has_the_first_of_them_and_says_so()
    {
        var view = MessageView.Read(ManyParts.In("multipart/mixed", 300_000));

        Assert.False(view.IsWhole);
        Assert.Equal("x", view.Text);
        Assert.Equal(MessageLimits.MaxParts - 1, view.Attachments.Count);
        Assert.True(MessageView.Read(ManyParts.In("multipart/mixed", MessageLimits.MaxParts)).IsWhole);
    }

    [Fact]
    public void A_header_that_names_thousands_shows_the_first_of_them()
    {
        var view = Read($"To: {string.Join(",\n ", Enumerable.Range(0, 5000).Select(i => $"a{i}@example.com"))}\n\ntext");

        Assert.Equal(1000, view.To.Count);
        Assert.Equal("a999@example.com", view.To[^1]);
    }

    [Fact]
    public void A_header_as_large_as_is_accepted_is_read_whole()
    {
        var fields = string.Concat(Enumerable.Range(0, 90).Select(i => $"X-{i}: {new string('v', 900)}\r\n {new string('w', 900)}\r\n {new string('z', 900)}\r\n"));

        var view = MessageView.Read(Encoding.ASCII.GetBytes($"From: a@example.com\r\n{fields}\r\ntext"));

        Assert.Equal((91, "text", true), (view.Headers.Count, view.Text, view.IsWhole));
    }

    [Theory]
    [InlineData("SGVsbG8", "Hello")]
    [InlineData("SGVsbA", "Hell")]
    [InlineData("SGVs", "Hel")]
    [InlineData("SGVsbG8=", "Hello")]
    [InlineData("SGVsb\r\nG8\r\n", "Hello")]
    [InlineData("SGVsbG8=\r\nx", "Hello")]
    public void Base64_without_its_padding_is_whole_in_text_size_and_download(string encoded, string text)
    {
        var message = Encoding.ASCII.GetBytes(
            $"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n--b\r\n"
                + $"Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n--b--\r\n");

        var view = MessageView.Read(message);

        Assert.Equal(text, view.Text);
        Assert.Equal(text.Length, Assert.Single(view.Attachments).Size);
        Assert.Equal([text.Length, text.Length], MimeTree.Read(message).Children.Select(c => (int)c.Size));
        Assert.Equal(text, Encoding.ASCII.GetString(MimeTree.OpenPart(message, "2")!.Bytes));
    }

    [Fact]
    public void An_encoded_word_without_its_padding_is_decoded() =>
        Assert.Contains(new HeaderView("Subject", "é"), Read("Subject: =?utf-8?b?w6k?=\n\nx").Headers);

    [Fact]
    public void All_header_fields_are_shown_in_their_order()
    {
        var view = Read("From: a@example.com\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nno field\nContent-Language: de\nX-Last: 1\n\n<p>x");

        Assert.Equal(["From", "MIME-Version", "Content-Type", "Content-Language", "X-Last"], view.Headers.Select(h => h.Name));
        Assert.Equal("text/html; charset=utf-8", view.Headers[2].Value);
    }

    [Theory]
    [InlineData("us-ascii", "8bit", "Gr\u00fc\u00dfe", "utf-8")]
    [InlineData("us-ascii", "8bit", "Gr\u00fc\u00dfe \u201cnow\u201d", "windows-1252")]
    [InlineData("no-such-charset", "8bit", "Gr\u00fc\u00dfe", "utf-8")]
    [InlineData("no-such-charset", "8bit", "\u201cnow\u201d", "windows-1252")]
    [InlineData("utf-16", "base64", "Hi", "utf-16BE")]
    [InlineData("utf-16", "base64", "\ufeffHi", "utf-16")]
    [InlineData("utf-8", "base64", "\ufeffHi", "utf-8")]
    [InlineData("utf-16le", "base64", "Hi", "utf-16")]
    [InlineData("iso-8859-1", "8bit", "\u00fe\u00ffx", "iso-8859-1")]
    public void Text_can_be_read_whatever_its_charset_is_called(string name, string transfer, string text, string charset)
    {
        var bytes = Encoding.GetEncoding(charset).GetBytes(text);
        var body = transfer == "base64" ? Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes)) : bytes;

        var view = MessageView.Read((byte[])
            [.. Encoding.ASCII.GetBytes($"Content-Type: text/plain; charset={name}\r\nContent-Transfer-Encoding: {transfer}\r\n\r\n"), .. body]);

        Assert.Equal(text.TrimStart('\ufeff'), view.Text);
    }

    [Theory]
    [InlineData("\u0093Q\u0094 <a@d.test>", "\u201cQ\u201d <a@d.test>")]
    [InlineData("Team: a@d.test, B <b@d.test>;", "a@d.test|B <b@d.test>")]
    [InlineData("undisclosed-recipients:;", "undisclosed-recipients:;")]
    [InlineData("=?utf-8?q?J=C3=B6rg?= without an address", "J\u00f6rg without an address")]
    public void Addresses_are_shown_as_people_write_them(string to, string shown) =>
        Assert.Equal(shown.Split('|'), MessageView.Read(Encoding.Latin1.GetBytes($"To: {to}\r\n\r\nx")).To);

    [Theory]
    [InlineData("Content-Type: message/rfc822\nContent-Disposition: attachment; filename=\"fwd.eml\"", "fwd.eml")]
    [InlineData("Content-Type: message/rfc822; name=inner.eml", "inner.eml")]
    [InlineData("Content-Type: text/calendar; method=REQUEST; name=meeting.ics", "meeting.ics")]
    [InlineData("Content-Type: application/pdf\nContent-Disposition: attachment; filename*=foo%20b%C3%A4r.pdf", "foo b\u00e4r.pdf")]
    [InlineData("Content-Type: application/pdf\nContent-Disposition: attachment; filename*=''foo%20b%C3%A4r.pdf", "foo b\u00e4r.pdf")]
    [InlineData("Content-Type: application/pdf\nContent-Disposition: attachment; filename*0*=foo%20; filename*1*=b%C3%A4r.pdf", "foo b\u00e4r.pdf")]
    [InlineData("Content-Type: application/pdf\nContent-Disposition: attachment; filename=b\u00e4r.pdf", "b\u00e4r.pdf")]
    [InlineData("Content-Type: application/pdf", null)]
    public void An_attachment_has_the_name_that_it_came_with(string header, string? name)
    {
        var view = Read($"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b\n{header}\n\nSubject: inner\n\nx\n--b--\n");
        var tree = MimeTree.Read(Encoding.UTF8.GetBytes($"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{header.ReplaceLineEndings("\r\n")}\r\n\r\nx\r\n--b--\r\n"));

        Assert.Equal(name, Assert.Single(view.Attachments).Name);
        Assert.Equal(name, Assert.Single(tree.Children).Name);
    }

    private static MessageView Read(string message) =>
        MessageView.Read(Encoding.UTF8.GetBytes(message.ReplaceLineEndings("\r\n")));
}
