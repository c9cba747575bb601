using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Signet.Web.Tests.Browser;

/// <summary>
/// One page in a browser without cookies. Whatever test looks at it, nothing may be asked of another host and nothing may be logged as an
/// error, a breach of the content policy for instance: <see cref="DisposeAsync"/> fails then.
/// </summary>
internal sealed class ConsolePage : IAsyncDisposable
{
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    private readonly IBrowserContext context;
    private readonly Uri url;
    private readonly ConcurrentQueue<string> wrongs = new();

    private ConsolePage(IBrowserContext context, IPage page, Uri url)
    {
        this.context = context;
        this.url = url;
        Page = page;
    }

    public IPage Page { get; }

    /// <summary>Errors that this test expects in the browser's log, by a part of their text.</summary>
    public List<string> ExpectedErrors { get; } = [];

    /// <summary>Others that this test expects to be asked, as <c>host:port</c>.</summary>
    public List<string> OtherHosts { get; } = [];

    /// <summary>Opens a page of the console, <c>messages?text=hello</c> for instance, and waits until it is drawn.</summary>
    public static async Task<ConsolePage> OpenAsync(
        Chromium chromium, ConsoleSystem system, string path, ColorScheme colors = ColorScheme.Light, int width = 1280, int height = 800)
    {
        var browser = await chromium.StartAsync();
        var context = await browser.NewContextAsync(new()
        {
            ColorScheme = colors,
            ViewportSize = new() { Width = width, Height = height },
            AcceptDownloads = true,
            ReducedMotion = ReducedMotion.Reduce,
        });
        var console = new ConsolePage(context, await context.NewPageAsync(), system.Url);
        console.Watch();
        await console.GoAsync(path);
        return console;
    }

    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(new Uri(url, $"/console/{path}").ToString());
        await Page.Locator("h1").First.WaitForAsync();
    }

    /// <summary>Fills the form of the page that asks who it is.</summary>
    public async Task SignInAsync(string name, string password = ConsoleSystem.Password)
    {
        await Page.GetByLabel("Name").FillAsync(name);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    /// <summary>
    /// Fails unless axe finds nothing against WCAG 2.2 A and AA. Frames are left out: what strangers wrote need not be accessible, and no
    /// script runs there, axe's neither. A page that changes during the check is checked again: axe finds no text in an element that is gone.
    /// </summary>
    public async Task AssertAccessibleAsync()
    {
        await Page.EvaluateAsync(Axe);
        var violations = await Page.EvaluateAsync<string[]>(
            """
            async () => {
              const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
              let found, changed;
              const observer = new MutationObserver(() => changed = true);
              observer.observe(document, { subtree: true, childList: true, characterData: true });
              for (let tries = 5; tries > 0 && changed !== false; tries--) {
                changed = false;
                found = await axe.run(document, { iframes: false, runOnly: { type: 'tag', values: tags } });
              }
              observer.disconnect();
              return found.violations.flatMap(v => v.nodes.slice(0, 5).map(n => `${v.id}: ${v.help}: ${n.html}: ${n.failureSummary}`));
            }
            """);
        Assert.True(violations.Length == 0, string.Join('\n', violations));
    }

    /// <summary>
    /// Keeps a picture under <c>docs/images</c> when <c>UPDATE_IMAGES=1</c>; else only proves that one can be taken, and that the gallery
    /// there shows it.
    /// </summary>
    public async Task PictureAsync(string name)
    {
        var cancel = TestContext.Current.CancellationToken;
        var folder = Path.Combine(Root(), "docs", "images");
        var bytes = await Page.ScreenshotAsync(new() { Animations = ScreenshotAnimations.Disabled });
        if (Environment.GetEnvironmentVariable("UPDATE_IMAGES") == "1")
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{name}.png"), bytes, cancel);
        }

        Assert.NotEmpty(bytes);
        Assert.Contains($"({name}.png)", await File.ReadAllTextAsync(Path.Combine(folder, "README.md"), cancel), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        var unexpected = wrongs.Where(w => !ExpectedErrors.Exists(e => w.Contains(e, StringComparison.Ordinal))).ToList();
        Assert.True(unexpected.Count == 0, string.Join('\n', unexpected));
    }

    private void Watch()
    {
        context.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("data:", StringComparison.Ordinal) && new Uri(request.Url).Authority is var asked && asked != url.Authority && !OtherHosts.Contains(asked))
            {
                wrongs.Enqueue($"asked another host: {request.Url}");
            }
        };
        context.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                wrongs.Enqueue($"{message.Type}: {message.Text} ({message.Location})");
            }
        };
        Page.PageError += (_, error) => wrongs.Enqueue($"script: {error}");
    }

    private static string Root([CallerFilePath] string caller = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", ".."));
}
