using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signet.Operators;
using Signet.Queue;
using Signet.Web.Sending;
using Signet.Web.Shell;

namespace Signet.Web.Tests.Sending;

public sealed class DestinationTableTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(OperatorRole.Read, 0)]
    [InlineData(OperatorRole.Operate, 3)]
    [InlineData(OperatorRole.Administer, 3)]
    public async Task Only_who_may_operate_is_offered_to_change_anything(OperatorRole role, int buttons)
    {
        var html = await RenderAsync(new Viewer("somebody", role, null), "451 <b>later</b>");

        Assert.Equal(buttons, html.Split("<button").Length - 1);
        Assert.Contains("example.net", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_server_replied_is_shown_as_text() =>
        Assert.Contains(
            "451 &lt;b&gt;later&lt;/b&gt;", await RenderAsync(new Viewer("somebody", OperatorRole.Read, null), "451 <b>later</b>"), StringComparison.Ordinal);

    private static async Task<string> RenderAsync(Viewer viewer, string reply)
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(CascadingValue<Viewer>.Value)] = viewer,
            [nameof(CascadingValue<Viewer>.ChildContent)] = (RenderFragment)(builder =>
            {
                builder.OpenComponent<DestinationTable>(0);
                builder.AddComponentParameter(1, nameof(DestinationTable.Destinations), new[] { new Destination("example.net", 1, 2, 3, Noon, Noon, reply) });
                builder.AddComponentParameter(2, nameof(DestinationTable.Filter), new DeliveryFilter());
                builder.AddComponentParameter(3, nameof(DestinationTable.Now), Noon);
                builder.AddComponentParameter(4, nameof(DestinationTable.Address), (Func<string, string>)(domain => domain));
                builder.CloseComponent();
            }),
        });
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<CascadingValue<Viewer>>(parameters)).ToHtmlString());
    }
}
