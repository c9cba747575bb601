using System.Globalization;
using Signet.Server.Tests.Fakes;

namespace Signet.Server.Tests.Hosting;

/// <summary>Whatever is asked of whatever path by whatever method, the answer is not a failure of the server.</summary>
public sealed class EveryPathTests
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "NONSENSE"];

    private static readonly string[] Paths =
    [
        "/", "/nothing", "/_signet", "/_signet/", "/_signet/nothing", "/_signet/confirm", "/_signet/confirm/", "/_signet/confirm/a/b", "/_signet/confirm/%00",
        "/_signet/messages", "/_signet/messages/", "/_signet/messages/x", "/_signet/messages/x/raw", "/_signet/messages/x/nothing", "/_signet/events",
        "/_signet/refusals", "/_signet/policy/explain", "/_signet/openapi.json", "/_signet/reset/x", "/_aws/ses/x", "/health", "/health/live", "/health/ready",
        "/health/nothing", "/metrics", "/metrics/x", "/v2", "/v2/email/x", "/console", "/console/", "/console/nothing", "/console/sign-in", "/console/messages/x/html",
        "/console/messages/x/message.eml", "/console/messages/x/parts/1", "/console/sign-in/external/done",
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_method_on_no_path_fails(bool isDev)
    {
        await using var host = isDev ? await TestHost.DevAsync() : await TestHost.ServeAsync();
        List<string> failures = [];

        foreach (var client in isDev ? (HttpClient[])[host.Http] : [host.Http, host.Inspection])
        {
            foreach (var path in Paths)
            {
                foreach (var method in Methods)
                {
                    var (status, _) = await host.SendAsync(new HttpMethod(method), path, client: client);
                    if (status >= 500)
                    {
                        failures.Add(string.Create(CultureInfo.InvariantCulture, $"{method} {client.BaseAddress}{path}: {status}"));
                    }
                }
            }
        }

        Assert.Empty(failures);
    }
}
