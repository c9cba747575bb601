using Microsoft.Playwright;

namespace Signet.Bench.Browser;

/// <summary>The steps of one scroll through the list, in milliseconds.</summary>
/// <param name="Median">Until the lines of a step are drawn.</param>
/// <param name="P95">The same that 95 of 100 steps stay below.</param>
/// <param name="LongFrames">Frames that took over 50 ms.</param>
/// <param name="Frames">All of them.</param>
internal sealed record Scrolling(double Median, double P95, int LongFrames, int Frames);

/// <summary>The console's list of messages as one person sees it. Times are taken in the browser, by its own clock.</summary>
internal sealed class InboxPage : IAsyncDisposable
{
    public const int Steps = 200;

    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    // `inSight` is true when every line in sight has a message; `settled` ends when the list has been drawn and then left alone.
    private const string Script =
        """
        window.bench = {
          key: 0, drawn: 0,
          watch() {
            bench.key = 0;
            bench.drawn = 0;
            for (const act of ['keydown', 'click']) {
              addEventListener(act, () => { bench.key = performance.now(); bench.drawn = 0; }, { capture: true });
            }
            const observer = new MutationObserver(() => { bench.drawn = performance.now(); });
            for (const drawn of document.querySelectorAll('.list, [data-testid=count]')) {
              observer.observe(drawn, { subtree: true, childList: true, characterData: true });
            }
          },
          inSight() {
            const list = document.querySelector('.list'), box = list.getBoundingClientRect();
            for (let y = box.top + 40; y < box.bottom - 8; y += 20) {
              const line = document.elementFromPoint(box.left + 60, y)?.closest('.line');
              if (!line?.querySelector('a')) return false;
            }
            return true;
          },
          async settled(count) {
            const text = () => document.querySelector('[data-testid=count]').textContent;
            while (text() === count || performance.now() - bench.drawn < 400) {
              if (performance.now() - bench.key > 20_000) throw new Error('the list is not drawn anew');
              await new Promise(r => setTimeout(r, 20));
            }
            return bench.drawn - bench.key;
          },
          async scroll(steps) {
            const list = document.querySelector('.list'), frames = [], took = [];
            let last = performance.now(), going = true;
            const frame = now => { frames.push(now - last); last = now; if (going) requestAnimationFrame(frame); };
            requestAnimationFrame(frame);
            for (let step = 1; step <= steps; step++) {
              const begin = performance.now();
              list.scrollTop = (list.scrollHeight - list.clientHeight) * step / steps;
              do { await new Promise(requestAnimationFrame); } while (!bench.inSight());
              took.push(performance.now() - begin);
            }
            going = false;
            took.sort((a, b) => a - b);
            return [took[steps >> 1], took[Math.floor(steps * .95)], frames.filter(f => f > 50).length, frames.length];
          },
        };
        """;

    private readonly IBrowserContext context;
    private readonly IPage page;
    private Uri? address;

    private InboxPage(IBrowserContext context, IPage page)
    {
        this.context = context;
        this.page = page;
    }

    /// <summary>The system's Chromium; null where there is none.</summary>
    public static string? Browser() => Places.FirstOrDefault(File.Exists);

    /// <summary>A window without cookies or cached files, and nothing in it.</summary>
    public static async Task<InboxPage> NewAsync(IBrowser browser)
    {
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 800 } });
        await context.AddInitScriptAsync(Script);
        return new InboxPage(context, await context.NewPageAsync());
    }

    /// <summary>Opens the list; ends when the lines in sight are drawn.</summary>
    public async Task OpenAsync(Uri server)
    {
        address = new Uri(server, "/console/messages");
        await page.GotoAsync(address.ToString(), new() { WaitUntil = WaitUntilState.Commit });
        await InSightAsync();
    }

    /// <summary>Ends when the search field has taken what was typed, and the server has answered to a click.</summary>
    public async Task UseAsync()
    {
        await page.GetByLabel("Search messages").PressSequentiallyAsync("a");
        await page.GetByRole(AriaRole.Button, new() { Name = "Menu", Exact = true }).ClickAsync();
        await page.Locator("[aria-label=Menu][aria-expanded=false]").WaitForAsync();
    }

    /// <summary>Types into a field of a list without a filter. Returns how long it took from the last key to the last line drawn.</summary>
    public async Task<double> TypeAsync(string field, string text)
    {
        await page.GotoAsync(address!.ToString());
        await InSightAsync();
        if (field != "Search messages")
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Filters" }).ClickAsync();
        }

        var input = page.GetByLabel(field, new() { Exact = true });
        await input.FocusAsync();
        return await MeasureAsync(() => page.Keyboard.TypeAsync(text, new() { Delay = 30 }));
    }

    /// <summary>Chooses a state.</summary>
    public async Task<double> ChooseAsync(string state)
    {
        await page.GotoAsync(address!.ToString());
        await InSightAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Filters" }).ClickAsync();
        await page.GetByLabel("State").ClickAsync();
        var option = page.GetByRole(AriaRole.Option, new() { Name = state, Exact = true });
        await option.WaitForAsync();
        return await MeasureAsync(() => option.ClickAsync());
    }

    /// <summary>Scrolls an unfiltered list from its top to its end.</summary>
    public async Task<Scrolling> ScrollAsync()
    {
        await page.GotoAsync(address!.ToString());
        await InSightAsync();
        var figures = await page.EvaluateAsync<double[]>("steps => bench.scroll(steps)", Steps);
        return new Scrolling(figures[0], figures[1], (int)figures[2], (int)figures[3]);
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    private async Task<double> MeasureAsync(Func<Task> act)
    {
        var count = await page.GetByTestId("count").TextContentAsync();
        await page.EvaluateAsync("bench.watch()");
        await act();
        return await page.EvaluateAsync<double>("count => bench.settled(count)", count);
    }

    private async Task InSightAsync() => await page.WaitForFunctionAsync(
        "() => document.querySelector('.list') && bench.inSight()");
}
