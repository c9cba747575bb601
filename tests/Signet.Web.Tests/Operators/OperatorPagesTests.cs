using Microsoft.Playwright;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Operators;

public sealed class OperatorPagesTests(Chromium chromium)
{
    [Theory]
    [InlineData("operators", "dev has no login: anyone on this machine may do everything.")]
    [InlineData("me", "dev has no login, so there is no password to change.")]
    public async Task In_dev_there_are_no_operators(string path, string said)
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, path);

        await Expect(console.Page.GetByText(said)).ToBeVisibleAsync();
        await Expect(console.Page.GetByRole(AriaRole.Link, new() { Name = "Operators" })).ToHaveCountAsync(0);
        await Expect(console.Page.GetByRole(AriaRole.Button, new() { Name = "Create operator" })).ToHaveCountAsync(0);
        await console.AssertAccessibleAsync();
    }
}
