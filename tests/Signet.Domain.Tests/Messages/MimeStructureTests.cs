using System.Text;
using CsCheck;
using Signet.Messages;

namespace Signet.Tests.Messages;

public sealed class MimeStructureTests
{
    private const string TooManyParts = "Message has more than 500 MIME parts.";

    [Theory]
    [InlineData("text/plain", "anything\r\n--b\r\n")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\n\r\na\r\n--b--\r\n")]
    [InlineData("multipart/mixed; boundary=b", "preamble\r\n--b \t\r\n\r\na\r\n--b-- \r\nepilogue\r\n--b\r\nContent-Type: bad\r\n")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\n\r\nno end")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\nno field\r\n--b\r\n--b--")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\n\r\n--bb--\r\n--b--")]
    [InlineData("multipart/mixed; boundary=\"b c:?\"", "--b c:?\r\n--b c:?--")]
    [InlineData("multipart/mixed", "--b\r\n\r\na\r\n--b--\r\n")]
    [InlineData("multipart/mixed", "------\r\npreamble\r\n--b\r\n\r\na\r\n--b--\r\n")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\nContent-Type: multipart/alternative;\r\nboundary=\"c\"\r\n\r\n--c\r\n\r\na\r\n--c--\r\n--b--\r\n")]
    [InlineData("message/rfc822", "Content-Type: multipart/mixed\r\n\r\n")]
    public void A_sound_structure_passes(string type, string body) => Assert.Null(Problem(type, body));

    [Theory]
    [InlineData("multipart/mixed; boundary=\"\"", "--\r\n\r\na\r\n----\r\n")]
    [InlineData("multipart/mixed; boundary=b", "")]
    [InlineData("multipart/mixed; boundary=b", "no part at all\r\n")]
    [InlineData("multipart/mixed; boundary=b", "--b--\r\n")]
    [InlineData("multipart/mixed; boundary=b", "--bb\r\n\r\n--bb--\r\n")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--b--")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--b\r\n\r\n--b--")]
    public void A_multipart_must_begin(string type, string body) =>
        Assert.Equal("Missing start boundary", Problem(type, body));

    // As in JavaMail: the first line that may be a delimiter is one.
    [Theory]
    [InlineData("multipart/mixed", "--b\r\nContent-Disposition: attachment; filename=a.exe\r\n\r\n--b--")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\nContent-Type: multipart/mixed\r\n\r\n--c\r\nContent-Disposition: attachment; filename=a.exe\r\n\r\n--c--\r\n--b--")]
    public void Parts_are_looked_at_where_no_boundary_is_named(string type, string body) =>
        Assert.Equal("Attachment 'a.exe' has a file type that is not accepted.", Problem(type, body));

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

        Assert.Equal("Header section too long.", Problem("multipart/mixed; boundary=b", $"--b\r\n{header}\r\n--b--"));
    }

    [Fact]
    public void Multiparts_nest_up_to_100_levels()
    {
        static string Open(int level) => $"--b{level - 1}\r\nContent-Type: multipart/mixed; boundary=b{level}\r\n\r\n";
        static string Nested(int levels) => string.Concat(Enumerable.Range(1, levels - 1).Select(Open)) + $"--b{levels - 1}\r\n";

        Assert.Null(Problem("multipart/mixed; boundary=b0", Nested(100)));
        Assert.Equal("Message has more than 100 levels of multiparts.", Problem("multipart/mixed; boundary=b0", Nested(101)));
    }

    /// <summary>Bodies of a message that is <c>multipart/mixed; boundary=b</c>, each of so many parts.</summary>
    public static TheoryData<string, Func<int, string>> WaysToHaveParts { get; } = new()
    {
        { "side by side", parts => Parts(parts) },
        { "without an end", parts => Parts(parts)[..^2] },
        { "without headers or bodies", parts => string.Concat(Enumerable.Repeat("--b\r\n", parts)) },
        { "in a multipart of the same boundary", parts => "--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + Parts(parts - 1) },
        { "in a multipart whose boundary begins alike", parts => "--b\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n" + Parts(parts - 1, "bb") },
        { "in a multipart whose boundary ends ours", parts => "--b\r\nContent-Type: multipart/mixed; boundary=\"b--\"\r\n\r\n" + Parts(parts - 1, "b--") },
        { "in a message", parts => "--b\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n" + Parts(parts - 1, "c") },
        { "in messages that are parts", parts => string.Concat(Enumerable.Repeat("--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nx\r\n", parts)) },
        { "in messages in messages", parts => string.Concat(Enumerable.Repeat("--b\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: message/rfc822\r\n\r\n\r\nx\r\n", parts / 2)) + Parts(parts % 2) },
        { "in a digest", parts => "--b\r\nContent-Type: multipart/digest; boundary=c\r\n\r\n--c\r\n\r\nContent-Type: multipart/mixed; boundary=d\r\n\r\n" + Parts(parts - 2, "d") },
    };

    [Theory]
    [MemberData(nameof(WaysToHaveParts))]
    public void A_message_has_500_parts_at_most_wherever_they_lie(string way, Func<int, string> parts)
    {
        Assert.NotEmpty(way);
        Assert.Null(Problem("multipart/mixed; boundary=b", parts(500)));
        Assert.Equal(TooManyParts, Problem("multipart/mixed; boundary=b", parts(501)));
    }

    [Theory]
    [InlineData("message/rfc822")]
    [InlineData("MESSAGE/rfc822 (forwarded)")]
    [InlineData("message/global")]
    public void A_message_that_is_another_message_counts_that_ones_parts(string type)
    {
        static string Body(int parts) => "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + Parts(parts);

        Assert.Null(Problem(type, Body(500)));
        Assert.Equal(TooManyParts, Problem(type, Body(501)));
    }

    [Fact]
    public void Messages_that_are_nothing_but_another_one_count_each()
    {
        static string Chain(int messages) => string.Concat(Enumerable.Repeat("Content-Type: message/rfc822\r\n\r\n", messages)) + "\r\nx";

        Assert.Null(Problem("message/rfc822", Chain(500)));
        Assert.Equal(TooManyParts, Problem("message/rfc822", Chain(501)));
    }

    [Theory]
    [InlineData("--b\r\n\r\nx\r\n--b--\r\n", "--b\r\n")]
    [InlineData("--b\r\n\r\n", "--bb\r\n--\r\n-b\r\n ")]
    [InlineData("--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n", "--c\r\n")]
    [InlineData("--b\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: multipart/mixed\r\n\r\n", "--c\r\n")]
    public void Lines_that_delimit_nothing_are_no_parts(string begin, string line) =>
        Assert.Null(Problem("multipart/mixed; boundary=b", begin + string.Concat(Enumerable.Repeat(line, 1000))));

    [Fact]
    public void What_is_wrong_in_a_message_within_is_forwarded_as_it_is() =>
        Assert.Null(Problem(
            "multipart/mixed; boundary=b",
            "--b\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n"
                + "--c\r\nContent-Type: text\r\nContent-Disposition: attachment; filename=run.exe\r\n\r\n--b--"));

    [Theory]
    [InlineData("b")]
    [InlineData("\"b--\"")]
    public void A_message_within_hides_no_attachment_of_the_message(string boundary)
    {
        var within = $"Content-Type: message/rfc822\r\n\r\nContent-Type: multipart/mixed; boundary={boundary}\r\n\r\n";

        Assert.Equal(
            "Attachment 'run.exe' has a file type that is not accepted.",
            Problem("multipart/mixed; boundary=b", $"--b\r\n{within}--b\r\nContent-Disposition: attachment; filename=run.exe\r\n\r\n\r\n--b--"));
    }

    [Fact]
    public void A_message_within_ends_no_multipart_of_the_message() =>
        Assert.Equal(
            "Attachment 'run.exe' has a file type that is not accepted.",
            Problem(
                "multipart/mixed; boundary=\"b--\"",
                "--b--\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n"
                    + "--b--\r\nContent-Disposition: attachment; filename=run.exe\r\n\r\n\r\n--b----"));

    [Fact]
    public void The_headers_of_all_parts_have_10000_fields_at_most()
    {
        static string Fields(int count) => "--b\r\n" + string.Concat(Enumerable.Repeat("X:\r\n", count)) + "\r\nx\r\n";

        Assert.Null(Problem("multipart/mixed; boundary=b", Fields(5000) + Fields(5000)));
        Assert.Equal("Message has more than 10000 header fields in its parts.", Problem("multipart/mixed; boundary=b", Fields(5000) + Fields(5001)));
        Assert.Equal("Message has more than 10000 header fields in its parts.", Problem("message/rfc822", Fields(10_001)[5..]));
    }

    [Fact]
    public void The_headers_of_all_parts_have_a_megabyte_at_most()
    {
        // 1,000 bytes with the line end.
        static string Header(int fields) => "--b\r\n" + string.Concat(Enumerable.Repeat($"X: {new string('x', 995)}\r\n", fields)) + "\r\nx\r\n";

        var most = string.Concat(Enumerable.Repeat(Header(200), 5)) + Header(48);
        string Last(int length) => $"--b\r\nX: {new string('x', length - 5)}\r\n\r\nx\r\n";

        Assert.Null(Problem("multipart/mixed; boundary=b", most + Last(1_048_576 - 1_048_000)));
        Assert.Equal(
            "Headers of the parts are more than 1048576 bytes long.", Problem("multipart/mixed; boundary=b", most + Last(1_048_576 - 1_048_000 + 1)));
    }

    [Fact]
    public void A_message_of_300000_parts_is_refused_at_the_501st()
    {
        Assert.True(RawMessage.TryRead(ManyParts.In("multipart/mixed", 300_000), out var message, out _));
        message.TryCheck(true, true, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.False(message.TryCheck(true, true, out var problem));

        Assert.Equal(TooManyParts, problem);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    private static string Parts(int count, string boundary = "b") => string.Concat(Enumerable.Repeat($"--{boundary}\r\n\r\nx\r\n", count));

    private static string? Problem(string type, string body)
    {
        var data = Encoding.ASCII.GetBytes($"Content-Type: {type}\r\n\r\n{body}");
        Assert.True(RawMessage.TryRead(data, out var message, out var problem), problem);
        _ = message.TryCheck(hasSource: true, hasDestinations: true, out problem);
        return problem;
    }
}
