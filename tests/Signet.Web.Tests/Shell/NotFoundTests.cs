using System.Net;
using Microsoft.Playwright;
using Signet.Operators;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Shell;

public sealed class NotFoundTests(Chromium chromium)
{
    private const string Nowhere = "identites?state=failed";

    [Fact]
    public async Task An_address_that_leads_to_no_page_says_so_and_leads_on()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages");
        console.ExpectedErrors.Add("404");

        await console.GoAsync(Nowhere);

        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "Page not found" })).ToBeVisibleAsync();
        await Expect(console.Page).ToHaveURLAsync(new Uri(system.Url, $"/console/{Nowhere}").ToString());
        await console.AssertAccessibleAsync();
        await console.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Messages" }).ClickAsync();
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "Messages" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Its_answer_is_404()
    {
        await using var system = await ConsoleSystem.DevAsync();
        using var client = new HttpClient { BaseAddress = system.Url };

        using var answer = await client.GetAsync(new Uri($"/console/{Nowhere}", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Who_has_not_signed_in_is_asked_first_and_led_to_the_same_address()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        await system.AddOperatorAsync("ana", OperatorRole.Read);
        await using var console = await ConsolePage.OpenAsync(chromium, system, Nowhere);
        console.ExpectedErrors.Add("404");

        await console.SignInAsync("ana");

        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "Page not found" })).ToBeVisibleAsync();
        await Expect(console.Page).ToHaveURLAsync(new Uri(system.Url, $"/console/{Nowhere}").ToString());
    }
}
