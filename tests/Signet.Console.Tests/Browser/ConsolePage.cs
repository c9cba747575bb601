using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Signet.Console.Tests.Browser;

/// <summary>
/// One page in a browser without cookies. Whatever test looks at it, nothing may be asked of another host and nothing may be logged as an
/// error, a breach of the content policy for instance: <see cref="DisposeAsync"/> fails then.
/// </summary>
internal sealed class ConsolePage : IAsyncDisposable
{
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

    /// <summary>Fails unless axe finds nothing against WCAG 2.2 A and AA.</summary>
    public async Task AssertAccessibleAsync()
    {
        var found = await Page.RunAxe(new AxeRunOptions
        {
            RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
        });
        Assert.True(found.Violations.Length == 0, string.Join('\n', found.Violations.Select(v =>
            $"{v.Id}: {v.Help}\n{string.Join('\n', v.Nodes.Take(5).Select(n => $"    {n.Html}\n      {string.Join("; ", n.Any.Concat(n.All).Concat(n.None).Select(c => c.Message))}"))}")));
    }

    /// <summary>Keeps a picture under <c>docs/images</c> when <c>UPDATE_IMAGES=1</c>; else only proves that one can be taken.</summary>
    public async Task PictureAsync(string name)
    {
        var bytes = await Page.ScreenshotAsync(new() { Animations = ScreenshotAnimations.Disabled });
        Assert.NotEmpty(bytes);
        if (Environment.GetEnvironmentVariable("UPDATE_IMAGES") == "1")
        {
            var folder = Directory.CreateDirectory(Path.Combine(Root(), "docs", "images"));
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, $"{name}.png"), bytes, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        Assert.DoesNotContain(wrongs, w => !ExpectedErrors.Exists(e => w.Contains(e, StringComparison.Ordinal)));
    }

    private void Watch()
    {
        context.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("data:", StringComparison.Ordinal) && new Uri(request.Url).Authority != url.Authority)
            {
                wrongs.Enqueue($"asked another host: {request.Url}");
            }
        };
        context.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                wrongs.Enqueue($"{message.Type}: {message.Text}");
            }
        };
        Page.PageError += (_, error) => wrongs.Enqueue($"script: {error}");
    }

    private static string Root([CallerFilePath] string caller = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", ".."));
}
