using System.Text;
using CsCheck;
using MimeKit;
using Signet.Messages;
using Signet.Tests.Messages;
using Signet.Viewing;

namespace Signet.Tests.Viewing;

public sealed class MimeLoaderTests
{
    /// <summary>Messages of too much, which an older version may have accepted.</summary>
    public static TheoryData<string, string> TooLarge { get; } = new()
    {
        { "parts", $"Content-Type: multipart/mixed; boundary=b\r\n\r\n{Times("--b\r\n\r\nx\r\n", 300_000)}" },
        { "parts in a message", $"Content-Type: message/rfc822\r\n\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{Times("--b\r\n\r\nx\r\n", 300_000)}" },
        { "parts in a type that a strict reader refuses", $"Content-Type: message/rfc822\r\n\r\nContent-Type: multipart/mixed;; boundary=b\r\n\r\n{Times("--b\r\n\r\nx\r\n", 300_000)}" },
        { "messages", $"Content-Type: multipart/digest; boundary=b\r\n\r\n{Times("--b\r\n\r\nSubject: x\r\n\r\nx\r\n", 50_000)}" },
        { "fields", $"Content-Type: message/rfc822\r\n\r\n{Times("X:\r\n", 500_000)}\r\nx" },
        { "a field", $"Content-Type: message/rfc822\r\n\r\nX:{Times($" {new string('x', 900)}\r\n", 11_000)}\r\nx" },
        { "parameters", $"Content-Type: message/rfc822\r\n\r\nContent-Type: text/plain{Times(";\r\n a=b", 500_000)}\r\n\r\nx" },
        { "sections of a parameter", $"Content-Type: message/rfc822\r\n\r\nContent-Type: text/plain{string.Concat(Enumerable.Range(0, 80_000).Select(i => $";\r\n a*{i}=b"))}\r\n\r\nx" },
        { "lines that are no fields", $"Content-Type: message/rfc822\r\n\r\n{Times($"{new string('x', 98)}\r\n", 100_000)}\r\nx" },
    };

    [Theory]
    [MemberData(nameof(TooLarge))]
    public void What_is_too_much_is_read_to_there_and_costs_little(string what, string content)
    {
        var bytes = Encoding.ASCII.GetBytes(content);
        var before = GC.GetAllocatedBytesForCurrentThread();

        using var message = MimeLoader.Load(bytes, out var isWhole);

        Assert.False(isWhole, what);
        Assert.InRange(Count(message?.Body), 0, 1 + (2 * MessageLimits.MaxParts));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024 * 1024);
    }

    [Fact]
    public void As_much_as_is_accepted_is_read_whole()
    {
        using var message = MimeLoader.Load(ManyParts.In("multipart/mixed", MessageLimits.MaxParts), out var isWhole);

        Assert.True(isWhole);
        Assert.Equal(MessageLimits.MaxParts, Assert.IsType<Multipart>(message!.Body).Count);
    }

    [Fact]
    public void One_part_more_is_left_out_with_its_delimiter()
    {
        using var message = MimeLoader.Load(ManyParts.In("multipart/mixed", MessageLimits.MaxParts + 1), out var isWhole);

        Assert.False(isWhole);
        Assert.Equal(MessageLimits.MaxParts, Assert.IsType<Multipart>(message!.Body).Count);
    }

    [Fact]
    public void A_line_that_is_no_field_is_not_shown_as_one()
    {
        using var message = MimeLoader.Load("Content-Type: message/rfc822\r\n\r\nno field\r\nSubject: x\r\n\r\ny"u8.ToArray(), out var isWhole);

        Assert.True(isWhole);
        var within = Assert.IsType<MessagePart>(message!.Body).Message!;
        Assert.Equal(["Subject"], within.Headers.Select(h => h.Field));
        Assert.Equal("y", within.TextBody);
    }

    [Fact]
    public void Whatever_the_structure_is_few_parts_of_it_are_read()
    {
        string[] lines =
        [
            "--a", "--a--", "--b", "--b--", "", "Content-Type: multipart/mixed; boundary=a", "Content-Type: multipart/mixed; boundary=b",
            "Content-Type: message/rfc822", "Content-Type: multipart/digest; boundary=b", "X: y", " folded", "no field",
        ];
        Gen.Int[0, lines.Length - 1].Array[0, 4000].Sample(
            picked =>
            {
                var content = Encoding.ASCII.GetBytes(
                    "Content-Type: multipart/mixed; boundary=a\r\n\r\n" + string.Join("\r\n", picked.Select(i => lines[i])));

                using var message = MimeLoader.Load(content, out _);

                // Of a message that is a part, its own text is one more.
                Assert.InRange(Count(message?.Body), 0, 1 + (2 * MessageLimits.MaxParts));
            },
            iter: 200);
    }

    private static int Count(MimeEntity? entity) => entity switch
    {
        null => 0,
        Multipart multipart => 1 + multipart.Sum(Count),
        MessagePart { Message: { } message } => 1 + Count(message.Body),
        _ => 1,
    };

    private static string Times(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();
}
