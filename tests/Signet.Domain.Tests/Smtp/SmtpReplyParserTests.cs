using System.Text;
using CsCheck;
using Signet.Smtp;

namespace Signet.Tests.Smtp;

public sealed class SmtpReplyParserTests
{
    private const string Ehlo = "250-mx.test hello\r\n250-SIZE 100\r\n250 PIPELINING\r\n";

    [Theory]
    [InlineData("250 2.1.0 ok\r\n", "250 2.1.0 ok", "2.1.0")]
    [InlineData("250\r\n", "250", null)]
    [InlineData("250 \r\n", "250", null)]
    [InlineData("250 ok\n", "250 ok", null)]
    [InlineData("550-5.1.1 no such\r\n550 5.1.1 user\r\n", "550 5.1.1 no such user", "5.1.1")]
    [InlineData("550 4.1.1 classes differ\r\n", "550 4.1.1 classes differ", null)]
    [InlineData("550 5.1.1234 too long\r\n", "550 5.1.1234 too long", null)]
    [InlineData("554 caf\u00e9\u0007\r\n", "554 caf??", null)]
    [InlineData("250OK\r\n", "250 OK", null)]
    [InlineData("250\tOK\r\n", "250  OK", null)]
    [InlineData("250=queued\r\n", "250 =queued", null)]
    [InlineData("250-a\r\n251 b\r\n", "251 a b", null)]
    [InlineData("250-a\r\n550b\r\n", "550 a b", null)]
    public void A_reply_is_read_and_shown_in_one_line(string text, string shown, string? enhanced)
    {
        var reply = new SmtpReplyParser().Read(Encoding.Latin1.GetBytes(text), out var eaten);

        Assert.Equal((text.Length, shown, enhanced), (eaten, $"{reply}", reply?.Enhanced?.ToString()));
    }

    [Theory]
    [InlineData("HTTP/1.1 400\r\n")]
    [InlineData("99 x\r\n")]
    [InlineData("650 x\r\n")]
    [InlineData("2500 ok\r\n")]
    [InlineData("\r\n")]
    [InlineData("250-a\r\nb\r\n")]
    public void What_is_no_reply_is_refused(string text) =>
        Assert.Throws<FormatException>(() => new SmtpReplyParser().Read(Encoding.Latin1.GetBytes(text), out _));

    [Theory]
    [InlineData("see http://mx.test/why\r\n250 ok\r\n", "250 ok")]
    [InlineData("550-no\r\nsee http://mx.test/why\r\n550 never\r\n", "550 no never")]
    [InlineData("\r\n250 ok\r\n", "250 ok")]
    public void A_line_without_a_code_is_passed_over_where_that_is_wanted(string text, string shown)
    {
        var reply = new SmtpReplyParser { PassesOverNoise = true }.Read(Encoding.Latin1.GetBytes(text), out var eaten);

        Assert.Equal((text.Length, shown), (eaten, $"{reply}"));
    }

    [Fact]
    public void A_server_that_says_nothing_but_noise_is_not_listened_to_for_ever()
    {
        var parser = new SmtpReplyParser { PassesOverNoise = true };
        var noise = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("noise\r\n", SmtpReplyParser.MaxReply / 4)));

        Assert.Throws<FormatException>(() => parser.Read(noise, out _));
    }

    [Fact]
    public void What_comes_behind_a_reply_is_left_for_the_next()
    {
        var parser = new SmtpReplyParser();
        var bytes = "250 one\r\n354 two\r\n"u8;

        Assert.Equal("250 one", $"{parser.Read(bytes, out var eaten)}");
        Assert.Equal("354 two", $"{parser.Read(bytes[eaten..], out _)}");
    }

    [Fact]
    public void A_reply_is_the_same_however_its_bytes_are_cut() =>
        Gen.Int[1, 9].Array[1, 40].Sample(cuts =>
        {
            var parser = new SmtpReplyParser();
            ReadOnlySpan<byte> rest = Encoding.ASCII.GetBytes(Ehlo);
            SmtpReply? reply = null;
            for (var i = 0; reply is null; i++)
            {
                var part = rest[..Math.Min(cuts[i % cuts.Length], rest.Length)];
                reply = parser.Read(part, out var eaten);
                Assert.True(reply is not null || eaten == part.Length);
                rest = rest[eaten..];
            }

            Assert.Equal(["mx.test hello", "SIZE 100", "PIPELINING"], reply.Lines);
        });

    [Fact]
    public void A_long_line_is_cut_and_a_long_reply_is_none()
    {
        var line = "250 " + new string('x', 10_000) + "\r\n";
        Assert.Equal(SmtpReplyParser.MaxLine - 4, new SmtpReplyParser().Read(Encoding.ASCII.GetBytes(line), out _)!.Lines[0].Length);

        Assert.Throws<FormatException>(() => new SmtpReplyParser().Read(new byte[SmtpReplyParser.MaxReply + 1], out _));
    }

    // Whatever it says at such length, the message was taken or was not.
    [Fact]
    public void The_code_of_a_very_long_reply_counts_and_its_first_lines_are_kept()
    {
        var parser = new SmtpReplyParser();
        var lines = string.Concat(Enumerable.Repeat("250-" + new string('x', 3_000) + "\r\n", 40));

        var reply = parser.Read(Encoding.ASCII.GetBytes(lines + "250 ok\r\n354 next\r\n"), out var eaten);

        Assert.Equal(250, reply!.Code);
        Assert.InRange(reply.Lines.Count, 1, SmtpReplyParser.MaxKept / 3_000);
        Assert.Equal("354 next", $"{parser.Read("354 next\r\n"u8, out _)}");
        Assert.Equal(lines.Length + "250 ok\r\n".Length, eaten);
    }

    [Fact]
    public void Extensions_are_read_from_the_reply_to_ehlo()
    {
        var capabilities = SmtpCapabilities.Of(
            new SmtpReply(250, ["PIPELINING", "size 1000", "Auth plain LOGIN", "STARTTLS", "8BITMIME", "X-UNKNOWN"]));

        Assert.False(capabilities.Pipelining);
        Assert.True(capabilities is { Size: true, MaxSize: 1000, StartTls: true, EightBitMime: true, Auth: ["PLAIN", "LOGIN"] });
        Assert.Null(SmtpCapabilities.Of(new SmtpReply(250, ["mx", "SIZE 0"])).MaxSize);
    }
}
