using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Server.Hosting;

namespace Signet.Server.Tests.Hosting;

/// <summary>What strangers can write into the log, whichever message of whichever library carries it.</summary>
public sealed class LogTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 12, 30, 0, 5, TimeSpan.Zero));

    [Fact]
    public void An_entry_is_a_line_with_time_level_category_number_and_message() =>
        Assert.Equal("2026-03-01T12:30:00.005Z warn: Signet.Test[7] the store does not answer\n", Write("the store does not answer"));

    [Theory]
    [InlineData("a\nb", @"a\nb")]
    [InlineData("a\r\nb", @"a\r\nb")]
    [InlineData("a\tb", @"a\tb")]
    [InlineData("\u001b[2J\u001b[31mred", @"\x1b[2J\x1b[31mred")]
    [InlineData("\0\a\b\u007f", @"\x00\x07\x08\x7f")]
    [InlineData("\u0085\u009b31m", @"\x85\x9b31m")]
    [InlineData("a\u2028b\u2029c", @"a\u2028b\u2029c")]
    [InlineData("\u202egpj.exe\u202c", @"\u202egpj.exe\u202c")]
    [InlineData("\u2066a\u2067b\u2068c\u2069", @"\u2066a\u2067b\u2068c\u2069")]
    [InlineData("\u061c\u200e\u200f\u200b\ufeff", @"\u061c\u200e\u200f\u200b\ufeff")]
    [InlineData("\U000E0041", @"\U000e0041")]
    [InlineData("Grüße \U0001F4E7 メール", "Grüße \U0001F4E7 メール")]
    public void What_could_end_a_line_move_the_cursor_or_turn_letters_around_is_shown_as_an_escape(string text, string shown)
    {
        Assert.EndsWith($"] {shown}\n", Write(text), StringComparison.Ordinal);
        Assert.EndsWith($"] m System.InvalidOperationException: {shown}\n", Write("m", new InvalidOperationException(text)), StringComparison.Ordinal);
    }

    [Fact]
    public void So_is_half_of_a_surrogate_pair() => Assert.EndsWith(@"] \ud800x\udc00" + "\n", Write("\ud800x\udc00"), StringComparison.Ordinal);

    [Fact]
    public void An_exception_stays_on_the_line_with_its_stack()
    {
        var line = Write("failed", Thrown());

        Assert.Equal(1, line.Count(c => c == '\n'));
        Assert.Contains(@"the outer one\n ---> System.FormatException: the inner one", line, StringComparison.Ordinal);
        Assert.Contains(@"\n   at Signet.Server.Tests.Hosting.LogTests.Thrown()", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("\n")]
    [InlineData("\u00fc")]
    [InlineData("\U0001F4E7")]
    public void An_entry_is_8_KB_long_at_most(string letter)
    {
        var line = Write(string.Concat(Enumerable.Repeat(letter, 3_000_000)));

        Assert.InRange(Encoding.UTF8.GetByteCount(line), TextLogFormatter.MaxEntry, TextLogFormatter.MaxEntry + 200);
        Assert.Contains(" characters more)", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_message_leaves_room_for_the_exception()
    {
        var line = Write(new string('a', 1_000_000), new FormatException("why"));

        Assert.EndsWith(" System.FormatException: why\n", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_exception_is_cut_too()
    {
        var line = Write("m", new FormatException(new string('a', 1_000_000)));

        Assert.InRange(Encoding.UTF8.GetByteCount(line), TextLogFormatter.MaxEntry, TextLogFormatter.MaxEntry + 200);
    }

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("the outer one", new FormatException("the inner one"));
        }
        catch (InvalidOperationException exception)
        {
            return exception;
        }
    }

    private string Write(string message, Exception? exception = null)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        new TextLogFormatter(time).Write(
            new LogEntry<string>(LogLevel.Warning, "Signet.Test", new EventId(7), message, exception, (state, _) => state), null, writer);
        return writer.ToString();
    }
}
