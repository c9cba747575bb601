using System.Text;
using CsCheck;
using Signet.Messages;

namespace Signet.Tests.Messages;

/// <summary>The fast ways through a message find what a plain walk finds.</summary>
public sealed class LineEndsTests
{
    private static readonly Gen<string> Text = Gen.Select(
        Gen.OneOf(Gen.Const("a"), Gen.Const("bc"), Gen.Const("\r\n"), Gen.Const(new string('x', 31)), Gen.Const(new string('y', 500))).Array[0, 200],
        Gen.OneOf(Gen.Const(""), Gen.Const("\r"), Gen.Const("\n"), Gen.Const("\r\r\n"), Gen.Const("\n\r")),
        Gen.Int[0, 200],
        (parts, odd, at) => string.Concat(parts.Take(at).Append(odd).Concat(parts.Skip(at))));

    [Fact]
    public void Every_line_end_becomes_CRLF_and_nothing_else_changes() => Text.Sample(text =>
    {
        var data = Encoding.ASCII.GetBytes(text).AsMemory();
        var expected = text.Replace("\r\r\n", "\n", StringComparison.Ordinal).Replace("\r\n", "\n", StringComparison.Ordinal)
            .Replace('\r', '\n').Replace("\n", "\r\n", StringComparison.Ordinal);

        var result = LineEnds.ToCrLf(data);

        Assert.Equal(expected, Encoding.ASCII.GetString(result.Span));
        Assert.Equal(expected == text, result.Equals(data));
    });

    [Fact]
    public void Long_lines_are_those_that_a_walk_over_all_lines_finds() => Text.Sample(text =>
    {
        var message = LineEnds.ToCrLf(Encoding.ASCII.GetBytes(text));
        var longOnes = Encoding.ASCII.GetString(message.Span).Split("\r\n").Select((line, i) => (line.Length, Number: i + 1))
            .Where(l => l.Length > LongLines.MaxLength).ToList();

        var found = LongLines.In(message.Span);

        Assert.Equal(
            longOnes.Count == 0 ? null : new LongLines(longOnes.Count, longOnes[0].Number, longOnes[0].Length), found);
    });
}
