using Signet.Queue;
using Signet.Server.Tests.Fakes;

namespace Signet.Server.Tests.Hosting;

public sealed class MetricsTests
{
    private readonly FakeDomain domain = new();

    [Fact]
    public async Task The_names_are_those_that_are_documented()
    {
        domain.Queue.Counts[DeliveryState.Deferred] = 7;
        await using var host = await TestHost.DevAsync(domain);
        domain.Metrics!.MessageAccepted();
        domain.Metrics.AttemptEnded(DeliveryState.Delivered);
        domain.Metrics.Delivered(TimeSpan.FromSeconds(2));

        var (_, body) = await host.GetAsync("/metrics");

        string[] expected =
        [
            "signet_messages_accepted_total ",
            "signet_deliveries_total{outcome=\"delivered\"} ",
            "signet_deliveries_total{outcome=\"deferred\"} ",
            "signet_deliveries_total{outcome=\"failed\"} ",
            "signet_tls_downgrades_total ",
            "signet_dkim_losses_total ",
            "signet_queue_deliveries{state=\"queued\"} ",
            "signet_queue_deliveries{state=\"deferred\"} 7",
            "signet_delivery_duration_seconds_bucket{le=\"0.1\"} ",
            "signet_delivery_duration_seconds_count ",
        ];
        Assert.All(expected, line => Assert.Contains($"\n{line}", body, StringComparison.Ordinal));
        Assert.DoesNotContain("signet_queue_deliveries{state=\"delivered\"}", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_are_answered_while_the_store_is_away()
    {
        domain.Queue.Failure = new StoreUnavailableException("disk full");
        await using var host = await TestHost.DevAsync(domain);

        Assert.Equal(200, (await host.GetAsync("/metrics")).Status);
    }
}
