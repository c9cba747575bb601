using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Signet.Tests;

namespace Signet.Server.Tests.Ses;

/// <summary>
/// Requests and their answers, byte for byte, as files: <c>Cases/ACTION/CASE.http</c>. A file is a list of exchanges with one server,
/// so that a later request shows what an earlier one did. A request is a line <c>POST / as NAME</c> (owner, mailer or stranger of
/// <see cref="SesTestServer"/>) and its parameters, one decoded <c>Name=value</c> a line; <c>Version</c> is added unless it is there. Lines
/// before the first request are notes. Request ids and tokens, which differ each time, are masked.
/// </summary>
public sealed partial class WireCaseTests
{
    private const string RequestLine = "POST / as ";

    public static TheoryData<string> Cases()
    {
        var root = Golden.Folder();
        var names = Directory.GetFiles(root, "*.http", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(root, f)).ToList();
        Assert.NotEmpty(names);
        return [.. names.Order(StringComparer.Ordinal)];
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task An_exchange_is_as_recorded(string name)
    {
        var file = Path.Combine(Golden.Folder(), name);
        await using var server = await SesTestServer.StartAsync(TestContext.Current.CancellationToken);

        var got = new StringBuilder();
        foreach (var (request, caller, form) in Read(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)))
        {
            got.Append(request);
            if (caller is not null)
            {
                var reply = await server.PostAsync(caller, form, TestContext.Current.CancellationToken);
                got.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {(int)reply.Status}\nContent-Type: text/xml\n\n{Masked(reply.Body)}\n\n");
            }
        }

        Golden.Matches(file, got.ToString().TrimEnd('\n') + "\n");
    }

    private static IEnumerable<(string Text, TestSigner? Caller, string Form)> Read(string file)
    {
        var parts = $"\n{file}".Split($"\n{RequestLine}");
        if (parts[0].Length > 0)
        {
            yield return (parts[0][1..] + "\n", null, "");
        }

        foreach (var part in parts[1..])
        {
            // A request ends with its first empty line; what follows is the recorded answer.
            var request = part.Split("\n\n", 2)[0].TrimEnd('\n');
            var lines = request.Split('\n');
            var parameters = lines[1..].Any(l => l.StartsWith("Version=", StringComparison.Ordinal)) ? lines[1..] : [.. lines[1..], "Version=2010-12-01"];
            var form = string.Join('&', parameters.Select(l => l.Split('=', 2)).Select(p => $"{TestSigner.Encode(p[0])}={TestSigner.Encode(p[1])}"));
            yield return ($"{RequestLine}{request}\n\n", CallerOf(lines[0]), form);
        }
    }

    private static string Masked(string body) => RandomToken().Replace(body, "TOKEN");

    // A domain's verification token, or the selector of a DKIM key.
    [GeneratedRegex("(?<=<VerificationToken>)[A-Za-z0-9+/]{43}=(?=<)|(?<=<member>)[a-z0-9]{32}(?=<)")]
    private static partial Regex RandomToken();

    private static TestSigner CallerOf(string name) => name switch
    {
        "owner" => SesTestServer.Owner,
        "mailer" => SesTestServer.Mailer,
        "stranger" => SesTestServer.Stranger,
        "owner in eu-west-1" => SesTestServer.Owner with { Region = "eu-west-1" },
        _ => throw new FormatException($"`{name}` is nobody"),
    };
}
