using System.Text.Encodings.Web;
using System.Text.Json;
using Signet.Display;
using Spectre.Console;

namespace Signet.Server.Cli;

/// <summary>
/// What a command answers: tables and lines for people, or one JSON value for scripts. Strangers may have written any of it, so what people
/// read has marks in place of what would steer a terminal or turn text around, and an end.
/// </summary>
internal sealed class CommandOutput(CommandSurroundings surroundings, bool isJson)
{
    // The longest text of ours is a policy; a record to publish, which must not be cut, is shorter than a cell. Cells are padded to the
    // longest of their column.
    private const int MaxLine = 10_000;
    private const int MaxCell = 2_000;

    private readonly TextWriter writer = surroundings.Output;

    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public bool IsJson => isJson;

    /// <summary>Bytes as they are, and nothing else.</summary>
    public async Task BytesAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        await writer.FlushAsync(cancel);
        await using var stream = surroundings.OpenBytes();
        await stream.WriteAsync(bytes, cancel);
    }

    /// <summary>Does what may take long, with a bar on a terminal that a person looks at.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="total">How many there are to do, as far as is known.</param>
    /// <param name="work">Tells how many it has done; gets null when nobody looks.</param>
    public Task<T> ProgressAsync<T>(string title, long total, Func<IProgress<long>?, Task<T>> work) =>
        isJson || !surroundings.IsTerminal ? work(null)
        : AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(writer),
        }).Progress().AutoClear(true).StartAsync(
            context => work(new Bar(context.AddTask(Markup.Escape(title), maxValue: total))));

    /// <summary>One line.</summary>
    public void Line(string text) => writer.WriteLine(VisibleText.Of(text, MaxLine));

    /// <summary>Rows below headings; text is shown without markup, however wide the terminal is.</summary>
    public void Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var heading in headings)
        {
            table.AddColumn(new TableColumn(new Text(heading)).NoWrap());
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(VisibleText.Of(cell, MaxCell))));
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = int.MaxValue / 4;
        console.Write(table);
    }

    /// <summary>One JSON value, indented.</summary>
    public void Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        writer.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    /// <summary>A JSON array of objects.</summary>
    public void JsonArray<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> writeMembers) => Json(json =>
    {
        json.WriteStartArray();
        foreach (var item in items)
        {
            json.WriteStartObject();
            writeMembers(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>A JSON object.</summary>
    public void JsonObject(Action<Utf8JsonWriter> writeMembers) => Json(json =>
    {
        json.WriteStartObject();
        writeMembers(json);
        json.WriteEndObject();
    });

    private sealed class Bar(ProgressTask task) : IProgress<long>
    {
        public void Report(long value) => task.Value = value;
    }
}
