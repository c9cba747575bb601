using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Server.Hosting;

namespace Signet.Server.Tests.Hosting;

/// <summary>The log in JSON: an object a line, whatever strangers write.</summary>
public sealed class JsonLogTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 12, 30, 0, 5, TimeSpan.Zero));

    [Fact]
    public void An_entry_is_an_object_with_the_values_of_its_message() => Assert.Equal(
        """{"time":"2026-03-01T12:30:00.005Z","level":"warning","category":"Signet.Test","event":7,"message":"to=<a+b@client.test>","recipient":"a+b@client.test","delay":1.412,"code":250,"isLast":true}""" + "\n",
        Write("to=<a+b@client.test>", null, ("Recipient", "a+b@client.test"), ("Delay", 1.412), ("Code", 250), ("IsLast", true), ("Nothing", null), ("{OriginalFormat}", "to=<{Recipient}>")));

    [Fact]
    public void Every_character_comes_through_on_one_line_of_valid_JSON()
    {
        var text = string.Concat(Enumerable.Range(0, 0x3000).Where(c => c is < 0xd800 or > 0xdfff).Select(c => (char)c)) + "\U0001F4E7\U000E0041\ufeff";
        for (var at = 0; at < text.Length; at += 200)
        {
            var part = text.Substring(at, Math.Min(200, text.Length - at));

            var line = Write(part, new InvalidOperationException(part), ("Reply", part));

            Assert.DoesNotContain(line[..^1], c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\u202e' or '\u2066');
            using var json = JsonDocument.Parse(line);
            Assert.Equal(part, json.RootElement.GetProperty("message").GetString());
            Assert.Equal(part, json.RootElement.GetProperty("reply").GetString());
            Assert.Equal($"System.InvalidOperationException: {part}", json.RootElement.GetProperty("exception").GetString());
        }
    }

    [Fact]
    public void Half_of_a_surrogate_pair_becomes_the_replacement_character() =>
        Assert.Equal("\ufffdx\ufffd", Parse(Write("\ud800x\udc00")).GetProperty("message").GetString());

    [Fact]
    public void No_value_takes_the_name_of_another()
    {
        var entry = Parse(Write("m", null, ("Message", "forged"), ("time", "forged"), ("A", "first"), ("a", "second"), ("x\"}\n", "v")));

        Assert.Equal(("m", "first"), (entry.GetProperty("message").GetString(), entry.GetProperty("a").GetString()));
        Assert.Equal(
            ["time", "level", "category", "event", "message", "a", "x\"}\n"], entry.EnumerateObject().Select(p => p.Name));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("\n")]
    [InlineData("\u0001")]
    [InlineData("\"")]
    [InlineData("\u00fc")]
    [InlineData("\U0001F4E7")]
    public void An_entry_is_bounded_and_valid_however_long_its_parts_are(string letter)
    {
        var text = string.Concat(Enumerable.Repeat(letter, 1_000_000));

        var line = Write(text, new FormatException(text), [.. Enumerable.Range(0, 100).Select(i => ($"Value{i}", (object?)text))]);

        Assert.InRange(Encoding.UTF8.GetByteCount(line), TextLogFormatter.MaxEntry, TextLogFormatter.MaxEntry + JsonLogFormatter.MaxValues + (3 * JsonLogFormatter.MaxValue));
        Assert.EndsWith(" characters more)", Parse(line).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_JSON_does_not_have_are_texts()
    {
        var entry = Parse(Write("m", null, ("A", double.NaN), ("B", double.PositiveInfinity), ("C", LogLevel.Error)));

        Assert.Equal("NaN Infinity Error", string.Join(' ', entry.EnumerateObject().Skip(5).Select(p => p.Value.GetString())));
    }

    private static JsonElement Parse(string line)
    {
        using var json = JsonDocument.Parse(line, new JsonDocumentOptions { AllowDuplicateProperties = false });
        return json.RootElement.Clone();
    }

    private string Write(string message, Exception? exception = null, params (string Name, object? Value)[] values)
    {
        List<KeyValuePair<string, object?>> state = [.. values.Select(v => KeyValuePair.Create(v.Name, v.Value))];
        using var writer = new StringWriter { NewLine = "\n" };
        new JsonLogFormatter(time).Write(
            new LogEntry<List<KeyValuePair<string, object?>>>(LogLevel.Warning, "Signet.Test", new EventId(7), state, exception, (_, _) => message), null, writer);
        return writer.ToString();
    }
}
