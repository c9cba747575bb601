using Microsoft.Playwright;
using Signet.Operators;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.SignIn;

public sealed class OpenIdConnectTests(Chromium chromium)
{
    private const string NotFinished = "The sign-in was not finished: the provider refused it or it took too long.";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_is_an_operator_comes_in_with_their_role_and_to_the_page_that_was_asked_for()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var system = await ConsoleSystem.ServeAsync(provider.Settings());
        await AddAsync(system, "ana@example.com", OperatorRole.Operate);
        await using var console = await OpenAsync(system, provider, "messages?text=umbrella");

        await BeginAsync(console);

        await Expect(console.Page).ToHaveURLAsync(new Uri(system.Url, "/console/messages?text=umbrella").ToString());
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "Messages" })).ToBeVisibleAsync();
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Signed in as ana@example.com" }).ClickAsync();
        await Expect(console.Page.GetByText("ana@example.com (operate)")).ToBeVisibleAsync();
        Assert.Equal(new Uri(system.Url, "/console/sign-in/external/done").ToString(), Assert.Single(provider.ReturnAddresses));
        Assert.NotNull((await system.Mail.Operators.FindAsync("ana@example.com", Cancel))!.LastSignInAt);
        Assert.Equal(["sign-in: operator=ana@example.com, method=openid-connect, client=127.0.0.1, result=done"], await system.Log.FindAsync("sign-in: "));
    }

    [Fact]
    public async Task A_provider_may_tell_the_name_at_its_UserInfo_endpoint_only()
    {
        await using var provider = await IdentityProvider.StartAsync();
        provider.Claims.Clear();
        (provider.UserInfo["email"], provider.UserInfo["email_verified"]) = ("Ana@Example.com", true);
        await using var system = await ConsoleSystem.ServeAsync(provider.Settings());
        await AddAsync(system, "ana@example.com", OperatorRole.Read);
        await using var console = await OpenAsync(system, provider, "messages");

        await BeginAsync(console);

        await Expect(console.Page.GetByRole(AriaRole.Button, new() { Name = "Signed in as ana@example.com" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Another_claim_can_be_the_name()
    {
        await using var provider = await IdentityProvider.StartAsync();
        provider.Claims["preferred_username"] = "ana";
        provider.Claims["email_verified"] = false;
        await using var system = await ConsoleSystem.ServeAsync(provider.Settings(claim: "preferred_username"));
        await AddAsync(system, "ana", OperatorRole.Read);
        await using var console = await OpenAsync(system, provider, "messages");

        await BeginAsync(console);

        await Expect(console.Page.GetByRole(AriaRole.Button, new() { Name = "Signed in as ana", Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Who_is_no_operator_is_told_so_and_comes_in_once_one_is_made()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var system = await ConsoleSystem.ServeAsync(provider.Settings());
        await using var console = await OpenAsync(system, provider, "identities");
        await BeginAsync(console);
        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(
            "The provider knows you, but this server does not: an administrator must create an operator with your name.");
        Assert.Equal(
            ["sign-in: operator=ana@example.com, method=openid-connect, client=127.0.0.1, result=refused (there is no such operator)"],
            await system.Log.FindAsync("sign-in: "));

        await AddAsync(system, "ana@example.com", OperatorRole.Read);
        await BeginAsync(console);

        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "Identities", Exact = true })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("false")]
    [InlineData("\"false\"")]
    [InlineData(null)]
    public async Task An_address_that_the_provider_has_not_checked_is_nobodys_name(string? verified)
    {
        await using var provider = await IdentityProvider.StartAsync();
        provider.Claims["email_verified"] = verified is null ? null : System.Text.Json.Nodes.JsonNode.Parse(verified);
        await using var system = await ConsoleSystem.ServeAsync(provider.Settings());
        await AddAsync(system, "ana@example.com", OperatorRole.Administer);
        await using var console = await OpenAsync(system, provider, "messages");

        await BeginAsync(console);

        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(
            "The provider has not confirmed your email address, so it cannot be your name here.");
        await console.GoAsync("messages");
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Who_has_no_name_at_the_provider_is_told_so()
    {
        await using var provider = await IdentityProvider.StartAsync();
        provider.Claims.Clear();
        await using var system = await ConsoleSystem.ServeAsync(provider.Settings());
        await using var console = await OpenAsync(system, provider, "messages");

        await BeginAsync(console);

        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(
            "The provider knows you, but did not send the name that this server requires.");
    }

    [Theory]
    [InlineData("access_denied")]
    [InlineData("temporarily_unavailable")]
    public async Task What_the_provider_refuses_leads_back_to_signing_in(string error)
    {
        await using var provider = await IdentityProvider.StartAsync();
        provider.Error = error;
        await using var system = await ConsoleSystem.ServeAsync(provider.Settings());
        await AddAsync(system, "ana@example.com", OperatorRole.Read);
        await using var console = await OpenAsync(system, provider, "why");
        await BeginAsync(console);
        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(NotFinished);

        provider.Error = null;
        await BeginAsync(console);

        await Expect(console.Page).ToHaveURLAsync(new Uri(system.Url, "/console/why").ToString());
    }

    [Fact]
    public async Task A_wrong_client_secret_lets_nobody_in()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var system = await ConsoleSystem.ServeAsync(provider.Settings(secret: "another secret"));
        await AddAsync(system, "ana@example.com", OperatorRole.Read);
        await using var console = await OpenAsync(system, provider, "messages");

        await BeginAsync(console);

        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(NotFinished);
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_leads_back_to_signing_in()
    {
        var provider = await IdentityProvider.StartAsync();
        var settings = provider.Settings();
        await provider.DisposeAsync();
        await using var system = await ConsoleSystem.ServeAsync(settings);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages");

        await BeginAsync(console);

        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(NotFinished);
    }

    [Fact]
    public async Task An_answer_that_nobody_here_asked_for_lets_nobody_in()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var system = await ConsoleSystem.ServeAsync(provider.Settings());
        await AddAsync(system, "ana@example.com", OperatorRole.Read);
        await using var console = await OpenAsync(system, provider, "sign-in/external/done?code=1&state=2");

        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(NotFinished);
    }

    [Fact]
    public async Task Who_has_no_password_cannot_come_in_by_one_and_has_none_to_change()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var system = await ConsoleSystem.ServeAsync(provider.Settings());
        await AddAsync(system, "ana@example.com", OperatorRole.Read);
        await using var console = await OpenAsync(system, provider, "me");
        await console.SignInAsync("ana@example.com");
        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The name or the password is wrong.");

        await BeginAsync(console);

        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "ana@example.com" })).ToBeVisibleAsync();
        await Expect(console.Page.GetByText("You sign in by OpenID Connect only")).ToBeVisibleAsync();
        await Expect(console.Page.GetByLabel("New password", new() { Exact = true })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Behind_a_proxy_that_ends_TLS_people_are_sent_back_to_the_public_address()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var system = await ConsoleSystem.ServeAsync([("public-url", "https://mail.example.com"), .. provider.Settings()]);
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = system.Url };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/console/sign-in/external", UriKind.Relative));
        request.Headers.Host = "mail.example.com";

        using var answer = await client.SendAsync(request, Cancel);

        Assert.Contains(Uri.EscapeDataString("https://mail.example.com/console/sign-in/external/done"), answer.Headers.Location!.Query, StringComparison.Ordinal);
        Assert.All(answer.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("; secure", cookie, StringComparison.Ordinal));
    }

    private static async Task AddAsync(ConsoleSystem system, string name, OperatorRole role) =>
        Assert.IsType<OperatorOutcome<Operator>.Done>(await system.Mail.Operators.CreateAsync(name, role, null, null, Cancel));

    private async Task<ConsolePage> OpenAsync(ConsoleSystem system, IdentityProvider provider, string path)
    {
        var console = await ConsolePage.OpenAsync(chromium, system, path);
        console.OtherHosts.Add(provider.Url.Authority);
        return console;
    }

    private static Task BeginAsync(ConsolePage console) =>
        console.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with 127.0.0.1" }).ClickAsync();
}
