using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Signet.Archive;
using Signet.Queue;
using Signet.Server.Cli;
using Signet.Server.Hosting;
using Signet.Storage;
using Signet.Telemetry;

namespace Signet.Server.Tests.Cli;

/// <summary><c>queue</c>, <c>message</c> and <c>send</c> over a real store, which stays open beside them as a server's would.</summary>
public sealed class OperatingCommandsTests : IAsyncLifetime
{
    private const string UnknownId = "0100019c00000001-11111111-2222-4333-8444-555555555555-000000";

    private static readonly string[] Account = ["--account", "111122223333"];

    private readonly string directory = Directory.CreateTempSubdirectory("signet-test-").FullName;
    private readonly SignetMetrics metrics = new();
    private readonly MemoryStream bytes = new();
    private MailSystemOptions? options;
    private MailSystem? server;

    public async ValueTask InitializeAsync()
    {
        Assert.Equal(0, (await RunAsync("account", "create", "111122223333", "--production")).Code);
        Assert.Equal(0, (await RunAsync(["identity", "verify", "example.com", "--now", .. Account])).Code);
        server = await Composition.OpenAsync(options!, new ArrivalSignal(), metrics, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await server!.DisposeAsync();
        metrics.Dispose();
        await bytes.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_test_mail_is_stored_for_the_server_to_deliver()
    {
        var (code, output, error) = await RunAsync(["send", "--from", "me@example.com", "--to", "you@one.example", .. Account]);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("a running server delivers it", output, StringComparison.Ordinal);
        var claimed = Assert.Single(await ClaimAsync());
        Assert.StartsWith($"message {claimed.Id}\n", output, StringComparison.Ordinal);
        Assert.Contains("Subject: Test\r\n", Encoding.UTF8.GetString(claimed.Content.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_sent_as_it_is_to_those_its_header_names()
    {
        var file = Path.Combine(directory, "mail.eml");
        await File.WriteAllTextAsync(
            file, "From: me@example.com\r\nTo: you@one.example\r\nSubject: raw\r\n\r\nhello\r\n", TestContext.Current.CancellationToken);

        var id = JsonDocument.Parse((await RunAsync(["send", "--file", file, "--json", .. Account])).Output).RootElement.GetProperty("messageId");

        var claimed = Assert.Single(await ClaimAsync());
        Assert.Equal(id.GetString(), claimed.Id.Value);
        Assert.Equal("you@one.example", Assert.Single(claimed.Deliveries).Recipient.ToString());
    }

    [Fact]
    public async Task A_refusal_is_told_in_SES_words()
    {
        Assert.Equal(
            (1, "signet: Email address is not verified. The following identities failed the check in region US-EAST-1: me@example.org\n"),
            await FailureAsync(["send", "--from", "me@example.org", "--to", "you@one.example", .. Account]));
        Assert.Empty(await ClaimAsync());
    }

    [Fact]
    public async Task The_queue_is_listed_by_destination_and_shown_by_delivery()
    {
        var id = await SendAsync("a@one.example", "b@one.example", "c@two.example");

        var list = await RunAsync("queue", "list");
        var show = await RunAsync("queue", "show", "--domain", "two.example");

        var lines = list.Output.Split('\n');
        Assert.StartsWith("DOMAIN", lines[0], StringComparison.Ordinal);
        Assert.Matches("^one.example +2 +0 +0 ", lines[1]);
        Assert.Matches("^two.example +1 +0 +0 ", lines[2]);
        Assert.Contains($"{id} ", show.Output, StringComparison.Ordinal);
        Assert.Contains(" c@two.example ", show.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("one.example", show.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_that_leaves_something_out_says_so()
    {
        await SendAsync("a@one.example", "b@two.example");

        Assert.Contains("more than 1: `--limit` shows the rest", (await RunAsync("queue", "list", "--limit", "1")).Output, StringComparison.Ordinal);
        Assert.Contains("more than 1: `--limit` shows the rest", (await RunAsync("queue", "show", "--limit", "1")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("more than", (await RunAsync("queue", "show", "--limit", "2")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_held_waits_until_it_is_retried()
    {
        await SendAsync("a@one.example", "b@two.example");

        Assert.Equal((0, "1 delivery is held\n", ""), await RunAsync("queue", "hold", "--domain", "one.example"));
        Assert.Equal("b@two.example", Assert.Single(Assert.Single(await ClaimAsync()).Deliveries).Recipient.ToString());
        Assert.Contains("held", (await RunAsync("queue", "show", "--state", "held")).Output, StringComparison.Ordinal);
        Assert.Equal((0, "1 delivery is due now\n", ""), await RunAsync("queue", "retry", "--all"));
        Assert.Equal("a@one.example", Assert.Single(Assert.Single(await ClaimAsync()).Deliveries).Recipient.ToString());
    }

    [Fact]
    public async Task The_mail_of_one_account_is_held_and_the_others_goes_on()
    {
        await SendAsync("a@one.example", "b@two.example");

        Assert.Equal((0, "0 deliveries are held\n", ""), await RunAsync("queue", "hold", "--account", "444455556666"));
        Assert.Equal((0, "2 deliveries are held\n", ""), await RunAsync("queue", "hold", "--account", "111122223333"));
        Assert.Empty(await ClaimAsync());
        Assert.Equal((2, "signet: `1` is not an account: an account is twelve digits\n"), await FailureAsync("queue", "hold", "--account", "1"));
    }

    [Fact]
    public async Task What_is_suspended_is_held_now_and_later_until_it_is_resumed()
    {
        await SendAsync("a@one.example", "b@two.example");

        Assert.Equal(
            (0, "suspension 1: domain one.example\n1 delivery is held\n", ""),
            await RunAsync("queue", "suspend", "--domain", "one.example", "--reason", "ticket 1"));
        var later = await SendAsync("c@one.example");
        Assert.Equal(["b@two.example"], (await ClaimAsync()).SelectMany(m => m.Deliveries).Select(d => $"{d.Recipient}"));
        var listed = (await RunAsync("queue", "suspensions")).Output.Split('\n');
        var json = JsonDocument.Parse((await RunAsync("queue", "suspensions", "--json")).Output).RootElement[0];

        Assert.StartsWith("NUMBER", listed[0], StringComparison.Ordinal);
        Assert.Matches(@"^1 +domain one\.example +2 +\S+ \S+Z +.+ \(command\) +ticket 1", listed[1]);
        Assert.Equal(
            ("one.example", 2, "ticket 1"),
            (json.GetProperty("domain").GetString(), json.GetProperty("held").GetInt32(), json.GetProperty("reason").GetString()));
        Assert.Matches(@"(?m)^c@one\.example +held by suspension 1 ", (await RunAsync("message", "show", later)).Output);
        Assert.Contains("held by suspension 1", (await RunAsync("queue", "show")).Output, StringComparison.Ordinal);

        Assert.Equal((0, "1 suspension has ended\n2 deliveries are due now\n", ""), await RunAsync("queue", "resume", "--domain", "one.example"));
        Assert.Equal("[]\n", (await RunAsync("queue", "suspensions", "--json")).Output);
        Assert.Equal(
            ["a@one.example", "c@one.example"], (await ClaimAsync()).SelectMany(m => m.Deliveries).Select(d => $"{d.Recipient}").Order(StringComparer.Ordinal));
        Assert.Equal(
            (1, "signet: there is no such suspension: `signet queue suspensions` lists them\n"), await FailureAsync("queue", "resume", "1"));
    }

    [Fact]
    public async Task Everything_is_suspended_and_resumed_only_when_that_is_said()
    {
        await SendAsync("a@one.example");

        Assert.Equal(
            (2, "signet: which deliveries? `signet queue suspend` takes either `--all` or some of `--account`, `--identity`, `--domain` and `--destination`\n"),
            await FailureAsync("queue", "suspend"));
        Assert.Equal((2, true), await CodeAsync("which suspension?", "queue", "resume"));
        Assert.Equal((2, true), await CodeAsync("which suspension?", "queue", "resume", "1", "--all"));
        Assert.Equal((0, "suspension 1: everything\n1 delivery is held\n", ""), await RunAsync("queue", "suspend", "--all"));
        Assert.Equal((0, "1 suspension has ended\n1 delivery is due now\n", ""), await RunAsync("queue", "resume", "1"));
    }

    [Fact]
    public async Task What_waits_is_rerouted_and_its_target_is_shown()
    {
        var id = await SendAsync("a@one.example", "b@two.example");

        Assert.Equal(
            (0, "1 delivery is rerouted\n", ""), await RunAsync("queue", "reroute", "--domain", "one.example", "--to", "smtp://relay.example.net"));

        Assert.Contains(" smtp://relay.example.net:25 ", (await RunAsync("queue", "show")).Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^a@one\.example +queued, rerouted to smtp://relay\.example\.net:25 ", (await RunAsync("message", "show", id)).Output);
        Assert.Equal(
            [("a@one.example", "smtp://relay.example.net:25"), ("b@two.example", null)],
            (await ClaimAsync()).Single().Deliveries.OrderBy(d => d.Ordinal).Select(d => ($"{d.Recipient}", d.Route)));
        Assert.Equal((2, true), await CodeAsync("configure them by `--route`", "queue", "reroute", "--all", "--to", "smtp://u:p@relay.example.net"));
        Assert.Equal((2, true), await CodeAsync("drop it instead", "queue", "reroute", "--all", "--to", "capture"));
    }

    [Fact]
    public async Task Deliveries_are_selected_by_identity_and_by_the_hosts_that_the_list_shows()
    {
        await SendAsync("a@one.example", "b@two.example");
        await server!.DestinationDomains.RecordAsync(
            [(Addresses.DomainName.Parse("one.example"), "mx1.host.example mx2.host.example mx3.host.example")], TimeProvider.System.GetUtcNow(),
            TestContext.Current.CancellationToken);

        Assert.Matches(@"(?m)^one\.example .* mx1\.host\.example,mx2\.host\.example,\+1 ", (await RunAsync("queue", "list")).Output);
        Assert.Equal((0, "1 delivery is held\n", ""), await RunAsync("queue", "hold", "--destination", "mx1.host.example,mx2.host.example,+1"));
        Assert.Equal((0, "0 deliveries are held\n", ""), await RunAsync("queue", "hold", "--identity", "example.org"));
        Assert.Equal(
            (0, "1 delivery is held\n", ""), await RunAsync("queue", "hold", "--identity", "arn:aws:ses:us-east-1:111122223333:identity/example.com"));
        Assert.Equal((2, true), await CodeAsync("is not a destination", "queue", "hold", "--destination", "a b%"));
        Assert.Equal((2, true), await CodeAsync("is not an identity", "queue", "hold", "--identity", "arn:aws:iam::1:root"));
    }

    [Fact]
    public async Task A_paused_account_sends_no_test_mail_and_what_was_queued_goes_on()
    {
        await SendAsync("a@one.example");
        Assert.Equal(0, (await RunAsync("account", "update", "111122223333", "--pause")).Code);

        Assert.Equal(
            (1, "signet: Sending paused for this account. For more information, please contact the operator of this server.\n"),
            await FailureAsync(["send", "--from", "me@example.com", "--to", "you@one.example", .. Account]));
        Assert.Equal("a@one.example", Assert.Single(Assert.Single(await ClaimAsync()).Deliveries).Recipient.ToString());
    }

    [Fact]
    public async Task What_is_being_attempted_is_asked_for_and_said()
    {
        var data = Path.Combine(directory, ".signet");
        await using (var store = await Database.OpenSqliteAsync(
            Path.Combine(data, StoreSettings.DatabaseFile), SecretBox.WithKeyIn(data), TestContext.Current.CancellationToken))
        {
            await new SqlNodes(store).BeatAsync("server", TimeSpan.FromHours(1), TestContext.Current.CancellationToken);
        }

        await SendAsync("a@one.example");
        await ClaimAsync();

        Assert.Equal(
            (0, "0 deliveries are held\n1 being attempted right now: held unless the attempt ends them\n", ""),
            await RunAsync("queue", "hold", "--all"));
        Assert.Contains("queued, being attempted", (await RunAsync("queue", "show")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_dropped_has_failed_and_the_story_says_who_did_it()
    {
        var id = await SendAsync("a@one.example");

        Assert.Equal(
            (2, "signet: dropped deliveries cannot be retried: confirm with `--yes`\n"),
            await FailureAsync("queue", "drop", "--message", id));
        var dropped = JsonDocument.Parse((await RunAsync("queue", "drop", "--message", id, "--yes", "--json")).Output).RootElement;

        Assert.Equal(1, dropped.GetProperty("changed").GetInt64());
        Assert.Equal(0, dropped.GetProperty("leftAlone").GetInt64());
        Assert.Contains("dropped by an operator", (await RunAsync("message", "show", id)).Output, StringComparison.Ordinal);
        Assert.Equal("[]\n", (await RunAsync("queue", "show", "--json")).Output);
    }

    [Fact]
    public async Task A_bar_shows_on_a_terminal_only()
    {
        await SendAsync("a@one.example");

        var terminal = await RunOnTerminalAsync("queue", "hold", "--all");
        var json = await RunOnTerminalAsync("queue", "retry", "--all", "--json");

        Assert.Contains("1 delivery is held\n", terminal, StringComparison.Ordinal);
        Assert.Contains("queue hold", terminal, StringComparison.Ordinal);
        Assert.Equal(1, JsonDocument.Parse(json).RootElement.GetProperty("changed").GetInt64());
    }

    [Fact]
    public async Task The_story_of_a_message_has_each_attempt_with_host_tls_reply_and_time()
    {
        var id = await SendAsync("a@one.example");
        var claimed = Assert.Single(await ClaimAsync());
        var at = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        await server!.Queue.StoreResultsAsync(
            "server",
            [
                new DeliveryResult(claimed.Id, 0, DeliveryState.Deferred, at, at.AddMinutes(5), "450 4.2.0 later", null)
                {
                    Attempts = 0,
                    Attempt = new Attempt(
                        1, at, TimeSpan.FromMilliseconds(1234), "mx.one.example", "192.0.2.7", "TLSv1.3", "450 4.2.0 later", DeliveryState.Deferred)
                    {
                        Cipher = "TLS_AES_256_GCM_SHA384",
                        Certificate = "wrong name",
                        TlsPolicy = "required by route one.example",
                    },
                },
            ],
            TestContext.Current.CancellationToken);

        var told = (await RunAsync("message", "show", id)).Output;
        var json = JsonDocument.Parse((await RunAsync("message", "show", id, "--json")).Output).RootElement;

        Assert.Matches(
            @"(?m)^2026-01-01 12:00:00\.000Z +a@one\.example +1 +deferred +mx\.one\.example +192\.0\.2\.7 +TLSv1\.3 +TLS_AES_256_GCM_SHA384 +wrong name +required by route one\.example +1234 ms +450 4\.2\.0 later", told);
        var attempt = Assert.Single(json.GetProperty("attempts").EnumerateArray().ToArray());
        Assert.True(
            JsonElement.DeepEquals(
                JsonDocument.Parse(
                    """
                    {
                      "recipient": "a@one.example", "number": 1, "at": "2026-01-01T12:00:00+00:00", "durationMillis": 1234,
                      "host": "mx.one.example", "address": "192.0.2.7", "tls": "TLSv1.3", "cipher": "TLS_AES_256_GCM_SHA384",
                      "certificate": "wrong name", "tlsPolicy": "required by route one.example", "reply": "450 4.2.0 later", "outcome": "deferred"
                    }
                    """).RootElement,
                attempt),
            attempt.GetRawText());
    }

    [Fact]
    public async Task The_story_of_a_message_is_its_envelope_deliveries_events_and_decision()
    {
        var id = await SendAsync("a@one.example");

        var told = (await RunAsync("message", "show", id)).Output;
        var json = JsonDocument.Parse((await RunAsync("message", "show", id, "--json")).Output).RootElement;

        Assert.All(
            (string[])
            [
                $"message {id}\n", "account 111122223333 in us-east-1\n", "source me@example.com\n",
                "identity arn:aws:ses:us-east-1:111122223333:identity/example.com\n", "\nallowed: ",
            ],
            part => Assert.Contains(part, told, StringComparison.Ordinal));
        Assert.Matches(@"(?m)^a@one\.example +queued +0 ", told);
        Assert.Matches(@"(?m)^2\S+ \S+Z +Send +a@one\.example", told);
        Assert.Equal("queued", json.GetProperty("deliveries")[0].GetProperty("state").GetString());
        Assert.Equal("Send", json.GetProperty("events")[0].GetProperty("type").GetString());
        Assert.Equal(JsonValueKind.Object, json.GetProperty("decision").ValueKind);
    }

    [Fact]
    public async Task What_would_steer_a_terminal_or_turn_text_around_is_marked()
    {
        const string hostile = "pay\u202efdp.exe\u001b[2J\u2028x";
        const string shown = "pay<U+202E>fdp.exe<U+001B>[2J<U+2028>x";
        var id = await SendAsync(["a@one.example"], ["--subject", hostile]);
        var claimed = Assert.Single(await ClaimAsync());
        var at = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        await server!.Queue.StoreResultsAsync(
            "server",
            [
                new DeliveryResult(claimed.Id, 0, DeliveryState.Deferred, at, at.AddMinutes(5), hostile, null)
                {
                    Attempts = 0,
                    Attempt = new Attempt(1, at, TimeSpan.Zero, "mx\u202e", "192.0.2.7", null, hostile, DeliveryState.Deferred),
                },
            ],
            TestContext.Current.CancellationToken);

        var shownText = (await RunAsync("message", "show", id)).Output;
        var queue = (await RunAsync("queue", "show")).Output + (await RunAsync("queue", "list")).Output;
        var refusal = (await FailureAsync(["send", "--from", $"{hostile} <me@example.org>", "--to", "a@one.example", .. Account])).Error;

        Assert.Contains($"subject {shown}\n", shownText, StringComparison.Ordinal);
        Assert.Equal(3, shownText.Split(shown).Length - 1);
        Assert.Contains(" mx<U+202E> ", shownText, StringComparison.Ordinal);
        Assert.Equal(2, queue.Split(shown).Length - 1);
        Assert.All([shownText, queue, refusal], text => Assert.DoesNotContain(text, c => (char.IsControl(c) && c != '\n') || c is '\u202e' or '\u2028'));
    }

    [Fact]
    public async Task A_subject_and_a_reply_without_end_are_cut_for_people_and_whole_for_scripts()
    {
        var id = await SendAsync(["a@one.example"], ["--subject", new string('s', 1_000)]);
        await server!.Queue.StoreResultsAsync(
            "server",
            [new DeliveryResult(Assert.Single(await ClaimAsync()).Id, 0, DeliveryState.Failed, TimeProvider.System.GetUtcNow(), null, new string('r', 60_000), null) { Attempts = 0 }],
            TestContext.Current.CancellationToken);

        var shownText = (await RunAsync("message", "show", id)).Output;
        var json = JsonDocument.Parse((await RunAsync("message", "show", id, "--json")).Output).RootElement;

        Assert.Contains($"subject {new string('s', 1_000)}\n", shownText, StringComparison.Ordinal);
        Assert.Contains(new string('r', 2_000) + "…", shownText, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('r', 2_001), shownText, StringComparison.Ordinal);
        Assert.Equal(60_000, json.GetProperty("deliveries")[0].GetProperty("result").GetString()!.Length);
    }

    [Fact]
    public async Task A_message_is_written_byte_by_byte()
    {
        var id = await SendAsync("a@one.example");

        Assert.Equal((0, "", ""), await RunAsync("message", "show", id, "--raw"));

        Assert.Equal(Assert.Single(await ClaimAsync()).Content.ToArray(), bytes.ToArray());
    }

    [Fact]
    public async Task A_confirmation_mail_has_a_story_and_a_place_in_the_queue_but_shows_no_content()
    {
        Assert.Equal(0, (await RunAsync(["identity", "verify", "you@one.example", .. Account])).Code);
        var shown = JsonDocument.Parse((await RunAsync("queue", "show", "--json")).Output).RootElement;
        var id = Assert.Single(shown.EnumerateArray().ToArray()).GetProperty("messageId").GetString()!;

        var told = (await RunAsync("message", "show", id)).Output;
        var json = JsonDocument.Parse((await RunAsync("message", "show", id, "--json")).Output).RootElement;

        Assert.Contains("account none: this is the server's own mail\nprincipal signet\noperation VerifyEmailIdentity\n", told, StringComparison.Ordinal);
        Assert.Contains("account 111122223333 asks to verify `you@one.example` in us-east-1", told, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("account").ValueKind);
        Assert.Equal(
            (1, "signet: the content of this mail is the server's own and is not shown\n"), await FailureAsync("message", "show", id, "--raw"));
        Assert.Equal((0, "1 delivery is held\n", ""), await RunAsync("queue", "hold", "--all"));
        Assert.Equal((0, "1 delivery is due now\n", ""), await RunAsync("queue", "retry", "--message", id));
        Assert.Contains("/_signet/confirm/", Encoding.UTF8.GetString(Assert.Single(await ClaimAsync()).Content.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_confirmation_mail_to_a_mailbox_has_to_wait()
    {
        Assert.Equal(0, (await RunAsync(["identity", "verify", "you@one.example", .. Account])).Code);

        var (code, error) = await FailureAsync(["identity", "verify", "You+x@one.example", .. Account]);

        Assert.Equal(1, code);
        Assert.Matches("^signet: a confirmation mail was sent to this address recently: the next one can be sent in 5 minutes\n$", error);
    }

    [Theory]
    [InlineData(1, $"there is no message `{UnknownId}`", "message", "show", UnknownId)]
    [InlineData(1, $"there is no message `{UnknownId}`", "message", "show", UnknownId, "--raw")]
    [InlineData(2, "`1` is not a MessageId", "message", "show", "1")]
    [InlineData(2, "`1` is not a MessageId", "queue", "show", "--message", "1")]
    [InlineData(2, "`x y` is not an email address", "queue", "show", "--recipient", "x y")]
    [InlineData(2, "`x y` is not a domain", "queue", "list", "--domain", "x y")]
    [InlineData(2, "`--state` is `queued`, `deferred` or `held`, not `failed`", "queue", "list", "--state", "failed")]
    [InlineData(2, "`--limit` is a number from 1 to 1000000, not `0`", "queue", "list", "--limit", "0")]
    [InlineData(2, "which deliveries?", "queue", "retry")]
    [InlineData(2, "which deliveries?", "queue", "hold", "--all", "--state", "queued")]
    [InlineData(2, "which deliveries?", "queue", "drop", "--yes")]
    [InlineData(2, "`--account` is missing", "send", "--from", "me@example.com", "--to", "a@one.example")]
    [InlineData(2, "`--from` is missing", "send", "--to", "a@one.example", "--account", "111122223333")]
    [InlineData(2, "`--to` is missing", "send", "--from", "me@example.com", "--account", "111122223333")]
    [InlineData(2, "`you` is not an address", "send", "--from", "me@example.com", "--to", "you", "--account", "111122223333")]
    [InlineData(2, "`--file` and `--text` exclude each other", "send", "--file", "x.eml", "--text", "y", "--account", "111122223333")]
    [InlineData(1, "`/no/such.eml` cannot be read", "send", "--file", "/no/such.eml", "--account", "111122223333")]
    public async Task What_cannot_be_done_is_one_sentence_and_an_exit_code(int expected, string sentence, params string[] args)
    {
        var (code, error) = await FailureAsync(args);

        Assert.Equal(expected, code);
        Assert.StartsWith($"signet: {sentence}", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("--yes", "queue", "drop")]
    [InlineData("--all", "queue", "retry")]
    [InlineData("--domain", "queue", "hold")]
    [InlineData("--newest", "queue", "show")]
    [InlineData("--raw", "message", "show")]
    [InlineData("--source-arn", "send")]
    public async Task Help_names_the_options(string option, params string[] command)
    {
        var (code, output, _) = await RunAsync([.. command, "--help"]);

        Assert.Equal(0, code);
        Assert.Contains($"\n  {option} ", output, StringComparison.Ordinal);
    }

    private Task<string> SendAsync(params string[] recipients) => SendAsync(recipients, []);

    private async Task<string> SendAsync(string[] recipients, string[] options)
    {
        var to = recipients.SelectMany(IEnumerable<string> (r) => ["--to", r]);
        var sent = await RunAsync(["send", "--from", "me@example.com", "--json", .. to, .. options, .. Account]);
        return JsonDocument.Parse(sent.Output).RootElement.GetProperty("messageId").GetString()!;
    }

    // As the server's node would, at a time when all that was sent is due.
    private Task<ClaimedMessages> ClaimAsync()
    {
        var now = TimeProvider.System.GetUtcNow().AddSeconds(1);
        return server!.Queue.ClaimAsync("server", new ClaimRequest(now, 100), TestContext.Current.CancellationToken);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await Of(output, error, isTerminal: false).RunAsync(args, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    private async Task<string> RunOnTerminalAsync(params string[] args)
    {
        var output = new StringWriter();
        Assert.Equal(0, await Of(output, TextWriter.Null, isTerminal: true).RunAsync(args, TestContext.Current.CancellationToken));
        return output.ToString();
    }

    private async Task<(int Code, bool Says)> CodeAsync(string words, params string[] args)
    {
        var (code, error) = await FailureAsync(args);
        return (code, error.Contains(words, StringComparison.Ordinal));
    }

    private async Task<(int Code, string Error)> FailureAsync(params string[] args)
    {
        var (code, output, error) = await RunAsync(args);
        Assert.Equal("", output);
        return (code, error);
    }

    private CommandLine Of(TextWriter output, TextWriter error, bool isTerminal) => new(
        new CommandSurroundings(
            output,
            error,
            new SettingsSurroundings(_ => null, directory, "mail.example.com"),
            (given, arrivals, counted, loggers, cancel) =>
            {
                options = given;
                return Composition.OpenAsync(given, arrivals, counted, loggers, cancel);
            },
            TimeProvider.System)
        {
            IsTerminal = isTerminal,
            OpenBytes = () => bytes,
        });
}
