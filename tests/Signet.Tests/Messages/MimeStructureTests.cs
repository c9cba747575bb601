using System.Text;
using CsCheck;
using Signet.Messages;

namespace Signet.Tests.Messages;

public sealed class MimeStructureTests
{
    [Theory]
    [InlineData("text/plain", "anything\r\n--b\r\n")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\n\r\na\r\n--b--\r\n")]
    [InlineData("multipart/mixed; boundary=b", "preamble\r\n--b \t\r\n\r\na\r\n--b-- \r\nepilogue\r\n--b\r\nContent-Type: bad\r\n")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\n\r\nno end")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\nno field\r\n--b\r\n--b--")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\n\r\n--bb--\r\n--b--")]
    [InlineData("multipart/mixed; boundary=\"b c:?\"", "--b c:?\r\n--b c:?--")]
    [InlineData("message/rfc822", "Content-Type: multipart/mixed\r\n\r\n")]
    public void A_sound_structure_passes(string type, string body) => Assert.Null(Problem(type, body));

    [Theory]
    [InlineData("multipart/mixed", "--b\r\n\r\na\r\n--b--\r\n")]
    [InlineData("multipart/mixed; boundary=\"\"", "--\r\n\r\na\r\n----\r\n")]
    [InlineData("multipart/mixed; boundary=b", "")]
    [InlineData("multipart/mixed; boundary=b", "no part at all\r\n")]
    [InlineData("multipart/mixed; boundary=b", "--b--\r\n")]
    [InlineData("multipart/mixed; boundary=b", "--bb\r\n\r\n--bb--\r\n")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--b--")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--b\r\n\r\n--b--")]
    public void A_multipart_must_begin(string type, string body) =>
        Assert.Equal("Missing start boundary", Problem(type, body));

    [Theory]
    [InlineData("--b\r\nContent-Type: text\r\n\r\n--b--", "Expected '/', got null")]
    [InlineData("--b\r\n\r\n--b\r\nContent-Disposition: =\r\n\r\n--b--", "Expected disposition, got =")]
    [InlineData("--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nContent-Type: text;\r\n\r\n--c--", "Expected '/', got ;")]
    [InlineData("--b\r\n--b\r\nContent-Type: text\r\n", "Expected '/', got null")]
    public void Every_part_is_looked_at(string body, string wanted) => Assert.Equal(wanted, Problem("multipart/mixed; boundary=b", body));

    [Fact]
    public void A_delimiter_that_looks_like_a_field_is_a_delimiter() =>
        Assert.Equal(
            "Attachment 'a.exe' has a file type that is not accepted.",
            Problem("multipart/mixed; boundary=\"b:\"", "--b:\r\n--b:\r\nContent-Disposition: attachment; filename=a.exe\r\n\r\n--b:--"));

    [Theory]
    [InlineData("attachment; filename=run.exe", "application/octet-stream", "run.exe")]
    [InlineData("attachment; filename=RUN.EXE", "application/octet-stream", "RUN.EXE")]
    [InlineData("attachment; filename=\"run.exe. .\"", "application/octet-stream", "run.exe. .")]
    [InlineData("attachment; filename=a.pdf.ps1xml", "application/octet-stream", "a.pdf.ps1xml")]
    [InlineData("attachment; filename*=utf-8''run%2Eexe", "application/octet-stream", "run.exe")]
    [InlineData("attachment; filename*0=run.; filename*1=exe", "application/octet-stream", "run.exe")]
    [InlineData("attachment; filename=\"=?utf-8?B?cnVuLmV4ZQ==?=\"", "application/octet-stream", "run.exe")]
    [InlineData("attachment", "application/octet-stream; name=run.js", "run.js")]
    [InlineData("inline; filename=page.hta", "text/html; name=page.html", "page.hta")]
    public void A_refused_file_type_is_found_by_its_name(string disposition, string type, string name)
    {
        var part = $"--b\r\nContent-Disposition: {disposition}\r\nContent-Type: {type}\r\n\r\n\r\n--b--";

        Assert.Equal($"Attachment '{name}' has a file type that is not accepted.", Problem("multipart/mixed; boundary=b", part));
    }

    [Theory]
    [InlineData("exe")]
    [InlineData("a.exe.pdf")]
    [InlineData("a.")]
    [InlineData("report.pdf")]
    [InlineData(".profile")]
    public void Other_files_pass(string name) =>
        Assert.Null(Problem("multipart/mixed; boundary=b", $"--b\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n--b--"));

    [Theory]
    [InlineData("file.ade")]
    [InlineData("file.lib")]
    [InlineData("file.msh2xml")]
    [InlineData("file.vsmacros")]
    [InlineData("file.xnk")]
    [InlineData("file.exe\t\0.")]
    public void Rare_types_and_tricks_are_refused(string name) => Assert.NotNull(Attachments.Problem(name));

    [Fact]
    public void Any_structure_is_judged()
    {
        string[] lines =
        [
            "--a", "--a--", "--b", "--b--", "--a--b", "", "text", "Content-Type: multipart/mixed; boundary=a", " boundary=b",
            "Content-Type: multipart/mixed; boundary=b", "Content-Type: multipart/mixed;", "Content-Disposition: attachment;",
            " filename=x.exe", "X-Other: y",
        ];
        Gen.Int[0, lines.Length - 1].Array[0, 30].Sample(picked =>
        {
            var body = string.Join("\r\n", picked.Select(i => lines[i]));

            var problem = Problem("multipart/mixed; boundary=a", body);

            // A message that begins properly is the least that passes.
            Assert.True(problem is not null || $"\r\n{body}\r\n".Contains("\r\n--a\r\n", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void The_header_of_a_part_has_a_bound_too()
    {
        var header = string.Concat(Enumerable.Repeat($"X-Field: {new string('x', 900)}\r\n", 300));

        Assert.Equal("Header length is more than 262144 bytes long.", Problem("multipart/mixed; boundary=b", $"--b\r\n{header}\r\n--b--"));
    }

    [Fact]
    public void Multiparts_nest_up_to_100_levels()
    {
        static string Open(int level) => $"--b{level - 1}\r\nContent-Type: multipart/mixed; boundary=b{level}\r\n\r\n";
        static string Nested(int levels) => string.Concat(Enumerable.Range(1, levels - 1).Select(Open)) + $"--b{levels - 1}\r\n";

        Assert.Null(Problem("multipart/mixed; boundary=b0", Nested(100)));
        Assert.Equal("Message has more than 100 levels of multiparts.", Problem("multipart/mixed; boundary=b0", Nested(101)));
    }

    private static string? Problem(string type, string body)
    {
        var data = Encoding.ASCII.GetBytes($"Content-Type: {type}\r\n\r\n{body}");
        Assert.True(RawMessage.TryRead(data, out var message, out var problem), problem);
        _ = message.TryCheck(hasSource: true, hasDestinations: true, out problem);
        return problem;
    }
}
