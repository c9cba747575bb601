using Microsoft.Playwright;
using Signet.Web.Tests.Browser;
using Signet.Web.Tests.Messages;

namespace Signet.Web.Tests.Shell;

/// <summary>Whoever uses the keyboard sees where it is: on every page Tab goes from stop to stop, and each looks different while it has the focus.</summary>
public sealed class FocusTests(Chromium chromium)
{
    // Stops of one page. A list of many lines has as many.
    private const int MostStops = 80;

    // Half the length of an outline around the smallest button.
    private const int LeastPixels = 40;

    private const int Margin = 4;

    // Pictures are compared where no policy of the console holds.
    private const string CountDifferentPixels =
        """
        async ([one, other]) => {
          const pixels = async data => {
            const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
            const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
            const context = canvas.getContext('2d');
            context.drawImage(bitmap, 0, 0);
            return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
          };
          const [a, b] = [await pixels(one), await pixels(other)];
          let different = 0;
          for (let i = 0; i < Math.min(a.length, b.length); i += 4) {
            different += Math.abs(a[i] - b[i]) + Math.abs(a[i + 1] - b[i + 1]) + Math.abs(a[i + 2] - b[i + 2]) > 60 ? 1 : 0;
          }
          return different;
        }
        """;

    [Theory]
    [InlineData("messages", ColorScheme.Light)]
    [InlineData("messages/{message}", ColorScheme.Light)]
    [InlineData("messages/{message}", ColorScheme.Dark)]
    [InlineData("messages/{message}?view=parts", ColorScheme.Light)]
    [InlineData("messages/{message}?view=checks", ColorScheme.Light)]
    [InlineData("messages/{message}?view=timeline", ColorScheme.Light)]
    [InlineData("why", ColorScheme.Light)]
    [InlineData("why/messages/{message}", ColorScheme.Light)]
    [InlineData("why/simulator", ColorScheme.Light)]
    [InlineData("identities", ColorScheme.Light)]
    [InlineData("identities/000000000000/us-east-1/news@shop.test", ColorScheme.Light)]
    [InlineData("sending", ColorScheme.Dark)]
    [InlineData("sending/queue", ColorScheme.Light)]
    [InlineData("accounts", ColorScheme.Light)]
    [InlineData("accounts/000000000000", ColorScheme.Light)]
    public async Task Every_stop_of_the_keyboard_is_seen(string path, ColorScheme colors)
    {
        await using var system = await ConsoleSystem.DevAsync();
        var id = await system.SendRawAsync(SampleMail.Order, from: "news@shop.test");
        await using var console = await ConsolePage.OpenAsync(chromium, system, path.Replace("{message}", id.Value, StringComparison.Ordinal), colors, height: 1400);

        await AssertStopsAreSeenAsync(console);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_stop_of_the_empty_inbox_is_seen(ColorScheme colors)
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages?sdk=go", colors, height: 1400);
        await Microsoft.Playwright.Assertions.Expect(console.Page.GetByTestId("snippet")).ToBeVisibleAsync();

        await AssertStopsAreSeenAsync(console);
    }

    private static async Task AssertStopsAreSeenAsync(ConsolePage console)
    {
        var compare = await console.Page.Context.NewPageAsync();
        await console.Page.BringToFrontAsync();
        HashSet<string> seen = [];
        List<string> unseen = [];

        for (var stop = 0; stop < MostStops; stop++)
        {
            await console.Page.Keyboard.PressAsync("Tab");
            var focused = await console.Page.EvaluateAsync<Stop>(
                """
                () => {
                  const element = document.activeElement;
                  const stops = window.stops ??= new Map();
                  element.scrollIntoView({ block: 'nearest' });
                  if (!stops.has(element)) {
                    stops.set(element, stops.size);
                  }
                  // A link in a list stands for its line.
                  const box = (element.closest('.line, .why-line') ?? element).getBoundingClientRect();
                  return { Name: `${stops.get(element)}: ${element.outerHTML.slice(0, 160)}`, IsBody: element === document.body, X: box.x, Y: box.y, Width: box.width, Height: box.height };
                }
                """);
            if (focused.IsBody || !seen.Add(focused.Name))
            {
                break;
            }

            var clip = new Clip
            {
                X = Math.Max(0, focused.X - Margin),
                Y = Math.Max(0, focused.Y - Margin),
                Width = focused.Width + (2 * Margin),
                Height = focused.Height + (2 * Margin),
            };
            var with = await PictureAsync(console.Page, clip);
            await console.Page.EvaluateAsync("() => { window.stop = document.activeElement; window.stop.blur(); }");
            var without = await PictureAsync(console.Page, clip);
            await console.Page.EvaluateAsync("() => window.stop.focus({ preventScroll: true })");
            if (await compare.EvaluateAsync<int>(CountDifferentPixels, new[] { with, without }) < LeastPixels)
            {
                unseen.Add(focused.Name);
            }
        }

        Assert.True(unseen.Count == 0, string.Join('\n', unseen));
        Assert.InRange(seen.Count, 10, MostStops);
    }

    private static async Task<string> PictureAsync(IPage page, Clip clip) =>
        Convert.ToBase64String(await page.ScreenshotAsync(new() { Clip = clip, Animations = ScreenshotAnimations.Disabled, Caret = ScreenshotCaret.Hide }));

    private sealed record Stop
    {
        public string Name { get; init; } = "";

        public bool IsBody { get; init; }

        public float X { get; init; }

        public float Y { get; init; }

        public float Width { get; init; }

        public float Height { get; init; }
    }
}
