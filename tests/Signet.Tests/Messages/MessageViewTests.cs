using System.Text;
using Signet.Messages;

namespace Signet.Tests.Messages;

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

    private static MessageView Read(string message) =>
        MessageView.Read(Encoding.UTF8.GetBytes(message.ReplaceLineEndings("\r\n")));
}
