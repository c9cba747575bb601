using System.Net;
using Signet.Operators;
using Signet.Web.SignIn;
using Signet.Web.Tests.Browser;

namespace Signet.Web.Tests.SignIn;

public sealed class SessionTests
{
    [Theory]
    [InlineData("/console/messages/1?view=html", "/console/messages/1?view=html")]
    [InlineData(null, "/console/messages")]
    [InlineData("https://evil.example/console/", "/console/messages")]
    [InlineData("//evil.example/console/", "/console/messages")]
    [InlineData("/console/\\evil.example", "/console/messages")]
    [InlineData("/elsewhere", "/console/messages")]
    [InlineData("/console/messages?text=Grüße", "/console/messages?text=Gr%C3%BC%C3%9Fe")]
    [InlineData("/console/messages?text=\U0001F4E7", "/console/messages?text=%F0%9F%93%A7")]
    [InlineData("/console/messages?text=a b", "/console/messages?text=a%20b")]
    [InlineData("/console/messages?text=%C3%BC&to=a%40b#x", "/console/messages?text=%C3%BC&to=a%40b#x")]
    [InlineData("/console/messages\r\nSet-Cookie: a=b", "/console/messages")]
    [InlineData("/console/messages\u0085", "/console/messages")]
    [InlineData("/console/../elsewhere", "/console/messages")]
    [InlineData("/console/%2e%2e/elsewhere", "/console/messages")]
    [InlineData("/console/..//evil.example", "/console/messages")]
    [InlineData("/console/%5cevil.example", "/console/%5cevil.example")]
    [InlineData("/console//evil.example", "/console//evil.example")]
    [InlineData("/console/@evil.example", "/console/@evil.example")]
    public void After_signing_in_one_stays_in_the_console(string? wanted, string target) =>
        Assert.Equal(target, Sessions.Target(wanted));

    [Fact]
    public void Whatever_was_wanted_it_is_a_page_of_the_console_and_fits_into_a_header()
    {
        string[] pieces =
        [
            "", "messages", "..", "/", "//evil.example", "@", ":", "\\", "%2e", "%2F", "%5C", "%", "?", "#", "ü", "\ud800", "\U0001F4E7", "\u202e", "\u2028",
            "\n", "\u0085", " ", "&", "\"",
        ];
        foreach (var wanted in
            from start in (string[])["", "/console/", "/console", "https://evil.example/console/"]
            from first in pieces
            from second in pieces
            from third in pieces
            select start + first + second + third)
        {
            var target = Sessions.Target(wanted);

            Assert.StartsWith("/console/", target, StringComparison.Ordinal);
            Assert.DoesNotContain(target, c => c is <= ' ' or > '~' or '\\');
            Assert.StartsWith("http://here.test/console/", new Uri(new Uri("http://here.test/"), target).AbsoluteUri, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_very_long_address_is_not_gone_back_to() =>
        Assert.Equal("/console/messages", Sessions.Target("/console/messages?text=" + new string('a', 4_096)));

    [Theory]
    [InlineData("sign-in?return=%2Fconsole%2Fmessages%3Ftext%3D%C3%BC", "/console/messages?text=%C3%BC")]
    [InlineData("sign-in?return=%2Fconsole%2Fmessages%E2%80%A8x", "/console/messages%E2%80%A8x")]
    [InlineData("sign-in?return=%2Fconsole%2Fmessages%0D%0AX%3A%20y", "/console/messages")]
    public async Task The_right_password_leads_back_whatever_characters_the_address_has(string path, string location)
    {
        await using var system = await ConsoleSystem.ServeAsync();
        await system.AddOperatorAsync("ana", OperatorRole.Read);
        using var browser = new PlainBrowser(system.Url);

        using var answer = await browser.PostAsync(
            path, new() { ["_handler"] = "sign-in", ["name"] = "ana", ["password"] = ConsoleSystem.Password });

        Assert.Equal((HttpStatusCode.Redirect, location), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        using var again = await browser.GetAsync(path);
        Assert.Equal((HttpStatusCode.Redirect, location), (again.StatusCode, again.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task A_form_of_a_stranger_is_not_read_beyond_what_signing_in_takes()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        using var browser = new PlainBrowser(system.Url);

        using var answer = await browser.PostAsync("sign-in", new() { ["_handler"] = "sign-in", ["name"] = new string('a', 100_000) });

        Assert.InRange((int)answer.StatusCode, 400, 413);
    }

    [Fact]
    public async Task A_session_is_over_when_its_time_is()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        var person = await system.AddOperatorAsync("ana", OperatorRole.Read);
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var session = Sessions.Of(person, now);

        Assert.True(await IsGoodAsync(now + Sessions.Length - TimeSpan.FromSeconds(1)));
        Assert.False(await IsGoodAsync(now + Sessions.Length));

        Task<bool> IsGoodAsync(DateTimeOffset at) =>
            new SessionCheck(system.Console with { Domain = system.Mail with { Time = new StoppedClock(at) } }).IsGoodAsync(session, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_session_is_over_when_the_role_is_another()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        await system.AddOperatorAsync("root", OperatorRole.Administer);
        var session = Sessions.Of(await system.AddOperatorAsync("ana", OperatorRole.Operate), TimeProvider.System.GetUtcNow());

        await system.Mail.Operators.ChangeAsync("ana", new OperatorChange(OperatorRole.Read), TestContext.Current.CancellationToken);

        Assert.False(await new SessionCheck(system.Console).IsGoodAsync(session, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/console/messages")]
    [InlineData("/console/messages/x/message.eml")]
    public async Task Nothing_of_the_console_is_there_for_who_has_not_signed_in(string path)
    {
        await using var system = await ConsoleSystem.ServeAsync();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = system.Url };

        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        using var connection = await client.PostAsync(
            new Uri("/console/_blazor/negotiate", UriKind.Relative), null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith("/console/sign-in", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, connection.StatusCode);
    }

    [Fact]
    public async Task A_form_of_another_page_signs_nobody_in()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        await system.AddOperatorAsync("ana", OperatorRole.Read);
        using var client = new HttpClient { BaseAddress = system.Url };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "sign-in",
            ["name"] = "ana",
            ["password"] = ConsoleSystem.Password,
        });

        using var answer = await client.PostAsync(new Uri("/console/sign-in", UriKind.Relative), form, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_page_of_another_origin_cannot_open_the_connection()
    {
        await using var system = await ConsoleSystem.DevAsync();
        using var client = new HttpClient { BaseAddress = system.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/console/_blazor/negotiate", UriKind.Relative));
        request.Headers.Add("Origin", "http://evil.example");

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task In_dev_a_name_that_points_here_does_not_reach_the_console()
    {
        await using var system = await ConsoleSystem.DevAsync();
        using var client = new HttpClient { BaseAddress = system.Url };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/console/messages", UriKind.Relative));
        request.Headers.Host = "rebound.example";

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Over_TLS_that_a_proxy_ends_every_cookie_is_for_TLS_and_out_of_reach_of_scripts()
    {
        await using var system = await ConsoleSystem.ServeAsync(("public-url", "https://mail.example.com"));
        await system.AddOperatorAsync("ana", OperatorRole.Read);
        using var browser = new PlainBrowser(system.Url, "mail.example.com");

        using var answer = await browser.SignInAsync("ana");

        Assert.Equal("/console/messages", answer.Headers.Location!.OriginalString);
        Assert.Equal(2, browser.SetCookies.Count);
        Assert.All(browser.SetCookies, cookie => Assert.Matches("(?=.*; secure)(?=.*; httponly)(?=.*; samesite=(lax|strict))(?=.*; path=/console)", cookie));
    }

    [Theory]
    [InlineData("https://mail.example.com", HttpStatusCode.Redirect)]
    [InlineData("http://mail.example.com", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    public async Task Over_TLS_a_page_without_it_is_of_another_origin(string origin, HttpStatusCode status)
    {
        await using var system = await ConsoleSystem.ServeAsync(("public-url", "https://mail.example.com"));
        await system.AddOperatorAsync("ana", OperatorRole.Read);
        using var browser = new PlainBrowser(system.Url, "mail.example.com");

        using var answer = await browser.SignInAsync("ana", origin);

        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task What_is_behind_signing_in_is_kept_by_no_cache_and_shown_in_no_frame()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        await system.AddOperatorAsync("ana", OperatorRole.Read);
        var id = await system.SendAsync("An invoice", html: "<p>Hello</p>");
        using var browser = new PlainBrowser(system.Url);
        using var signedIn = await browser.SignInAsync("ana");

        foreach (var path in (string[])["messages", $"messages/{id}", $"messages/{id}/message.eml", $"messages/{id}/html", "sign-out", "me", "no-such-page"])
        {
            using var answer = await browser.GetAsync(path);
            Assert.True(answer.Headers.CacheControl?.NoStore, path);
            Assert.Contains(
                path.EndsWith("html", StringComparison.Ordinal) ? "frame-ancestors 'self'" : "frame-ancestors 'none'",
                Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_copy_of_the_cookie_is_worth_nothing_after_signing_out()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        await system.AddOperatorAsync("ana", OperatorRole.Read);
        using var browser = new PlainBrowser(system.Url);
        using var other = new PlainBrowser(system.Url);
        using var signedIn = await browser.SignInAsync("ana");
        using var elsewhere = await other.SignInAsync("ana");
        var copy = browser.CookieHeader;
        using var before = await browser.GetAsync("messages");
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);

        using var signedOut = await browser.PostAsync("sign-out", new() { ["_handler"] = "sign-out", ["everywhere"] = "false" });

        Assert.Equal("/console/sign-in", signedOut.Headers.Location!.OriginalString);
        using var after = await browser.GetAsync("messages", copy);
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
        Assert.EndsWith("&problem=ended", after.Headers.Location!.OriginalString, StringComparison.Ordinal);
        using var theirs = await other.GetAsync("messages");
        Assert.Equal(HttpStatusCode.OK, theirs.StatusCode);
    }

    [Theory]
    [InlineData("sign-out", "sign-out")]
    [InlineData("me", "own-password")]
    public async Task A_form_that_is_not_ours_changes_nothing_for_who_is_signed_in(string path, string handler)
    {
        await using var system = await ConsoleSystem.ServeAsync();
        await system.AddOperatorAsync("ana", OperatorRole.Read);
        using var browser = new PlainBrowser(system.Url);
        using var signedIn = await browser.SignInAsync("ana");
        var stamp = (await system.Mail.Operators.FindAsync("ana", TestContext.Current.CancellationToken))!.Stamp;

        using var answer = await browser.PostAsync(
            path,
            new()
            {
                ["_handler"] = handler,
                ["everywhere"] = "true",
                ["current"] = ConsoleSystem.Password,
                ["next"] = "staple correct horse",
                ["repeated"] = "staple correct horse",
            },
            withToken: false);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(stamp, (await system.Mail.Operators.FindAsync("ana", TestContext.Current.CancellationToken))!.Stamp);
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
