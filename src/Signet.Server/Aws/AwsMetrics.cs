using System.Diagnostics.Metrics;

namespace Signet.Server.Aws;

/// <summary>
/// How requests end. The Prometheus exporter shows the two as <c>signet_requests_total</c> and
/// <c>signet_request_duration_seconds</c>.
/// </summary>
internal sealed class AwsMetrics
{
    /// <summary>Exporters show it, so it keeps the name of the first API.</summary>
    public const string MeterName = "Signet.Ses";

    /// <summary>The label <c>code</c> of a request that was done.</summary>
    public const string Ok = "OK";

    /// <summary>
    /// The label <c>action</c> of a request that named no operation, or was refused before it could: a stranger's words are no labels.
    /// </summary>
    public const string NoAction = "none";

    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;

    public AwsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>("signet.requests", description: "SES API requests answered, by action and error code.");
        _duration = meter.CreateHistogram<double>("signet.request.duration", "s", "Time from the head of an SES API request to its answer.");
    }

    /// <summary>Counts one request.</summary>
    /// <param name="action">A name of a service's table, or <see cref="NoAction"/>.</param>
    /// <param name="code">The error code, or <see cref="Ok"/>.</param>
    /// <param name="took">From head to answer.</param>
    public void Record(string action, string code, TimeSpan took)
    {
        _requests.Add(1, new("action", action), new("code", code));
        _duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("action", action));
    }
}
