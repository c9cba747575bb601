using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Signet.Tests;

/// <summary>Who may use whom. Changing an edge means changing these tables, in plain sight.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string[] Projects = ["src/Signet.Domain", "src/Signet.Server", "src/Signet.Web"];

    // Identities and Traffic use Queue for one exception: their background work waits while the store is unavailable.
    private static readonly Dictionary<string, string[]> DomainEdges = new()
    {
        ["Addresses"] = [],
        ["Display"] = [],
        ["Names"] = ["Addresses"],
        ["Dns"] = ["Addresses"],
        ["Policies"] = ["Addresses", "Names"],
        ["Messages"] = ["Addresses", "Names"],
        ["Viewing"] = ["Addresses", "Messages"],
        ["Dkim"] = ["Addresses", "Names", "Messages"],
        ["Accounts"] = ["Names", "Policies"],
        ["Operators"] = ["Addresses", "Names", "Accounts"],
        ["Identities"] = ["Addresses", "Names", "Dns", "Dkim", "Policies", "Queue"],
        ["Events"] = ["Addresses", "Names", "Messages"],
        ["Queue"] = ["Addresses", "Names", "Messages", "Policies", "Events", "Display"],
        ["Archive"] = ["Names", "Messages", "Viewing", "Policies", "Queue", "Events"],
        ["Sending"] = ["Addresses", "Names", "Policies", "Messages", "Accounts", "Identities", "Queue", "Events", "Display"],
        ["Smtp"] = ["Addresses"],
        ["Delivery"] = ["Addresses", "Names", "Messages", "Queue", "Events", "Dns", "Smtp"],
        ["Traffic"] = ["Addresses", "Names", "Queue"],
        ["Preflight"] = ["Addresses", "Messages", "Viewing", "Dns", "Display"],
        ["Telemetry"] = ["Messages", "Queue", "Archive"],
        ["Storage"] =
        [
            "Addresses", "Names", "Policies", "Messages", "Accounts", "Operators", "Identities", "Queue", "Events", "Archive", "Sending",
            "Dkim", "Traffic",
        ],
    };

    // Hosting puts everything together; a way in may ask it by which listener a request came and for the opened domain, but knows
    // no other way in.
    private static readonly Dictionary<string, string[]> ServerEdges = new()
    {
        ["Aws"] = [],
        ["Ses"] = ["Aws"],
        ["Inspection"] = ["Hosting"],
        ["Cli"] = ["Hosting"],
        ["Hosting"] = ["Aws", "Ses", "Inspection"],
    };

    // Pages show what others decide: a decision looks the same wherever it is shown.
    private static readonly Dictionary<string, string[]> ConsoleEdges = new()
    {
        ["Assets"] = [],
        ["Shell"] = ["Assets"],
        ["Messages"] = ["Shell", "Decisions"],
        ["Decisions"] = ["Shell"],
        ["Identities"] = ["Shell", "Decisions"],
        ["Sending"] = ["Shell"],
        ["Accounts"] = ["Shell", "Decisions"],
        ["Operators"] = ["Shell", "SignIn"],
        ["SignIn"] = ["Shell", "Assets"],
    };

    /// <summary>Where a test's code may let real time pass, and why.</summary>
    private static readonly Dictionary<string, string> Sleepers = new()
    {
        ["Eventually.cs"] = "it is how all others wait",
        ["Signet.Domain.Tests/Fakes/ScriptedHttpServer.cs"] = "a server that never answers, until it is stopped",
        ["Signet.Domain.Tests/Fakes/ScriptedSmtpServer.cs"] = "a server that answers late or never, by the test's clock",
        ["Signet.Server.Tests/Chaos/ChaosTests.cs"] = "it kills at a random moment",
        ["Signet.Server.Tests/Clients/TerraformTests.cs"] = "a client that is throttled tries again later, so many times",
        ["Signet.Server.Tests/EndToEnd/NothingLostTests.cs"] = "it kills at a random moment",
        ["Signet.Server.Tests/EndToEnd/SimulatedServer.cs"] = "it lets a simulated clock go on in small steps",
        ["Signet.Server.Tests/EndToEnd/UnprovenMemoryTests.cs"] = "it measures memory now and then",
    };

    /// <summary>A library is named in one folder, so that replacing it is a change to one folder; MimeKit edits messages and shows them.</summary>
    private static readonly Dictionary<string, string> LibraryHomes = new()
    {
        ["MimeKit"] = "Messages, Viewing",
        ["DnsClient"] = "Dns",
        ["Microsoft.AspNetCore.Identity"] = "Operators",
        ["Npgsql"] = "Storage",
        ["Microsoft.Data.Sqlite"] = "Storage",
        ["System.CommandLine"] = "Cli",
        ["Spectre.Console"] = "Cli",
        ["OpenTelemetry"] = "Hosting",
    };

    [Fact]
    public void A_folder_of_the_domain_uses_only_what_its_row_of_the_table_names() =>
        Assert.Empty(Violations("src/Signet.Domain", "Signet", DomainEdges));

    [Fact]
    public void Ways_in_do_not_use_each_other() =>
        Assert.Empty(Violations("src/Signet.Server", "Signet.Server", ServerEdges));

    [Fact]
    public void A_page_of_the_console_uses_only_what_its_row_of_the_table_names() =>
        Assert.Empty(Violations("src/Signet.Web", "Signet.Web", ConsoleEdges));

    [Fact]
    public void The_console_knows_no_way_in_and_no_store() =>
        Assert.Empty(Sources("src/Signet.Web")
            .Where(s => s.Text.Contains("Signet.Server", StringComparison.Ordinal) || s.Text.Contains("Signet.Storage", StringComparison.Ordinal))
            .Select(s => s.Path));

    // The hasher of passwords has the name of ASP.NET Identity, but lives in a library without HTTP, which is all there is to find.
    [Fact]
    public void The_domain_knows_no_http()
    {
        Assert.Empty(Sources("src/Signet.Domain").Where(s => AspNet().IsMatch(s.Text)).Select(s => s.Path));
        Assert.DoesNotContain(
            typeof(Signet.Operators.Operator).Assembly.GetReferencedAssemblies(),
            a => a.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    [Fact]
    public void A_library_is_named_in_one_folder_only()
    {
        var strays =
            from source in Projects.SelectMany(Sources)
            from library in LibraryHomes
            where Regex.IsMatch(source.Text, $@"^using (static )?{Regex.Escape(library.Key)}[.;]", RegexOptions.Multiline)
                && !library.Value.Split(", ").Contains(source.Folder)
            select $"{source.Path} names {library.Key}, whose home is {library.Value}";

        Assert.Empty(strays);
    }

    [Fact]
    public void Every_folder_is_named_in_the_architecture()
    {
        var map = File.ReadAllText(Path.Combine(Root(), "ARCHITECTURE.md"));
        var folders = Projects.SelectMany(Sources).Select(s => s.Folder).Where(f => f.Length > 0).Distinct();

        Assert.DoesNotContain(folders, f => !map.Contains($"`{f}`", StringComparison.Ordinal));
    }

    [Fact]
    public void The_architecture_names_no_folder_that_is_not_there()
    {
        var map = File.ReadAllText(Path.Combine(Root(), "ARCHITECTURE.md"));
        var folders = Projects.SelectMany(Sources).Select(s => s.Folder).ToHashSet();

        Assert.DoesNotContain(FolderRow().Matches(map).Select(m => m.Groups[1].Value), f => !folders.Contains(f.Split('/')[0]));
    }

    [Fact]
    public void No_test_sleeps()
    {
        var sleepers = TestSources().Where(s => Sleep().IsMatch(s.Text)).Select(s => s.Path).ToList();

        Assert.Empty(sleepers.Except(Sleepers.Keys));
        Assert.Empty(Sleepers.Keys.Except(sleepers));
    }

    [Fact]
    public void No_test_waits_without_a_bound() =>
        Assert.Empty(
            from source in TestSources()
            where source.Path != "Eventually.cs"
            from Match match in UnboundedWait().Matches(source.Text)
            select $"{source.Path}: {match.Value.Trim()} has no bound; Eventually has");

    [Fact]
    public void Chance_in_a_test_has_a_seed_that_is_told() =>
        Assert.Empty(
            from source in TestSources()
            where source.Path != "TestRandom.cs"
            from Match match in UnseededChance().Matches(source.Text)
            select $"{source.Path}: {match.Value} cannot be repeated; TestRandom or CsCheck can");

    private static IEnumerable<(string Path, string Folder, string Text)> TestSources() =>
        Sources("tests").Where(s => s.Path != "Signet.Domain.Tests/ArchitectureTests.cs");

    private static IEnumerable<string> Violations(string project, string rootNamespace, Dictionary<string, string[]> edges) =>
        from source in Sources(project)
        where source.Folder.Length > 0
        from Match match in Regex.Matches(source.Text, $@"(?<![.\w]){Regex.Escape(rootNamespace)}\.(\w+)")
        let used = match.Groups[1].Value
        where edges.ContainsKey(used) && used != source.Folder
            && !(edges.TryGetValue(source.Folder, out var allowed) && allowed.Contains(used))
        select $"{source.Path}: {source.Folder} may not use {used}";

    private static IEnumerable<(string Path, string Folder, string Text)> Sources(string project)
    {
        var folder = Path.Combine(Root(), project);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (Path.GetExtension(file) is not (".cs" or ".razor"))
            {
                continue;
            }

            var path = Path.GetRelativePath(folder, file).Replace('\\', '/');
            yield return (path, path.Contains('/', StringComparison.Ordinal) ? path.Split('/')[0] : "", File.ReadAllText(file));
        }
    }

    private static string Root([CallerFilePath] string caller = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(caller)!, "..", ".."));

    [GeneratedRegex(@"Microsoft\.AspNetCore(?!\.Identity;)")]
    private static partial Regex AspNet();

    [GeneratedRegex(@"\bThread\.Sleep\(|\bTask\.(Delay|Yield)\(")]
    private static partial Regex Sleep();

    // A token alone is no bound: nobody cancels it while the test runs.
    [GeneratedRegex(@"\.WaitAsync\((\w+\.)*(\w*[cC]ancel(lationToken)?(\.None)?)?\)|\.WaitForExit(Async)?\(|\bawait [\w.]+\.Task;|\.Wait(One)?\(([cC]ancel)?\)")]
    private static partial Regex UnboundedWait();

    [GeneratedRegex(@"\bnew Random\(\)|\bRandom\.Shared\b|\bEnvironment\.TickCount|\bRandomNumberGenerator\.(GetBytes|GetInt32|Fill)|\]\.Single\(\)")]
    private static partial Regex UnseededChance();

    [GeneratedRegex(@"^\| `([\w/]+)` \|", RegexOptions.Multiline)]
    private static partial Regex FolderRow();
}
