using System.Diagnostics.Metrics;
using Signet.Queue;

namespace Signet.Telemetry;

/// <summary>
/// What the domain counts and measures; ways in have meters of their own, whose names begin the same. The names here are
/// OpenTelemetry's: the Prometheus page writes them with underscores, counters with <c>_total</c>, durations with <c>_seconds</c>.
/// </summary>
public sealed class SignetMetrics : IDisposable
{
    /// <summary>The name of the meter, and what the names of all meters of Signet begin with.</summary>
    public const string MeterName = "Signet";

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> accepted;
    private readonly Counter<long> attempts;
    private readonly Counter<long> downgrades;
    private readonly Counter<long> dkimLosses;
    private readonly Histogram<double> deliveryDuration;
    private volatile IReadOnlyDictionary<DeliveryState, long> queue = new Dictionary<DeliveryState, long>();

    public SignetMetrics()
    {
        accepted = meter.CreateCounter<long>("signet.messages.accepted", description: "Messages accepted and stored");
        attempts = meter.CreateCounter<long>("signet.deliveries", description: "Delivery attempts that ended, by outcome");
        downgrades = meter.CreateCounter<long>(
            "signet.tls.downgrades", description: "Connections in clear text to hosts that offer STARTTLS");
        dkimLosses = meter.CreateCounter<long>(
            "signet.dkim.losses", description: "Domains whose verified DKIM keys were found to be no longer published");
        deliveryDuration = meter.CreateHistogram(
            "signet.delivery.duration",
            "s",
            "Time from acceptance to delivery",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 3600, 14_400, 86_400] });
        meter.CreateObservableGauge("signet.queue.deliveries", Queue, description: "Deliveries that have not ended, by state");
    }

    /// <summary>Called once an exporter listens: a counter that is 0 then shows as 0 rather than not at all.</summary>
    public void Begin()
    {
        accepted.Add(0);
        downgrades.Add(0);
        dkimLosses.Add(0);
        foreach (var state in new[] { DeliveryState.Delivered, DeliveryState.Deferred, DeliveryState.Failed })
        {
            attempts.Add(0, Outcome(state));
        }
    }

    /// <summary>A message is committed.</summary>
    public void MessageAccepted() => accepted.Add(1);

    /// <summary>An attempt ended <c>Delivered</c>, <c>Deferred</c> or <c>Failed</c>.</summary>
    public void AttemptEnded(DeliveryState state) => attempts.Add(1, Outcome(state));

    /// <summary>A connection is in clear text although the host offers STARTTLS.</summary>
    public void Downgraded() => downgrades.Add(1);

    /// <summary>The verified DKIM keys of a domain are no longer published.</summary>
    public void DkimLost() => dkimLosses.Add(1);

    /// <summary>A delivery reached its recipient so long after the message was accepted.</summary>
    public void Delivered(TimeSpan sinceAccepted) => deliveryDuration.Record(sinceAccepted.TotalSeconds);

    /// <summary>How many deliveries wait in each state now; shown until the next call.</summary>
    public void QueueCounted(IReadOnlyDictionary<DeliveryState, long> counts) => queue = counts;

    /// <summary>The spelling of a state in labels and in JSON.</summary>
    public static string Label(DeliveryState state) => state switch
    {
        DeliveryState.Queued => "queued",
        DeliveryState.Deferred => "deferred",
        DeliveryState.Held => "held",
        DeliveryState.Delivered => "delivered",
        DeliveryState.Failed => "failed",
        _ => throw new System.Diagnostics.UnreachableException($"{state}"),
    };

    public void Dispose() => meter.Dispose();

    private static KeyValuePair<string, object?> Outcome(DeliveryState state) => new("outcome", Label(state));

    private IEnumerable<Measurement<long>> Queue() =>
        IMessageQueue.OpenStates.Select(state =>
            new Measurement<long>(queue.GetValueOrDefault(state), new KeyValuePair<string, object?>("state", Label(state))));
}
