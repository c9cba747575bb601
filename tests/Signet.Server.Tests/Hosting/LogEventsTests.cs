using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Signet.Queue;
using Signet.Server.Hosting;
using Signet.Server.Tests.Fakes;
using Signet.Web;

namespace Signet.Server.Tests.Hosting;

/// <summary>The numbers of events: alerts and scripts look for them.</summary>
public sealed partial class LogEventsTests
{
    private static readonly string[] OwnNames = ["time", "level", "category", "event", "message", "exception"];

    private static readonly List<LoggerMessageAttribute> Events =
    [
        .. ((Assembly[])[typeof(MailLog).Assembly, typeof(ConsoleHost).Assembly, typeof(ServerHost).Assembly])
            .SelectMany(a => a.GetTypes().Where(t => t.Name == "Log"))
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public))
            .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .OrderBy(e => e.EventId),
    ];

    [Fact]
    public void A_number_is_one_event() =>
        Assert.Empty(Events.GroupBy(e => e.EventId).Where(g => g.Count() > 1).Select(g => g.Key));

    [Fact]
    public void No_value_of_a_message_has_a_name_that_JSON_entries_have_themselves() =>
        Assert.DoesNotContain(
            Events.SelectMany(e => Placeholder().Matches(e.Message)).Select(m => m.Groups[1].Value),
            name => OwnNames.Contains(name, StringComparer.OrdinalIgnoreCase));

    [Fact]
    public void The_table_of_events_is_in_step_with_the_program()
    {
        var page = Repository.Document("log.md");

        Assert.Equal(
            Events.Select(e => $"| {e.EventId} | {Level(e)} | {e.Message.Replace("|", "\\|", StringComparison.Ordinal)} |"),
            Row().Matches(page).Select(m => m.Value));
    }

    // Events 200 and 201 have the level that their caller gives.
    private static string Level(LoggerMessageAttribute e) => e.Level == LogLevel.None ? "information, debug" : $"{e.Level}".ToLowerInvariant();

    [GeneratedRegex(@"\{(\w+)")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^\| \d+ \|.*\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
