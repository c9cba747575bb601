using System.Text;
using Signet.Accounts;
using Signet.Display;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;
using Signet.Queue;
using Signet.Sending;

namespace Signet.Tests.Sending;

public sealed class SubmissionTests
{
    private const string RawMessage = """
        From: News <news@shop.test>
        To: Team: a@client.test, b@client.test;
        Cc: c@client.test
        Bcc: d@client.test
        Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
        X-SES-MESSAGE-TAGS: campaign=spring

        Body

        """;

    [Fact]
    public async Task What_is_stored_is_the_message_its_envelope_and_why_it_was_allowed()
    {
        var door = await Door.OpenAsync();

        var stored = await door.StoredAsync(Door.Parts(source: "\"Shop, News\" <news@shop.test>"));

        Assert.Equal("\"Shop, News\" <news@shop.test>", stored.Source);
        Assert.Equal(["c@client.test"], stored.Recipients.Select(r => r.ToString()));
        Assert.Equal($"{stored.Id}@signet.test", stored.EnvelopeFrom.ToString());
        Assert.Equal("news@shop.test", stored.BounceAddress.ToString());
        Assert.Equal("SendEmail", stored.Operation);
        Assert.Equal(Door.Domain.ToString(), stored.SourceArn);
        Assert.True(stored.Decision.Allowed);
        var text = Encoding.ASCII.GetString(stored.Content.Span);
        Assert.Contains($"Message-ID: <{stored.Id}@signet.test>\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Date: Tue, 15 Sep 2015 12:00:00 +0000\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_raw_messages_envelope_is_to_cc_and_bcc_with_the_members_of_groups()
    {
        var door = await Door.OpenAsync();

        var stored = await door.StoredAsync(Door.Raw(RawMessage));

        Assert.Equal(
            ["a@client.test", "b@client.test", "c@client.test", "d@client.test"], stored.Recipients.Select(r => r.ToString()));
        Assert.Equal("Grüße", stored.Subject);
        Assert.Equal([new MessageTag("campaign", "spring")], stored.Tags);
        Assert.DoesNotContain("Bcc", Encoding.ASCII.GetString(stored.Content.Span), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_line_that_is_too_long_leaves_as_it_is_and_the_decision_says_so()
    {
        var door = await Door.OpenAsync();
        var line = new string('x', 1_200);

        var stored = await door.StoredAsync(Door.Raw(RawMessage + line + "\n"));

        Assert.EndsWith($"\r\n{line}\r\n", Encoding.ASCII.GetString(stored.Content.Span), StringComparison.Ordinal);
        Assert.Equal(
            "Line 9 has 1,200 bytes, 998 are allowed. The message leaves as it is, and a receiver may refuse it or break the line.",
            DecisionJson.Read(DecisionJson.Write(stored.Decision), wasAllowed: true).Remark);
        Assert.Null((await door.StoredAsync(Door.Raw(RawMessage))).Decision.Remark);
    }

    [Fact]
    public async Task Destinations_are_the_whole_envelope_when_there_are_any()
    {
        var door = await Door.OpenAsync();

        var stored = await door.StoredAsync(Door.Raw(RawMessage, destinations: "only@client.test"));

        Assert.Equal(["only@client.test"], stored.Recipients.Select(r => r.ToString()));
    }

    [Fact]
    public async Task Tags_of_the_call_replace_those_of_the_header()
    {
        var door = await Door.OpenAsync();

        var stored = await door.StoredAsync(Door.Raw(RawMessage) with { Tags = [new MessageTag("a", "b")] });

        Assert.Equal([new MessageTag("a", "b")], stored.Tags);
    }

    [Fact]
    public async Task An_address_that_is_named_twice_gets_the_message_once()
    {
        var door = await Door.OpenAsync();

        var stored = await door.StoredAsync(Door.Raw(RawMessage, null, null, "a@client.test", "A <a@CLIENT.test>", "\"a\"@client.test"));

        Assert.Equal(["a@client.test"], stored.Recipients.Select(r => r.ToString()));
    }

    [Fact]
    public async Task A_composed_message_and_its_envelope_spell_addresses_as_they_were_judged()
    {
        var door = await Door.OpenAsync();

        var stored = await door.StoredAsync(Door.Parts(source: "News <\"news\"@shop.test>", to: "\"c\"@client.test"));

        var text = Encoding.ASCII.GetString(stored.Content.Span);
        Assert.Contains("From: \"News\" <news@shop.test>\r\n", text, StringComparison.Ordinal);
        Assert.Contains("To: c@client.test\r\n", text, StringComparison.Ordinal);
        Assert.Equal(["c@client.test"], stored.Recipients.Select(r => r.ToString()));
        Assert.Equal("news@shop.test", stored.BounceAddress.ToString());
    }

    [Theory]
    [InlineData("return@shop.test", "news@shop.test", "news@shop.test")]
    [InlineData("return@shop.test", null, "return@shop.test")]
    [InlineData(null, null, "news@shop.test")]
    public async Task A_raw_messages_feedback_goes_to_source_then_return_path_then_from(string? header, string? source, string feedback)
    {
        var door = await Door.OpenAsync();
        var message = header is null ? RawMessage : $"Return-Path: <{header}>\n{RawMessage}";

        Assert.Equal(feedback, (await door.StoredAsync(Door.Raw(message, source: source))).BounceAddress.ToString());
    }

    [Fact]
    public async Task A_return_path_parameter_receives_the_feedback_of_a_composed_message()
    {
        var door = await Door.OpenAsync();

        var stored = await door.StoredAsync(Door.Parts() with { ReturnPath = Door.Mailbox("bounces@shop.test") });

        Assert.Equal("bounces@shop.test", stored.BounceAddress.ToString());
    }

    [Fact]
    public async Task Example_17_a_delegate_names_the_identity_in_a_header_and_the_parameter_beats_it()
    {
        var door = await Door.OpenAsync();
        await door.VerifyAsync(Door.Stranger, "stranger.test");
        await door.PutPolicyAsync(
            Door.Domain, """{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"ses:SendRawEmail","Resource":"D"}""");
        var request = Door.Raw(
            $"X-SES-SOURCE-ARN: {Door.Domain}\nX-SES-SOURCE-ARN: second\n{RawMessage}", Door.Root(Door.Delegate));
        var strangers = new IdentityArn(Door.Stranger, IdentityName.Parse("stranger.test"));

        var stored = await door.StoredAsync(request);
        var refusal = await door.RefusalOfAsync(request with { SourceArn = new ArnText(strangers.ToString()) });

        Assert.DoesNotContain("X-SES", Encoding.ASCII.GetString(stored.Content.Span), StringComparison.Ordinal);
        Assert.Equal("X-SES-SOURCE-ARN", stored.Decision.Checks[0].NamedBy);
        Assert.StartsWith("Email address is not verified.", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unverified_sender_is_named_as_it_was_written()
    {
        var door = await Door.OpenAsync();

        var refusal = await door.RefusalOfAsync(Door.Parts(source: "Shop <shop@elsewhere.test>"));

        Assert.Equal(
            "Email address is not verified. The following identities failed the check in region US-EAST-1: Shop <shop@elsewhere.test>",
            refusal);
    }

    [Fact]
    public async Task A_denied_delegate_reads_who_may_not_do_what_with_what()
    {
        var door = await Door.OpenAsync();

        var refusal = await door.RefusalOfAsync(
            Door.Parts(Door.Root(Door.Delegate)) with { SourceArn = new ArnText(Door.Domain.ToString()) });

        Assert.Equal(
            "User `arn:aws:iam::444455556666:root' is not authorized to perform `ses:SendEmail' on resource "
            + "`arn:aws:ses:us-east-1:111122223333:identity/shop.test'",
            refusal);
        Assert.Equal(refusal, Assert.Single(door.History.Refusals).Refusal);
    }

    [Fact]
    public async Task A_refusal_that_cannot_be_recorded_is_a_refusal_all_the_same()
    {
        var door = await Door.OpenAsync();
        door.History.Fails = true;

        Assert.NotEmpty(await door.RefusalOfAsync(Door.Parts(source: "a@elsewhere.test")));
    }

    [Theory]
    [InlineData("SourceArn")]
    [InlineData("X-SES-FROM-ARN")]
    public async Task An_arn_that_is_none_is_refused_with_its_name(string name)
    {
        var door = await Door.OpenAsync();
        var request = name == "SourceArn"
            ? Door.Raw(RawMessage) with { SourceArn = new ArnText("arn:nonsense") }
            : Door.Raw($"{name}: arn:nonsense\n{RawMessage}");

        Assert.Equal($"{name} is not the ARN of an identity: <arn:nonsense>.", await door.RefusalOfAsync(request));
    }

    [Theory]
    [InlineData("From", 10, "From address count exceeds 10.")]
    [InlineData("Reply-To", 50, "Reply-To address count exceeds 50.")]
    public async Task A_header_names_so_many_addresses_and_no_more_members_of_groups_included(string header, int max, string refusal)
    {
        var door = await Door.OpenAsync();

        Assert.Equal(refusal, await door.RefusalOfAsync(Message(max + 1)));
        await door.StoredAsync(Message(max));

        SubmissionRequest Message(int count) => Door.Raw(
            $"""
            {(header == "From" ? "" : "From: news@shop.test\n")}{header}: a@shop.test, Team: {string.Join(", ", Enumerable.Range(1, count - 1).Select(i => $"a{i}@shop.test"))};
            To: c@client.test

            x

            """);
    }

    [Fact]
    public async Task A_call_names_fifty_reply_addresses_at_most()
    {
        var door = await Door.OpenAsync();

        Assert.Equal("Reply-To address count exceeds 50.", await door.RefusalOfAsync(Call(51)));
        await door.StoredAsync(Call(50));

        static SubmissionRequest Call(int count) => Door.Parts() with
        {
            Content = ((SubmissionContent.Parts)Door.Parts().Content) with
            {
                ReplyTo = [.. Enumerable.Range(0, count).Select(i => Door.Mailbox($"a{i}@shop.test"))],
            },
        };
    }

    [Theory]
    [InlineData("Sender: a@shop.test, b@shop.test", "Illegal address")]
    [InlineData("From: b@shop.test", "Duplicate header 'From'.")]
    [InlineData("Sender: a@shop.test\nSender: b@shop.test", "Duplicate header 'Sender'.")]
    [InlineData("Reply-To: a@shop.test\nReply-To: b@shop.test", "Duplicate header 'Reply-To'.")]
    public async Task A_sender_is_one_mailbox_and_fields_of_authors_are_not_repeated(string fields, string refusal)
    {
        var door = await Door.OpenAsync();

        Assert.Equal(refusal, await door.RefusalOfAsync(Door.Raw($"{fields}\n{RawMessage}")));
    }

    [Fact]
    public async Task A_sender_that_is_too_long_is_refused_as_every_address_is()
    {
        var door = await Door.OpenAsync();

        Assert.StartsWith(
            "Address length is more than 320 characters long: 'sss",
            await door.RefusalOfAsync(Door.Raw($"Sender: {new string('s', 330)}@shop.test\n{RawMessage}")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_name_of_a_configuration_set_is_none_and_the_headers_counts()
    {
        var door = await Door.OpenAsync();
        var raw = Door.Raw("From: a@shop.test\nTo: b@client.test\nX-SES-CONFIGURATION-SET: none\n\nx\n") with { ConfigurationSet = "" };

        Assert.Equal("Configuration set <none> does not exist.", await door.RefusalOfAsync(raw));
        Assert.IsType<SubmissionResult.Accepted>(await door.AcceptAsync(Door.Parts() with { ConfigurationSet = "" }));
    }

    [Fact]
    public async Task A_refusal_before_authorization_is_recorded_with_its_code_and_those_of_pace_are_not()
    {
        var door = await Door.OpenAsync();

        await door.RefusalOfAsync(Door.Parts() with { ConfigurationSet = "none" });
        await door.RefusalOfAsync(Door.Raw("no header"));
        await door.Accounts.ChangeSettingsAsync(Door.Owner, _ => AccountSettings.Unlimited with { MaxSendRate = 0 }, TestContext.Current.CancellationToken);
        await door.RefusalOfAsync(Door.Parts());

        Assert.Equal(
            [("ConfigurationSetDoesNotExist", 400, "c@client.test"), ("InvalidParameterValue", 400, "")],
            door.History.Refusals.Select(r => (r.Code, r.Status, string.Join(' ', r.Recipients))));
        Assert.All(door.History.Refusals, r => Assert.Null(r.Decision));
    }

    [Fact]
    public async Task What_is_kept_and_logged_of_a_refusal_is_bounded_whatever_was_sent()
    {
        var door = await Door.OpenAsync();
        await door.Accounts.ChangeSettingsAsync(Door.Owner, _ => AccountSettings.NewSandbox, TestContext.Current.CancellationToken);
        var name = string.Concat(Enumerable.Repeat("<\u00fc\u202e>", 60)).Replace("<", "", StringComparison.Ordinal).Replace(">", "", StringComparison.Ordinal);
        var from = string.Join(",\n ", Enumerable.Range(0, 10).Select(i => $"\"{name}\" <a{i}@elsewhere.test>"));
        var to = string.Join(",\n ", Enumerable.Range(0, 50).Select(i => $"\"{name}\" <r{i}@client.test>"));

        var refusal = await door.RefusalOfAsync(Door.Raw($"From: {from}\nTo: {to}\n\nx\n"));

        Assert.InRange(refusal.Length, 1, 1_000);
        var kept = Assert.Single(door.History.Refusals);
        var facts = new SendFacts(kept.Caller, kept.Action, "us-east-1", kept.At, null, null, kept.Recipients);
        Assert.InRange(DecisionJson.Store(kept.Decision!, facts).Length, 1, BoundedDecision.Kept);
        Assert.Equal(60, kept.Decision!.Checks.Count + kept.Decision.LeftOut);
        Assert.InRange(kept.Recipients.Sum(r => r.Length), 1, 50 * 320);
        Assert.InRange(Assert.Single(door.RefusalLog.Lines).Length, 1, 2_000);
    }

    [Fact]
    public async Task What_is_kept_of_an_accepted_decision_is_bounded_and_names_the_sender_whole()
    {
        var door = await Door.OpenAsync();
        var statements = string.Join(',', Enumerable.Range(0, 18).Select(i =>
            $$$"""{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"ses:*","Resource":"D","Condition":{"StringNotEquals":{"ses:FromAddress":"{{{i}}}@shop.test"} } }"""));
        await door.PutPolicyAsync(Door.Domain, $"[{statements}]");
        var from = $"{new string('&', 309)}@shop.test";

        var stored = await door.StoredAsync(
            Door.Raw($"From: {from}\nTo: c@client.test\n\nx\n", Door.Root(Door.Delegate)) with { SourceArn = new ArnText(Door.Domain.ToString()) });

        var json = DecisionJson.Store(stored.Decision, new SendFacts(stored.Principal, "", "", stored.AcceptedAt, null, null, ["c@client.test"]));
        Assert.InRange(json.Length, 1, BoundedDecision.Kept);
        var kept = DecisionJson.Read(json, wasAllowed: true);
        Assert.Equal(from, ClaimedMessage.Of(stored).Sender!.From.ToString());
        Assert.Equal(from, ClaimedMessage.SenderOf(kept)!.From.ToString());
        Assert.Equal("p", kept.Checks[0].OwnerPolicies!.Decisive!.Policy);
        Assert.InRange(kept.Checks[0].OwnerPolicies!.LeftOut, 1, 17);
    }

    [Fact]
    public async Task Fifty_one_recipients_are_too_many_members_of_groups_included()
    {
        var door = await Door.OpenAsync();
        var group = string.Join(", ", Enumerable.Range(0, 51).Select(i => $"r{i}@client.test"));

        Assert.Equal(
            "Recipient count exceeds 50.",
            await door.RefusalOfAsync(Door.Raw($"From: news@shop.test\nTo: Team: {group};\n\nx\n")));
    }

    [Fact]
    public async Task A_message_without_recipients_is_refused()
    {
        var door = await Door.OpenAsync();
        var request = Door.Parts() with
        {
            Content = new SubmissionContent.Parts([], [], [], [], new TextPart("s", null), new TextPart("t", null), null),
        };

        Assert.Equal("The message has no recipients.", await door.RefusalOfAsync(request));
    }

    [Theory]
    [InlineData("ConfigurationSetName")]
    [InlineData("X-SES-CONFIGURATION-SET")]
    public async Task A_configuration_set_that_is_named_does_not_exist(string how)
    {
        var door = await Door.OpenAsync();
        var request = how == "ConfigurationSetName"
            ? Door.Parts() with { ConfigurationSet = "main" }
            : Door.Raw($"{how}: main\n{RawMessage}");

        Assert.Equal("Configuration set <main> does not exist.", await door.RefusalOfAsync(request));
    }

    [Fact]
    public async Task A_mailbox_of_more_than_320_characters_is_refused_after_the_number_of_recipients()
    {
        var door = await Door.OpenAsync();
        var name = new string('n', 320);
        var many = string.Join(", ", Enumerable.Repeat("c@client.test", 51));

        Assert.Equal(
            $"Address length is more than 320 characters long: '{name} <c@client.test>'.",
            await door.RefusalOfAsync(Door.Parts(to: $"{name} <c@client.test>")));
        Assert.Equal(
            "Recipient count exceeds 50.",
            await door.RefusalOfAsync(Door.Raw($"From: news@shop.test\nTo: {many}\nReply-To: {name} <c@client.test>\n\nx\n")));
    }

    [Theory]
    [InlineData("", "x", "The tag name must be specified.")]
    [InlineData("a", "b c", "Invalid tag value <b c>: only alphanumeric ASCII characters, '_',  '-' , '.', '@' are allowed.")]
    public async Task A_tag_outside_the_rules_is_refused(string name, string value, string refusal)
    {
        var door = await Door.OpenAsync();

        Assert.Equal(refusal, await door.RefusalOfAsync(Door.Parts() with { Tags = [new MessageTag(name, value)] }));
    }

    [Fact]
    public async Task A_message_without_a_body_is_refused()
    {
        var door = await Door.OpenAsync();
        var request = Door.Parts() with
        {
            Content = new SubmissionContent.Parts(
                [Door.Mailbox("c@client.test")], [], [], [], new TextPart("s", null), null, null),
        };

        Assert.Equal("Message body must have a Text or an Html part.", await door.RefusalOfAsync(request));
    }

    [Theory]
    [InlineData("Missing required header 'From'.", "To: c@client.test\n\nx\n")]
    [InlineData("Missing required header 'To'.", "From: news@shop.test\n\nx\n")]
    [InlineData("Empty required header 'To'.", "From: news@shop.test\nTo:\n\nx\n")]
    [InlineData("Duplicate header 'Content-Type'.", "From: news@shop.test\nTo: c@client.test\nContent-Type: a/b\ncontent-type: a/b\n\nx\n")]
    [InlineData("Empty header names are illegal.", "no message at all\n")]
    public async Task A_raw_message_with_a_fault_is_refused_in_the_words_of_SES(string refusal, string message)
    {
        var door = await Door.OpenAsync();

        Assert.Equal(refusal, await door.RefusalOfAsync(Door.Raw(message)));
    }

    [Theory]
    [InlineData("X-SES-TENANT: shop", "X-SES-TENANT")]
    [InlineData("x-ses-list-management-options: list; topic=news", "X-SES-LIST-MANAGEMENT-OPTIONS")]
    public async Task A_header_that_asks_for_what_is_not_there_is_refused_not_removed(string header, string name)
    {
        var door = await Door.OpenAsync();

        Assert.Equal($"Signet does not support the header '{name}'.", await door.RefusalOfAsync(Door.Raw($"{header}\n{RawMessage}")));
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused_with_its_size()
    {
        var door = await Door.OpenAsync();
        var text = new StringBuilder().Insert(0, "0123456789\n", 1_000_000).ToString();
        var request = Door.Parts() with
        {
            Content = new SubmissionContent.Parts(
                [Door.Mailbox("c@client.test")], [], [], [], new TextPart("s", null), new TextPart(text, null), null),
        };

        Assert.StartsWith("Message length is more than 10485760 bytes long: '1", await door.RefusalOfAsync(request), StringComparison.Ordinal);
        Assert.Equal(
            "Message length is more than 10485760 bytes long: '12000043'.",
            await door.RefusalOfAsync(Door.Raw($"From: news@shop.test\nTo: c@client.test\n\n{text}")));
    }

    [Fact]
    public async Task A_paused_account_sends_nothing()
    {
        var door = await Door.OpenAsync();
        await SetAsync(door, AccountSettings.Unlimited with { SendingEnabled = false });

        Assert.Contains("paused", await door.RefusalOfAsync(Door.Parts()), StringComparison.Ordinal);
        Assert.Empty(door.Queue.Stored);
    }

    [Fact]
    public async Task An_account_that_the_operator_paused_sends_nothing_in_any_region_from_the_next_send_on()
    {
        var door = await Door.OpenAsync();
        var cancel = TestContext.Current.CancellationToken;
        var abroad = Door.Owner with { Region = Region.Parse("eu-west-1") };
        await door.VerifyAsync(abroad, "shop.test");
        await door.Accounts.AddAccountAsync(new Account(Door.Owner.Account, "", door.Time.GetUtcNow()), cancel);
        await SetAsync(door, AccountSettings.Unlimited);
        await door.StoredAsync(Door.Parts(Door.Root(abroad)));

        await door.Accounts.SetPauseAsync(Door.Owner.Account, new AccountPause(door.Time.GetUtcNow(), "not for the API"), cancel);

        const string paused = "Sending paused for this account. For more information, please contact the operator of this server.";
        Assert.Equal(paused, await door.RefusalOfAsync(Door.Parts()));
        Assert.Equal(paused, await door.RefusalOfAsync(Door.Parts(Door.Root(abroad))));
        Assert.Single(door.Queue.Stored);
        await door.Accounts.SetPauseAsync(Door.Owner.Account, null, cancel);
        await door.StoredAsync(Door.Parts());
    }

    [Fact]
    public async Task A_send_asks_the_store_once_for_settings_and_pause()
    {
        var door = await Door.OpenAsync();

        await door.StoredAsync(Door.Parts());

        Assert.Equal(1, door.Accounts.StandingsRead);
    }

    [Fact]
    public async Task The_send_rate_counts_recipients_and_may_be_overdrawn_once()
    {
        var door = await Door.OpenAsync();
        await SetAsync(door, AccountSettings.Unlimited with { MaxSendRate = 1 });

        await door.StoredAsync(Door.Raw(RawMessage));
        Assert.Equal("Maximum sending rate exceeded.", await door.RefusalOfAsync(Door.Parts()));
        door.Time.Advance(TimeSpan.FromSeconds(3.9));
        Assert.Equal("Maximum sending rate exceeded.", await door.RefusalOfAsync(Door.Parts()));
        door.Time.Advance(TimeSpan.FromSeconds(0.2));
        await door.StoredAsync(Door.Parts());
    }

    [Fact]
    public async Task The_quota_of_the_sender_goes_to_the_store_and_its_no_is_a_throttling()
    {
        var door = await Door.OpenAsync();
        await SetAsync(door, AccountSettings.Production);

        await door.StoredAsync(Door.Parts());
        Assert.Equal(50_000, door.Queue.Stored[0].Quota);
        door.Queue.Answer = EnqueueResult.QuotaExceeded;
        Assert.Equal("Daily message quota exceeded.", await door.RefusalOfAsync(Door.Parts()));
    }

    [Fact]
    public async Task Mail_to_the_simulator_uses_no_quota()
    {
        var door = await Door.OpenAsync();

        var stored = await door.StoredAsync(Door.Parts(to: "bounce+1@simulator.amazonses.com"));

        Assert.Equal(0, stored.QuotaUse);
    }

    [Fact]
    public async Task A_confirmation_mail_belongs_to_no_account_needs_no_identity_and_knows_no_limit()
    {
        var door = await Door.OpenAsync();
        await SetAsync(door, AccountSettings.NewSandbox with { SendingEnabled = false, MaxSendRate = 0 });

        await door.Submission.SendAsync(Confirmation, TestContext.Current.CancellationToken);

        var (stored, quota, _) = Assert.Single(door.Queue.Stored);
        Assert.Null(stored.Owner);
        Assert.Null(stored.SourceArn);
        Assert.Null(quota);
        Assert.Equal(0, stored.QuotaUse);
        Assert.Equal(("signet", "VerifyEmailIdentity", "Signet <no-reply@signet.test>"), (stored.Principal, stored.Operation, stored.Source));
        Assert.Equal("someone@bank.test", Assert.Single(stored.Recipients).ToString());
    }

    [Fact]
    public async Task Of_a_confirmation_mail_only_the_content_holds_the_link()
    {
        var door = await Door.OpenAsync();

        await door.Submission.SendAsync(Confirmation, TestContext.Current.CancellationToken);

        var stored = Assert.Single(door.Queue.Stored).Message;
        Assert.Contains("/confirm/s3cret", System.Text.Encoding.ASCII.GetString(stored.Content.Span), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", $"{stored with { Content = default }}", StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", Signet.Policies.DecisionJson.Write(stored.Decision), StringComparison.Ordinal);
        Assert.Contains("account 111122223333 asks to verify `someone@bank.test` in us-east-1", stored.Decision.Reason, StringComparison.Ordinal);
    }

    private static Signet.Identities.ConfirmationMail Confirmation => Signet.Identities.ConfirmationMail.For(
        new IdentityArn(Door.Owner, IdentityName.Parse("someone@bank.test")), Signet.Addresses.DomainName.Parse("signet.test"),
        new Uri("https://signet.test/confirm/s3cret"));

    [Fact]
    public async Task A_committed_message_is_handed_to_delivery_without_being_read_back()
    {
        var door = await Door.OpenAsync();

        var stored = await door.StoredAsync(Door.Parts());

        Assert.Equal("node", door.Queue.Stored[0].Node);
        door.Window.Close();
        var handed = Assert.Single(await door.Window.ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync(
            TestContext.Current.CancellationToken));
        Assert.Equal(stored.Id, handed.Id);
        Assert.Equal(stored.Content, handed.Content);
    }

    [Fact]
    public async Task What_does_not_fit_in_memory_waits_in_the_store_without_a_claim()
    {
        var door = await Door.OpenAsync();

        for (var i = 0; i < 11; i++)
        {
            await door.StoredAsync(Door.Parts());
        }

        Assert.Equal([.. Enumerable.Repeat(true, 10), false], door.Queue.Stored.Select(s => s.Node is not null));
    }

    [Fact]
    public async Task A_message_that_could_not_be_stored_leaves_its_room_in_memory()
    {
        var door = await Door.OpenAsync();
        door.Queue.Failures = 1;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => door.AcceptAsync(Door.Parts()));
        door.Queue.Answer = EnqueueResult.QuotaExceeded;
        await door.RefusalOfAsync(Door.Parts());

        Assert.Equal(10, door.Window.Room);
    }

    private static Task<AccountSettings> SetAsync(Door door, AccountSettings settings) =>
        door.Accounts.ChangeSettingsAsync(Door.Owner, _ => settings, TestContext.Current.CancellationToken);
    [Fact]
    public async Task A_subject_without_end_is_kept_in_the_message_and_cut_for_lists()
    {
        var door = await Door.OpenAsync();
        var lines = string.Concat(Enumerable.Repeat($"{new string('s', 900)}\n ", 200));

        var raw = await door.StoredAsync(Door.Raw($"From: news@shop.test\nTo: c@client.test\nSubject: {lines}end\n\n"));
        var parts = await door.StoredAsync(WithSubject(new string('ü', 20_000)));

        Assert.Equal(VisibleText.Cut(raw.Subject, 1000), raw.Subject);
        Assert.StartsWith("sss", raw.Subject, StringComparison.Ordinal);
        Assert.Contains("\r\n end\r\n", Encoding.ASCII.GetString(raw.Content.Span), StringComparison.Ordinal);
        Assert.Equal(new string('ü', 1000) + "…", parts.Subject);
        Assert.True(parts.Content.Length > 40_000);
    }

    /// <summary>What cannot be read again cannot be signed: the message would be tried for ever.</summary>
    [Fact]
    public async Task A_header_that_is_too_large_once_it_is_composed_is_refused()
    {
        var door = await Door.OpenAsync();
        var full = "From: news@shop.test\nTo: c@client.test\n" + string.Concat(Enumerable.Repeat("X:\n", 998));

        Assert.Equal("Header section too long.", await door.RefusalOfAsync(WithSubject(new string('s', 300_000))));
        Assert.Equal("Message has more than 1000 header fields.", await door.RefusalOfAsync(Door.Raw(full + "\nbody")));
        Assert.Empty(door.Queue.Stored);
    }

    private static SubmissionRequest WithSubject(string subject)
    {
        var request = Door.Parts();
        return request with { Content = (SubmissionContent.Parts)request.Content with { Subject = new TextPart(subject, null) } };
    }
}
