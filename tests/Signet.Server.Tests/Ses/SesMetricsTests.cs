using System.Diagnostics.Metrics;
using Signet.Server.Aws;

namespace Signet.Server.Tests.Ses;

public sealed class SesMetricsTests
{
    [Fact]
    public async Task A_request_is_counted_by_action_and_code_and_never_by_a_strangers_words()
    {
        await using var server = await SesTestServer.StartAsync(TestContext.Current.CancellationToken);
        List<string> counted = [];
        List<string> timed = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == AwsMetrics.MeterName && instrument.Meter.Scope == server.Meters)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            lock (counted)
            {
                counted.Add($"{instrument.Name} {value} {Tags(tags)}");
            }
        });
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) =>
        {
            lock (timed)
            {
                timed.Add($"{instrument.Name} {instrument.Unit} {Tags(tags)}");
            }
        });
        listener.Start();

        await server.PostAsync(SesTestServer.Owner, "Action=GetSendQuota&Version=2010-12-01", TestContext.Current.CancellationToken);
        await server.PostAsync(SesTestServer.Owner, "Action=DeleteIdentity&Version=2010-12-01", TestContext.Current.CancellationToken);
        await server.PostAsync(SesTestServer.Owner, "Action=Dance&Version=2010-12-01", TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                "signet.requests 1 action=GetSendQuota code=OK",
                "signet.requests 1 action=DeleteIdentity code=ValidationError",
                "signet.requests 1 action=none code=InvalidAction",
            ],
            counted);
        Assert.Equal(
            [
                "signet.request.duration s action=GetSendQuota",
                "signet.request.duration s action=DeleteIdentity",
                "signet.request.duration s action=none",
            ],
            timed);
    }

    private static string Tags(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"));
}
