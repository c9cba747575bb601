using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Signet.Server.Hosting;

namespace Signet.Server.Tests.Hosting;

/// <summary>How entries get from whoever logs to whoever reads.</summary>
public sealed class LogWriterTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 12, 30, 0, 5, TimeSpan.Zero));

    [Fact]
    public void Entries_come_out_whole_and_in_order()
    {
        using var output = new ClosedLast();
        using (var loggers = Logging.Create(new LogThreshold(LogLevel.Information), LogFormat.Text, time, () => output))
        {
            var logger = loggers.CreateLogger("Signet.Test");
            for (var i = 0; i < 1_000; i++)
            {
                Write(logger, LogLevel.Information, $"entry {i}");
            }
        }

        Assert.Equal(
            Enumerable.Range(0, 1_000).Select(i => $"2026-03-01T12:30:00.005Z info: Signet.Test[7] entry {i}"),
            output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Who_logs_does_not_wait_when_nobody_reads_and_a_line_says_how_many_entries_are_lost()
    {
        const int entries = 1_500;
        using var output = new StuckStream();
        using (var loggers = Logging.Create(new LogThreshold(LogLevel.Information), LogFormat.Text, time, () => output))
        {
            var logger = loggers.CreateLogger("Signet.Test");
            for (var i = 0; i < entries; i++)
            {
                Write(logger, LogLevel.Information, new string('x', 8_000));
            }

            output.GoOn();
        }

        var lines = output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var lost = Assert.Single(lines, l => l.Contains("LogWriter[1206] ", StringComparison.Ordinal));
        var written = lines.Count(l => l.Contains("Signet.Test[7]", StringComparison.Ordinal));
        Assert.InRange(written, 500, 1_100);
        Assert.Equal($"{entries - written}", Regex.Match(lost, @"\] (\d+) entries of the log are lost").Groups[1].Value);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_ever_for_somebody_to_read()
    {
        using var output = new StuckStream();
        var loggers = Logging.Create(new LogThreshold(LogLevel.Information), LogFormat.Text, time, () => output);
        Write(loggers.CreateLogger("Signet.Test"), LogLevel.Information, "an entry");

        await Task.Run(loggers.Dispose, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        output.GoOn();
    }

    [Fact]
    public void What_a_full_disk_swallowed_is_counted_once_there_is_room()
    {
        using var output = new FullDisk();
        using (var loggers = Logging.Create(new LogThreshold(LogLevel.Information), LogFormat.Text, time, () => output))
        {
            var logger = loggers.CreateLogger("Signet.Test");
            Write(logger, LogLevel.Information, "lost");
            Assert.True(output.Refused.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
            output.HasRoom = true;
            Write(logger, LogLevel.Information, "kept");
        }

        Assert.Contains("kept", output.Text, StringComparison.Ordinal);
        Assert.Contains("] 1 entries of the log are lost", output.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trace", "trace debug information warning error")]
    [InlineData("debug", "debug information warning error")]
    [InlineData("information", "information warning error")]
    [InlineData("warning", "warning error")]
    [InlineData("error", "error")]
    [InlineData("none", "")]
    public void A_level_lets_through_what_is_as_bad_or_worse(string level, string through) =>
        Assert.Equal(through, string.Join(' ', Levels(level, "Signet.Test")));

    [Theory]
    [InlineData("trace", "warning error")]
    [InlineData("information", "warning error")]
    [InlineData("error", "error")]
    [InlineData("none", "")]
    public void Libraries_never_log_less_than_warnings(string level, string through) =>
        Assert.Equal(through, string.Join(' ', Levels(level, "Microsoft.AspNetCore.Hosting")));

    private List<string> Levels(string level, string category)
    {
        using var output = new ClosedLast();
        using (var loggers = Logging.Create(new LogThreshold(Logging.Levels[level]), LogFormat.Text, time, () => output))
        {
            foreach (var (word, least) in Logging.Levels.SkipLast(1))
            {
                Write(loggers.CreateLogger(category), least, word);
            }
        }

        return [.. output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')[^1])];
    }

    private static void Write(ILogger logger, LogLevel level, string text) => logger.Log(level, new EventId(7), text, null, (state, _) => state);

    /// <summary>Keeps its text when it is closed.</summary>
    private class ClosedLast : MemoryStream
    {
        public string Text => Encoding.UTF8.GetString(ToArray());
    }

    /// <summary>A pipe that nobody reads.</summary>
    private sealed class StuckStream : ClosedLast
    {
        private readonly ManualResetEventSlim goesOn = new();

        public void GoOn() => goesOn.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Assert.True(goesOn.Wait(Eventually.Patience));
            base.Write(buffer);
        }
    }

    private sealed class FullDisk : ClosedLast
    {
        public ManualResetEventSlim Refused { get; } = new();

        public volatile bool HasRoom;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (!HasRoom)
            {
                Refused.Set();
                throw new IOException("No space left on device");
            }

            base.Write(buffer);
        }
    }
}
