using System.Text;
using Microsoft.Playwright;
using Signet.Addresses;
using Signet.Display;
using Signet.Messages;
using Signet.Names;
using Signet.Queue;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Messages;

/// <summary>Mail that is too much to draw: every view draws a part of it, and says where the rest is.</summary>
public sealed class BoundedViewsTests(Chromium chromium)
{
    private const string Steering = @"/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u0000-\u0008\u000b\u001b]/";

    [Fact]
    public async Task Three_hundred_thousand_parts_that_an_older_version_accepted_are_shown_in_part()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var parts = string.Concat(Enumerable.Repeat("--b\r\n\r\nx\r\n", 300_000));
        var id = await StoreAsync(system, $"From: app@example.com\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n", "Parts");
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}?view=parts");

        await Expect(console.Page.GetByText("The message has more parts than are shown.")).ToBeVisibleAsync();
        await Expect(console.Page.Locator("tbody tr")).ToHaveCountAsync(ViewLimits.Parts);
        await Expect(console.Page.GetByRole(AriaRole.Link, new() { Name = "Parts (499 attached)" })).ToBeVisibleAsync();
        foreach (var (view, seen) in (IEnumerable<(string, string)>)[("text", "x"), ("headers", "app@example.com"), ("source", "--b"), ("checks", "Nothing"), ("timeline", "Accepted by")])
        {
            await console.GoAsync($"messages/{id}?view={view}");
            await Expect(console.Page.Locator(".view")).ToContainTextAsync(seen == "Nothing" ? "There are none." : seen);
        }
    }

    [Fact]
    public async Task Headers_texts_and_links_are_drawn_in_part_with_a_way_to_the_rest()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var fields = $"X-Long: {new string('v', 900)}\r\n {new string('w', 900)}\r\n {new string('z', 900)}\r\n"
            + string.Concat(Enumerable.Range(0, 299).Select(i => $"X-{i}: {new string('v', 500)}\r\n"));
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"https://example.com/{i}\r\n"));
        var id = await StoreAsync(system, $"From: app@example.com\r\n{fields}Content-Type: text/plain\r\n\r\n{text}", "Large");
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}?view=headers");

        await Expect(console.Page.GetByText("And 102 more header fields.")).ToBeVisibleAsync();
        await Expect(console.Page.Locator("tbody tr")).ToHaveCountAsync(ViewLimits.Headers);
        Assert.Equal(ViewLimits.Value + 1, (await console.Page.Locator("tbody tr").Nth(1).Locator("td").InnerTextAsync()).Length);
        await console.GoAsync($"messages/{id}?view=text");
        await Expect(console.Page.GetByText("The first 200,000 of")).ToBeVisibleAsync();
        await console.GoAsync($"messages/{id}?view=checks");
        await Expect(console.Page.GetByText("more links and images.")).ToBeVisibleAsync();
        await Expect(console.Page.Locator("table.rows tbody tr")).ToHaveCountAsync(200);
    }

    [Fact]
    public async Task A_subject_of_a_quarter_of_a_megabyte_is_cut_wherever_it_is_shown()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var id = await StoreAsync(system, "From: app@example.com\r\n\r\nx", new string('s', 240_000));
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages");
        var cut = new string('s', ViewLimits.Name) + "…";

        await Expect(console.Page.GetByRole(AriaRole.Link, new() { Name = cut, Exact = true })).ToBeVisibleAsync();
        await console.GoAsync("why");
        await Expect(console.Page.Locator(".why-because a").First).ToContainTextAsync(cut);
        await console.GoAsync($"messages/{id}");
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(cut);
        Assert.Equal($"{cut} – Signet", await console.Page.TitleAsync());
    }

    [Fact]
    public async Task What_would_turn_text_around_is_marked_wherever_it_is_shown()
    {
        const string hostile = "invoice\u202efdp.exe\u2066\u200f";
        const string shown = "invoice<U+202E>fdp.exe<U+2066><U+200F>";
        var encoded = $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(hostile))}?=";
        await using var system = await ConsoleSystem.DevAsync();
        await system.SendAsync("First");
        var id = await system.SendRawAsync(
            SampleMail.Bytes(
                $"""
                From: {encoded} <app@example.com>
                Subject: {encoded}
                To: {encoded} <you@example.net>
                X-Field: {hostile}
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: text/plain; charset=utf-8

                {hostile} https://example.com/{hostile}
                --b
                Content-Type: application/octet-stream
                Content-Disposition: attachment; filename="{encoded}"
                Content-ID: <{hostile}>

                x
                --b--
                """),
            from: $"{encoded} <app@example.com>");
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages");

        foreach (var page in (string[])["messages", "why", $"why/messages/{id}", .. ((string[])["timeline", "why", "text", "headers", "parts", "checks", "source"]).Select(v => $"messages/{id}?view={v}")])
        {
            await console.GoAsync(page);
            await Expect(console.Page.GetByText(shown).First).ToBeVisibleAsync();
            Assert.False(
                await console.Page.EvaluateAsync<bool>(
                    $"() => [document.title, document.documentElement.innerText, ...[...document.querySelectorAll('*')].flatMap(e => [...e.attributes].map(a => a.value))].some(t => {Steering}.test(t))"),
                page);
        }
    }

    // As an older version left it: nobody checks what is accepted.
    private static async Task<MessageId> StoreAsync(ConsoleSystem system, string content, string subject)
    {
        var cancel = TestContext.Current.CancellationToken;
        var like = (await system.Mail.Archive.GetAsync(await system.SendAsync("Like this one"), cancel))!;
        var id = MessageId.New(Region.Default, like.AcceptedAt.AddMilliseconds(1), new Random(1));
        await system.Mail.Queue.EnqueueAsync(
            new NewMessage
            {
                Id = id,
                Owner = like.Owner,
                AcceptedAt = like.AcceptedAt.AddMilliseconds(1),
                Principal = like.Principal,
                Operation = like.Operation,
                Source = like.Source,
                SourceArn = like.SourceArn,
                BounceAddress = Address("app@example.com"),
                EnvelopeFrom = Address("bounce@example.com"),
                Subject = subject,
                SourceIp = null,
                Tags = [],
                Decision = like.Decision,
                Content = Encoding.ASCII.GetBytes(content),
                Recipients = [Address("you@example.net")],
                QuotaUse = 0,
            },
            null,
            null,
            cancel);
        return id;
    }

    private static EmailAddress Address(string text) => EmailAddress.Parse(text);
}
