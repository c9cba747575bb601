using Microsoft.Playwright;
using Signet.Server.Tests.Clients;

[assembly: AssemblyFixture(typeof(Signet.Web.Tests.Browser.Chromium))]

namespace Signet.Web.Tests.Browser;

/// <summary>
/// The system's Chromium, started once for all tests. Where there is none they are skipped with the reason; in CI that is a failure.
/// </summary>
public sealed class Chromium : IAsyncDisposable
{
    // No sandbox of its own: CI runs as root. The rest keeps it from talking to anybody but the server under test.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly SemaphoreSlim starting = new(1);
    private IPlaywright? playwright;
    private IBrowser? browser;

    internal async Task<IBrowser> StartAsync()
    {
        var place = Places.FirstOrDefault(File.Exists) ?? Places[0];
        await Counterpart.RequireAsync("Chromium", place, "--version");
        await starting.InTimeAsync();
        try
        {
            // A loaded machine draws slowly, which is not what any test is about.
            Assertions.SetDefaultExpectTimeout(15_000);
            playwright ??= await Playwright.CreateAsync();
            return browser ??= await playwright.Chromium.LaunchAsync(new() { ExecutablePath = place, Args = Arguments });
        }
        finally
        {
            starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        starting.Dispose();
    }
}
