using System.Text.Json;
using Signet.Server.Tests.Fakes;

namespace Signet.Server.Tests.Inspection;

public sealed class OpenApiTests
{
    [Fact]
    public async Task Every_path_of_inspection_is_described_and_no_other()
    {
        await using var host = await TestHost.DevAsync();

        var (status, body) = await host.GetAsync("/_signet/openapi.json");

        Assert.True(status == 200, body);
        var paths = JsonDocument.Parse(body).RootElement.GetProperty("paths");
        Assert.Equal(
            [
                "/_aws/ses",
                "/_signet/events",
                "/_signet/messages",
                "/_signet/messages/count",
                "/_signet/messages/{id}",
                "/_signet/messages/{id}/attempts",
                "/_signet/messages/{id}/decision",
                "/_signet/messages/{id}/events",
                "/_signet/messages/{id}/raw",
                "/_signet/policy/explain",
                "/_signet/refusals",
                "/_signet/reset",
            ],
            paths.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        var parameters = paths.GetProperty("/_signet/messages").GetProperty("get").GetProperty("parameters");
        Assert.Contains("wait", parameters.EnumerateArray().Select(p => p.GetProperty("name").GetString()));
    }
}
