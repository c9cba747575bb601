using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Signet.Archive;
using Signet.Operators;
using Signet.Server.Cli;
using Signet.Server.Hosting;
using Signet.Server.Tests.Fakes;
using Signet.Telemetry;

namespace Signet.Server.Tests.Cli;

public sealed class OperatorCommandsTests : IDisposable
{
    private const string Password = "correct horse battery";

    private readonly FakeDomain domain = new();
    private readonly string directory = Directory.CreateTempSubdirectory("signet-test-").FullName;
    private readonly Queue<ConsoleKeyInfo> keys = [];
    private string input = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string PasswordFile => Path.Combine(directory, "password");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task An_operator_is_made_with_a_password_from_standard_input()
    {
        input = Password + "\n";

        var made = await RunAsync("operator", "create", "Ann@Example.com", "--role", "administer");

        Assert.Equal((0, "operator ann@example.com\nrole administer\naccount all\npassword yes\n", ""), made);
        Assert.True(await SignsInAsync("ann@example.com", Password));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("")]
    public async Task A_password_comes_from_a_file_without_the_end_of_its_line(string end)
    {
        await File.WriteAllTextAsync(PasswordFile, Password + end, Cancel);

        Assert.Equal(0, (await RunAsync("operator", "create", "ann", "--role", "read", "--password-file", PasswordFile)).Code);

        Assert.True(await SignsInAsync("ann", Password));
    }

    [Fact]
    public async Task A_person_is_asked_twice_and_sees_nothing_of_it()
    {
        Type("xy", "\b\b\b", Password, "\n", Password, "\n");

        var (code, output, error) = await RunAsync("operator", "create", "ann", "--role", "read", "--json");

        Assert.Equal((0, "Password: \nAgain: \n"), (code, error));
        Assert.Equal("ann", JsonDocument.Parse(output).RootElement.GetProperty("name").GetString());
        Assert.True(await SignsInAsync("ann", Password));
    }

    [Fact]
    public async Task A_password_that_is_typed_differently_makes_no_operator()
    {
        Type(Password, "\n", "correct horse bettary", "\n");

        var (code, _, error) = await RunAsync("operator", "create", "ann", "--role", "read");

        Assert.Equal((1, "Password: \nAgain: \nsignet: the two passwords differ\n"), (code, error));
        Assert.Equal("[]\n", (await RunAsync("operator", "list", "--json")).Output);
    }

    [Fact]
    public async Task An_external_operator_has_no_password_and_is_asked_for_none()
    {
        Assert.Equal(
            (0, "operator ann\nrole read\naccount all\npassword no\n", ""),
            await RunAsync("operator", "create", "ann", "--role", "read", "--external"));
    }

    [Fact]
    public async Task Operators_are_listed()
    {
        await RunAsync("account", "create", "111122223333");
        await RunAsync("operator", "create", "bob", "--role", "operate", "--account", "111122223333", "--external");
        input = Password;
        await RunAsync("operator", "create", "ann", "--role", "administer");
        await SignsInAsync("ann", Password);

        var table = (await RunAsync("operator", "list")).Output.Split('\n');
        var json = (await RunAsync("operator", "list", "--json")).Output;

        Assert.Matches("^NAME +ROLE +ACCOUNT +PASSWORD +CREATED +LAST SIGN-IN", table[0]);
        Assert.Matches("^ann +administer +all +yes +2026-01-31T12:00:00Z +2026-01-31T12:00:00Z", table[1]);
        Assert.Matches("^bob +operate +111122223333 +no +2026-01-31T12:00:00Z +-", table[2]);
        Assert.True(
            JsonElement.DeepEquals(
                JsonDocument.Parse(
                    """
                    [
                      {
                        "name": "ann", "role": "administer", "account": null, "hasPassword": true,
                        "createdAt": "2026-01-31T12:00:00+00:00", "lastSignInAt": "2026-01-31T12:00:00+00:00"
                      },
                      {
                        "name": "bob", "role": "operate", "account": "111122223333", "hasPassword": false,
                        "createdAt": "2026-01-31T12:00:00+00:00", "lastSignInAt": null
                      }
                    ]
                    """).RootElement,
                JsonDocument.Parse(json).RootElement),
            json);
    }

    [Fact]
    public async Task Role_and_account_are_changed_and_sessions_end()
    {
        await RunAsync("account", "create", "111122223333");
        await RunAsync("operator", "create", "ann", "--role", "read", "--external");
        var before = (await domain.OperatorStore.FindAsync("ann", Cancel))!;

        var lowered = await RunAsync("operator", "update", "ANN", "--role", "operate", "--account", "111122223333");
        var raised = await RunAsync("operator", "update", "ann", "--all-accounts");

        Assert.Equal((0, "operator ann\nrole operate\naccount 111122223333\npassword no\n", ""), lowered);
        Assert.Equal((0, "operator ann\nrole operate\naccount all\npassword no\n", ""), raised);
        Assert.NotEqual(before.Stamp, (await domain.OperatorStore.FindAsync("ann", Cancel))!.Stamp);
    }

    [Fact]
    public async Task A_password_is_changed()
    {
        input = Password;
        await RunAsync("operator", "create", "ann", "--role", "read");
        input = "another long password";

        Assert.Equal(0, (await RunAsync("operator", "password", "ann")).Code);

        Assert.True(await SignsInAsync("ann", "another long password"));
        Assert.False(await SignsInAsync("ann", Password));
    }

    [Fact]
    public async Task An_operator_is_signed_out_and_deleted()
    {
        await RunAsync("operator", "create", "ann", "--role", "read", "--external");
        var before = (await domain.OperatorStore.FindAsync("ann", Cancel))!;

        Assert.Equal(0, (await RunAsync("operator", "sign-out", "ann")).Code);
        Assert.NotEqual(before.Stamp, (await domain.OperatorStore.FindAsync("ann", Cancel))!.Stamp);

        Assert.Equal((0, "deleted ann\n", ""), await RunAsync("operator", "delete", "ann"));
        Assert.Empty(await domain.OperatorStore.ListAsync(Cancel));
    }

    [Theory]
    [InlineData(2, "`--role` is missing", "create", "ann")]
    [InlineData(2, "`--role` is `read`, `operate` or `administer`, not `Admin`", "create", "ann", "--role", "Admin")]
    [InlineData(2, "`--external` and `--password-file` exclude each other", "create", "ann", "--role", "read", "--external", "--password-file", "x")]
    [InlineData(2, "there is no command or option `--password`", "create", "ann", "--role", "read", "--password", Password)]
    [InlineData(2, "`--account` and `--all-accounts` exclude each other", "update", "ann", "--all-accounts", "--account", "111122223333")]
    [InlineData(2, "nothing to change", "update", "ann")]
    [InlineData(1, "there is no password in standard input", "create", "ann", "--role", "read")]
    [InlineData(1, "the password file `/no/such` cannot be read: ", "create", "ann", "--role", "read", "--password-file", "/no/such")]
    [InlineData(1, "`a b` is not an operator's name", "create", "a b", "--role", "read", "--external")]
    [InlineData(1, "there is no account `111122223333`", "create", "ann", "--role", "read", "--external", "--account", "111122223333")]
    [InlineData(1, "operator `root` exists already", "create", "Root", "--role", "read", "--external")]
    [InlineData(1, "there is no operator `ann`", "update", "ann", "--role", "read")]
    [InlineData(1, "there is no operator `ann`", "delete", "ann")]
    [InlineData(1, "there is no operator `ann`", "sign-out", "ann")]
    [InlineData(1, "`root` is the last administrator of the whole server: make another one first", "delete", "root")]
    [InlineData(1, "`root` is the last administrator of the whole server: make another one first", "update", "root", "--role", "read")]
    public async Task What_cannot_be_done_is_one_sentence_and_an_exit_code(int expected, string sentence, params string[] args)
    {
        await RunAsync("operator", "create", "root", "--role", "administer", "--external");

        await FailsAsync(expected, sentence, args);
    }

    [Theory]
    [InlineData("two\nlines\n", "standard input has more than one line; the password must be a single line")]
    [InlineData("\n", "there is no password in standard input")]
    [InlineData("elevenchars", "a password has 12 to 256 characters")]
    public async Task What_is_no_password_is_one_sentence(string given, string sentence)
    {
        await RunAsync("operator", "create", "root", "--role", "administer", "--external");
        input = given;

        await FailsAsync(1, sentence, "create", "ann", "--role", "read");
        await FailsAsync(1, sentence, "password", "root");
    }

    [Theory]
    [InlineData("create")]
    [InlineData("password")]
    public async Task Help_says_why_a_password_is_no_argument(string verb) =>
        Assert.Contains(
            "never from the command line, which `ps` shows to everybody", (await RunAsync("operator", verb, "--help")).Output, StringComparison.Ordinal);

    [Fact]
    public async Task What_a_command_made_a_server_on_the_same_store_lets_in()
    {
        MailSystemOptions? options = null;
        input = Password;
        var made = await RunOverAsync(
            (given, arrivals, counted, loggers, cancel) => Composition.OpenAsync(options = given, arrivals, counted, loggers, cancel),
            "operator", "create", "ann", "--role", "administer");
        Assert.Equal((0, ""), (made.Code, made.Error));

        using var metrics = new SignetMetrics();
        await using var server = await Composition.OpenAsync(options!, new ArrivalSignal(), metrics, NullLoggerFactory.Instance, Cancel);

        Assert.IsType<SignInOutcome.Done>(await server.Operators.SignInAsync("ann", Password, IPAddress.Loopback, Cancel));
        await server.SessionKeyStore.AddAsync("key-1", "<key/>", Cancel);
        Assert.Equal(["<key/>"], await server.SessionKeyStore.ListAsync(Cancel));
    }

    private async Task FailsAsync(int expected, string sentence, params string[] args)
    {
        var (code, output, error) = await RunAsync(["operator", .. args]);

        Assert.Equal((expected, ""), (code, output));
        Assert.StartsWith($"signet: {sentence}", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    private async Task<bool> SignsInAsync(string name, string password) =>
        await new OperatorRegistry(domain.OperatorStore, domain.AccountStore, new OperatorPasswords(iterations: 1), domain.Time)
            .SignInAsync(name, password, IPAddress.Loopback, Cancel) is SignInOutcome.Done;

    private void Type(params string[] pieces)
    {
        foreach (var c in string.Concat(pieces))
        {
            keys.Enqueue(new ConsoleKeyInfo(
                c, c switch { '\n' => ConsoleKey.Enter, '\b' => ConsoleKey.Backspace, _ => ConsoleKey.None }, false, false, false));
        }
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] args) => RunOverAsync(domain.OpenAsync, args);

    private async Task<(int Code, string Output, string Error)> RunOverAsync(OpenMailSystem open, params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var surroundings = new CommandSurroundings(
            output, error, new SettingsSurroundings(_ => null, directory, "mail.example.com"), open, domain.Time)
        {
            Input = new StringReader(input),
            ReadKey = keys.Count > 0 ? keys.Dequeue : null,
        };
        var code = await new CommandLine(surroundings).RunAsync(args, Cancel);
        return (code, output.ToString(), error.ToString());
    }
}
