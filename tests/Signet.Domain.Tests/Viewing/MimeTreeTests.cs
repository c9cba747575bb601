using System.Text;
using Signet.Messages;
using Signet.Tests.Messages;
using Signet.Viewing;

namespace Signet.Tests.Viewing;

public sealed class MimeTreeTests
{
    private const string Nested =
        """
        From: a@example.com
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=out

        --out
        Content-Type: multipart/alternative; boundary=in

        --in
        Content-Type: text/plain; charset=iso-8859-1
        Content-Transfer-Encoding: Quoted-Printable

        sch=F6n
        --in
        Content-Type: text/html

        <b>html</b>
        --in--
        --out
        Content-Type: image/png
        Content-ID: <logo@example.com>
        Content-Disposition: inline; filename="../../logo.png"
        Content-Transfer-Encoding: base64

        AAEC
        --out
        Content-Type: message/rfc822

        From: b@example.com
        Content-Type: multipart/mixed; boundary=deep

        --deep

        first
        --deep
        Content-Type: message/rfc822

        Subject: inner

        last
        --deep--
        --out--
        """;

    [Fact]
    public void Parts_are_numbered_as_in_imap()
    {
        var root = MimeTree.Read(Bytes(Nested));

        Assert.Equal(
            [
                " multipart/mixed", "1 multipart/alternative", "1.1 text/plain", "1.2 text/html", "2 image/png", "3 message/rfc822",
                "3.1 text/plain", "3.2 message/rfc822", "3.2.1 text/plain",
            ],
            Flat(root).Select(n => $"{n.Path} {n.ContentType}"));
    }

    [Fact]
    public void A_part_says_what_its_header_says_and_how_large_it_is_decoded()
    {
        var parts = Flat(MimeTree.Read(Bytes(Nested))).ToDictionary(n => n.Path);

        Assert.Equal(("iso-8859-1", "quoted-printable"), (parts["1.1"].Charset, parts["1.1"].TransferEncoding));
        var logo = parts["2"];
        Assert.Equal(("../../logo.png", "inline", "logo@example.com", 3), (logo.Name, logo.Disposition, logo.ContentId, logo.Size));
        Assert.Equal(parts["1.1"].Size + parts["1.2"].Size, parts["1"].Size);
    }

    [Fact]
    public void A_message_of_one_part_is_part_1()
    {
        var content = Bytes("Content-Type: text/html\r\n\r\n<p>x");

        Assert.Equal(("1", "text/html"), (MimeTree.Read(content).Path, MimeTree.Read(content).ContentType));
        Assert.Equal("<p>x", Encoding.ASCII.GetString(MimeTree.OpenPart(content, "1")!.Bytes));
    }

    [Fact]
    public void A_part_is_opened_by_its_number_with_its_transfer_encoding_undone()
    {
        var logo = MimeTree.OpenPart(Bytes(Nested), "2")!;

        Assert.Equal([0, 1, 2], logo.Bytes);
        Assert.Equal(("image/png", "logo.png"), (logo.ContentType, logo.SafeFileName.TrimStart('.', '_')));
        Assert.Equal("schön", Encoding.Latin1.GetString(MimeTree.OpenPart(Bytes(Nested), "1.1")!.Bytes).TrimEnd());
        Assert.StartsWith("From: b@example.com", Encoding.ASCII.GetString(MimeTree.OpenPart(Bytes(Nested), "3")!.Bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("4")]
    [InlineData("2.1")]
    [InlineData("1.1.1")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.")]
    [InlineData("x")]
    public void A_number_of_nothing_or_of_a_multipart_opens_nothing(string path) => Assert.Null(MimeTree.OpenPart(Bytes(Nested), path));

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0")]
    [InlineData("no header at all")]
    [InlineData("Content-Type: multipart/mixed\r\n\r\nno boundary")]
    public void Whatever_the_bytes_are_there_is_a_tree(string content) =>
        Assert.DoesNotContain(Flat(MimeTree.Read(Encoding.Latin1.GetBytes(content))), n => n.Size > content.Length);

    [Fact]
    public void Messages_in_messages_without_end_give_a_tree_of_bounded_depth()
    {
        var content = Bytes(string.Concat(Enumerable.Repeat("Content-Type: message/rfc822\n\n", 2000)) + "end");

        var depth = Flat(MimeTree.Read(content)).Count();

        Assert.InRange(depth, 10, 34);
    }

    [Fact]
    public void Parts_beyond_those_that_are_accepted_now_are_left_out()
    {
        var root = MimeTree.Read(ManyParts.In("multipart/mixed", 300_000), out var isWhole);

        Assert.False(isWhole);
        Assert.Equal(MessageLimits.MaxParts, root.Children.Count);
        Assert.Null(MimeTree.OpenPart(ManyParts.In("multipart/mixed", 300_000), $"{MessageLimits.MaxParts + 1}"));
    }

    [Fact]
    public void A_message_that_is_accepted_now_shows_all_its_parts()
    {
        var root = MimeTree.Read(ManyParts.In("multipart/mixed", MessageLimits.MaxParts), out var isWhole);

        Assert.True(isWhole);
        Assert.Equal(MessageLimits.MaxParts, root.Children.Count);
    }

    [Fact]
    public void Parts_are_opened_by_their_Content_ID_and_the_first_of_several_counts()
    {
        var content = Bytes(
            """
            Content-Type: multipart/related; boundary=b

            --b
            Content-ID: <one>

            first
            --b
            Content-ID: <one>

            second
            --b
            Content-Type: image/png
            Content-ID: <two>
            Content-Transfer-Encoding: base64

            AAEC
            --b--
            """);

        var find = MimeTree.FindById(content);

        Assert.Equal("first", Encoding.ASCII.GetString(find("one")!.Read()));
        Assert.Equal(("image/png", 3), (find("two")!.ContentType, find("two")!.Size));
        Assert.Equal([0, 1, 2], find("two")!.Read());
        Assert.Null(find("three"));
    }

    [Theory]
    [InlineData("report.pdf", "report.pdf")]
    [InlineData("../../etc/passwd", "_.._etc_passwd")]
    [InlineData("C:\\windows\\x.exe", "C__windows_x.exe")]
    [InlineData("in\r\nvoice\0.pdf", "invoice.pdf")]
    [InlineData("exe.\u202egpj", "exe.gpj")]
    [InlineData(".htaccess", "htaccess")]
    [InlineData("nul.txt", "_nul.txt")]
    [InlineData("Grüße 日本.txt", "Grüße 日本.txt")]
    [InlineData(" . ", "part.pdf")]
    [InlineData("", "part.pdf")]
    [InlineData(null, "part.pdf")]
    public void A_file_name_of_a_stranger_becomes_one_to_save_under(string? name, string safe) =>
        Assert.Equal(safe, new PartContent("application/pdf", name, []).SafeFileName);

    [Fact]
    public void A_long_file_name_keeps_its_extension()
    {
        var name = new PartContent("application/pdf", new string('a', 400) + ".pdf", []).SafeFileName;

        Assert.Equal(120, name.Length);
        Assert.EndsWith("a.pdf", name, StringComparison.Ordinal);
    }

    private static IEnumerable<MimeNode> Flat(MimeNode node) => node.Children.SelectMany(Flat).Prepend(node);

    private static byte[] Bytes(string message) => Encoding.Latin1.GetBytes(message.ReplaceLineEndings("\r\n"));
}
