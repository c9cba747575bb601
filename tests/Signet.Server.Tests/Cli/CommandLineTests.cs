using System.Text.Json;
using Signet.Accounts;
using Signet.Names;
using Signet.Policies;
using Signet.Server.Cli;
using Signet.Server.Hosting;
using Signet.Server.Tests.Fakes;
using Signet.Tests;

namespace Signet.Server.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly FakeDomain domain = new();
    private readonly string directory = Directory.CreateTempSubdirectory("signet-test-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task An_account_is_made_changed_and_listed()
    {
        var made = await RunAsync("account", "create", "111122223333", "--name", "shop");
        var changed = await RunAsync("account", "update", "111122223333", "--production", "--rate", "unlimited");
        var listed = await RunAsync("account", "list", "--json");

        Assert.Equal((0, ""), (made.Code, made.Error));
        Assert.Contains("kind sandbox", made.Output, StringComparison.Ordinal);
        Assert.Contains("kind production", changed.Output, StringComparison.Ordinal);
        Assert.Contains("rate unlimited", changed.Output, StringComparison.Ordinal);
        var account = JsonDocument.Parse(listed.Output).RootElement[0];
        Assert.Equal("shop", account.GetProperty("name").GetString());
        Assert.Equal(50_000, account.GetProperty("settings")[0].GetProperty("max24HourSend").GetDouble());
        Assert.Contains("shop", (await RunAsync("account", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_is_paused_as_a_whole_and_resumed()
    {
        await RunAsync("account", "create", "111122223333", "--name", "shop");
        await RunAsync("account", "update", "111122223333", "--production", "--region", "eu-west-1");

        var paused = await RunAsync("account", "update", "111122223333", "--pause", "spam to 40 domains", "--rate", "1");
        var listed = await RunAsync("account", "list");
        var json = JsonDocument.Parse((await RunAsync("account", "list", "--json")).Output).RootElement[0];
        var resumed = await RunAsync("account", "update", "111122223333", "--resume");

        Assert.Equal((0, ""), (paused.Code, paused.Error));
        Assert.Contains("sending on\npaused since 2026-01-31T12:00:00Z: spam to 40 domains\n", paused.Output, StringComparison.Ordinal);
        Assert.Equal(2, listed.Output.Split('\n').Count(l => l.TrimEnd().EndsWith(" since 2026-01-31T12:00:00Z: spam to 40 domains", StringComparison.Ordinal)));
        Assert.Equal("spam to 40 domains", json.GetProperty("paused").GetProperty("reason").GetString());
        Assert.Contains("paused no\n", resumed.Output, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse((await RunAsync("account", "list", "--json")).Output).RootElement[0].GetProperty("paused").ValueKind);
        Assert.Contains("paused since 2026-01-31T12:00:00Z\n", (await RunAsync("account", "update", "111122223333", "--pause")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paused_account_gets_no_confirmation_mail_sent()
    {
        await RunAsync("account", "create", "111122223333");
        await RunAsync("account", "update", "111122223333", "--pause");

        Assert.Equal(
            (1, "signet: the account is paused, so no confirmation mail is sent for it\n"),
            await FailureAsync("identity", "verify", "a@example.com", "--account", "111122223333"));
        Assert.Empty(domain.Mails);
    }

    [Fact]
    public async Task The_regions_are_those_that_the_server_left_in_the_store_unless_the_command_is_given_others()
    {
        domain.Regions = new RegionSet([Region.Parse("mars-1"), Region.Parse("mars-2")]);
        await RunAsync("account", "create", "111122223333");

        Assert.Contains("region mars-1\n", (await RunAsync("account", "update", "111122223333", "--rate", "2")).Output, StringComparison.Ordinal);
        Assert.Equal(
            (2, "signet: `us-east-1` is not a region of this server, which has mars-1, mars-2 (setting `--regions`)\n"),
            await FailureAsync("account", "update", "111122223333", "--rate", "2", "--region", "us-east-1"));
        Assert.Contains(
            "region us-east-1\n",
            (await RunAsync("account", "update", "111122223333", "--rate", "2", "--region", "us-east-1", "--regions", "us-east-1")).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_shown_once_with_its_SMTP_credentials()
    {
        await RunAsync("account", "create", "111122223333");
        await RunAsync("user", "create", "mailer", "--account", "111122223333");

        var made = await RunAsync("key", "create", "--account", "111122223333", "--user", "mailer", "--json", "--region", "eu-west-1");

        var key = JsonDocument.Parse(made.Output).RootElement;
        var secret = key.GetProperty("secretAccessKey").GetString()!;
        Assert.Equal("arn:aws:iam::111122223333:user/mailer", key.GetProperty("principal").GetString());
        Assert.Equal(SmtpCredentials.PasswordFor(secret, Region.Parse("eu-west-1")), key.GetProperty("smtpPassword").GetString());
        var listed = await RunAsync("key", "list", "--account", "111122223333");
        var id = key.GetProperty("accessKeyId").GetString()!;
        Assert.Contains(id, listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, listed.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("key", "revoke", id)).Code);
        Assert.Equal((1, $"signet: there is no access key `{id}`, or it was revoked before\n"), await FailureAsync("key", "revoke", id));
    }

    [Fact]
    public async Task A_users_policies_are_put_listed_and_deleted()
    {
        var file = Path.Combine(directory, "policy.json");
        await File.WriteAllTextAsync(
            file,
            """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}]}""",
            TestContext.Current.CancellationToken);
        string[] account = ["--account", "111122223333"];
        await RunAsync("account", "create", "111122223333");
        await RunAsync(["user", "create", "mailer", .. account]);

        Assert.Equal(0, (await RunAsync(["user", "policy", "put", "mailer", "send", file, .. account])).Code);
        Assert.Contains("ses:SendEmail", (await RunAsync(["user", "policy", "list", "mailer", .. account])).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(["user", "policy", "delete", "mailer", "send", .. account])).Code);
        Assert.DoesNotContain("ses:SendEmail", (await RunAsync(["user", "policy", "list", "mailer", .. account])).Output, StringComparison.Ordinal);
        Assert.Equal(
            (1, "signet: account `111122223333` has no user `nobody`\n"),
            await FailureAsync(["user", "policy", "list", "nobody", .. account]));
    }

    [Fact]
    public async Task A_policy_that_cannot_be_read_changes_nothing()
    {
        var file = Path.Combine(directory, "policy.json");
        await File.WriteAllTextAsync(file, "{", TestContext.Current.CancellationToken);
        await RunAsync("account", "create", "111122223333");

        var (code, error) = await FailureAsync("user", "create", "mailer", "--account", "111122223333", "--policy", file);

        Assert.Equal(1, code);
        Assert.StartsWith($"signet: `{file}` is not a valid user policy: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("mailer", (await RunAsync("user", "list", "--account", "111122223333")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_domain_is_pending_with_its_records_until_the_operator_vouches_for_it()
    {
        string[] account = ["--account", "111122223333"];

        var pending = await RunAsync(["identity", "verify", "example.com", .. account]);
        var verified = await RunAsync(["identity", "verify", "example.com", "--now", .. account]);
        var shown = await RunAsync(["identity", "show", "example.com", "--json", .. account]);

        Assert.Contains("status Pending", pending.Output, StringComparison.Ordinal);
        Assert.Contains("_amazonses.example.com", pending.Output, StringComparison.Ordinal);
        Assert.Contains("CNAME", pending.Output, StringComparison.Ordinal);
        Assert.Contains("status Success", verified.Output, StringComparison.Ordinal);
        var identity = JsonDocument.Parse(shown.Output).RootElement;
        Assert.Equal("Success", identity.GetProperty("status").GetString());
        Assert.NotEqual(0, identity.GetProperty("records").GetArrayLength());
        Assert.Contains("example.com", (await RunAsync(["identity", "list", .. account])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_gets_a_mail_unless_the_operator_vouches_for_it()
    {
        await RunAsync("identity", "verify", "a@example.com", "--account", "111122223333");
        await RunAsync("identity", "verify", "b@example.com", "--now", "--account", "111122223333");

        Assert.Single(domain.Mails);
    }

    [Fact]
    public async Task Policy_explain_says_what_matched_and_what_did_not()
    {
        domain.Decision = Denied();

        var (code, output, _) = await RunAsync(
            "policy", "explain", "--principal", "444455556666", "--action", "SendEmail", "--source", "me@example.com",
            "--to", "a@example.org", "--to", "b@example.org", "--source-ip", "192.0.2.1");

        Assert.Equal(1, code);
        Assert.Equal(["a@example.org", "b@example.org"], domain.Asked?.Recipients.Select(r => r.AsWritten));
        Golden.Matches(Path.Combine(Golden.Folder(), "denied.txt"), output);
    }

    [Fact]
    public async Task Policy_explain_ends_with_0_when_allowed_and_2_when_not_understood()
    {
        string[] explain = ["policy", "explain", "--principal", "111122223333", "--action", "SendEmail"];

        Assert.Equal(0, (await RunAsync([.. explain, "--source", "me@example.com", "--json"])).Code);
        Assert.Equal((2, "signet: a source or a From address is needed\n"), await FailureAsync(explain));
    }

    [Theory]
    [InlineData(2, "there is no command or option `mail`", "mail", "list")]
    [InlineData(2, "there is no command or option `--htpp`", "dev", "--htpp", "x")]
    [InlineData(2, "there is no command or option `--strict`", "serve", "--strict")]
    [InlineData(2, "`--account` is missing", "user", "list")]
    [InlineData(2, "`1` is not an account", "user", "list", "--account", "1")]
    [InlineData(2, "`EU` is not a region", "user", "list", "--account", "111122223333", "--region", "EU")]
    [InlineData(2, "`x y` is neither an email address nor a domain", "identity", "show", "x y", "--account", "111122223333")]
    [InlineData(2, "`--quota` is a number or `unlimited`, not `lots`", "account", "create", "--quota", "lots")]
    [InlineData(2, "nothing to change", "account", "update", "111122223333")]
    [InlineData(2, "`--pause` and `--resume` exclude each other", "account", "update", "111122223333", "--pause", "--resume")]
    [InlineData(1, "there is no account `444455556666`", "account", "update", "444455556666", "--pause")]
    [InlineData(1, "the reason of a pause is one line of 200 characters at most", "account", "update", "444455556666", "--pause", "a\nb")]
    [InlineData(2, "`eu-wset-1` is not a region of this server, which has eu-west-1, eu-west-2, eu-west-3, ", "account", "create", "--region", "eu-wset-1")]
    [InlineData(1, "there is no account `444455556666`", "key", "create", "--account", "444455556666")]
    [InlineData(1, "account `444455556666` has no identity `example.com`", "identity", "show", "example.com", "--account", "444455556666")]
    [InlineData(1, "`--retain` cannot be `soon`", "dev", "--retain", "soon")]
    public async Task What_cannot_be_done_is_one_sentence_and_an_exit_code(int expected, string sentence, params string[] args)
    {
        var (code, error) = await FailureAsync(args);

        Assert.Equal(expected, code);
        Assert.StartsWith($"signet: {sentence}", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    [Fact]
    public async Task A_store_that_cannot_be_opened_is_one_sentence()
    {
        domain.OpenFailure = new StartException("the store is of a newer version");

        Assert.Equal((1, "signet: the store is of a newer version\n"), await FailureAsync("account", "list"));
        Assert.Equal((1, "signet: the store is of a newer version\n"), await FailureAsync("dev", "--http", "127.0.0.1:0"));
    }

    [Fact]
    public async Task A_server_that_is_told_to_stop_ends_with_0()
    {
        using var stop = new CancellationTokenSource();
        var output = new LineWaiter("ready");
        var running = Of(output, TextWriter.Null).RunAsync(["dev", "--http", "127.0.0.1:0"], stop.Token);
        await output.Seen.InTimeAsync();

        await stop.CancelAsync();

        Assert.Equal(0, await running.InTimeAsync());
        Assert.True(domain.IsClosed);
    }

    [Fact]
    public async Task Help_names_every_command()
    {
        var (code, output, _) = await RunAsync("--help");

        Assert.Equal(0, code);
        Assert.All((string[])["dev", "serve", "account", "user", "key", "operator", "identity", "policy", "queue", "receivers", "message", "send"], verb =>
            Assert.Contains($"\n  {verb} ", output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_file_of_receivers_that_is_printed_can_be_read_again()
    {
        var (code, output, _) = await RunAsync("receivers", "print");

        Assert.Equal(0, code);
        Assert.StartsWith("# ", output, StringComparison.Ordinal);
        Assert.Empty(Signet.Delivery.Destinations.Receivers.Shipped.With(output).SourceAddresses);
    }

    /// <summary>Tells when a line has been written that begins so.</summary>
    private sealed class LineWaiter(string beginning) : StringWriter
    {
        private readonly TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => seen.Task;

        public override Task WriteLineAsync(string? value)
        {
            if (value?.StartsWith(beginning, StringComparison.Ordinal) == true)
            {
                seen.TrySetResult();
            }

            return base.WriteLineAsync(value);
        }
    }

    private static SendDecision Denied() => new(
        false,
        "no policy lets this caller send",
        "arn:aws:iam::444455556666:root",
        "ses:SendEmail",
        "us-east-1",
        [
            new AddressCheck(
                AddressRole.Source,
                "me@example.com",
                CheckOutcome.AccessDenied,
                "no statement applies",
                "arn:aws:ses:us-east-1:111122223333:identity/example.com",
                "SourceArn",
                new Decision(DecisionOutcome.NoMatch,
                [
                    new StatementTrace("marketing", 0, "Partners", PolicyEffect.Allow, false, true, true, true,
                    [
                        new ConditionTrace("StringEquals", "ses:FromAddress", ["news@example.com"], ["me@example.com"], false, null),
                        new ConditionTrace("Bool", "aws:SecureTransport", ["true"], null, false, "a missing key fulfils no condition"),
                    ]),
                ]),
                null,
                null),
        ]);

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await Of(output, error).RunAsync(args, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    private async Task<(int Code, string Error)> FailureAsync(params string[] args)
    {
        var (code, output, error) = await RunAsync(args);
        Assert.Equal("", output);
        return (code, error);
    }

    private CommandLine Of(TextWriter output, TextWriter error) => new(new CommandSurroundings(
        output, error, new SettingsSurroundings(_ => null, directory, "mail.example.com"), domain.OpenAsync, domain.Time));
}
