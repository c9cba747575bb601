using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Addresses;
using Signet.Delivery;
using Signet.Queue;
using Signet.Tests.Fakes;
using Signet.Tests.Queue;

namespace Signet.Tests.Delivery;

public sealed class RerouteTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddMinutes(1));
    private readonly ScriptedSmtpServer _own = new("", TimeProvider.System);
    private readonly ScriptedSmtpServer _other = new("", TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _own.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task One_message_goes_along_several_routes_and_its_attempts_name_the_hosts()
    {
        await using var outbound = new Outbound($"smtp://{_own.EndPoint}", 25, "", _time);
        await outbound.StartAsync();
        var message = Deliveries.Message("a@one.example", "b@one.example", "c@two.example");

        outbound.Put(message with
        {
            Deliveries = [.. message.Deliveries.Select(d => d.Ordinal == 1 ? d with { Route = $"smtp://{_other.EndPoint}" } : d)],
        });
        await outbound.WaitForResultsAsync(3);

        Assert.Equal(["RCPT TO:<b@one.example>"], _other.Commands.Where(c => c.StartsWith("RCPT", StringComparison.Ordinal)));
        Assert.Equal(
            ["RCPT TO:<a@one.example>", "RCPT TO:<c@two.example>"],
            _own.Commands.Where(c => c.StartsWith("RCPT", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.All(outbound.Queue.Results, r => Assert.Equal((DeliveryState.Delivered, "127.0.0.1"), (r.State, r.Attempt!.Host)));
    }

    [Fact]
    public async Task Room_for_a_lane_is_that_of_its_own_target()
    {
        await using var outbound = new Outbound(
            "mx", 25, "one.example MX 10 mx.test\nmx.test A 127.0.0.1", _time, receivers: "[default]\nconnections = 1",
            dial: (_, _) => Task.FromException<Stream>(new IOException("Connection refused")));
        await outbound.StartAsync();

        outbound.Put(Deliveries.Message("a@one.example"));
        await outbound.WaitForResultsAsync(1);
        await Eventually.TrueAsync(() => outbound.RoomFor("one.example") == -1);

        Assert.True(outbound.RoomForLane($"one.example>smtp://{_other.EndPoint}") > 0);
    }

    [Theory]
    [InlineData("mx", "mx", null)]
    [InlineData("default", null, null)]
    [InlineData("smtp://Relay.Example.NET", "smtp://relay.example.net:25", null)]
    [InlineData("smtps://relay.example.net", "smtps://relay.example.net:465", null)]
    [InlineData("smtp://[2001:db8::1]:26", "smtp://[2001:db8::1]:26", null)]
    [InlineData("capture", null, "drop it instead")]
    [InlineData("smtp://user:pw@relay.example.net", null, "configure them by `--route`")]
    [InlineData("relay.example.net", null, "is no target")]
    [InlineData("http://relay.example.net", null, "is no target")]
    [InlineData("", null, "is no target")]
    [InlineData("smtp://relay example.net", null, "is no target")]
    public void A_target_is_read_or_refused_in_a_sentence(string text, string? stored, string? refusal)
    {
        Assert.Equal(refusal is null, RerouteTarget.TryParse(text, out var target, out var why));
        Assert.Equal(stored, target);
        Assert.Contains(refusal ?? "", why ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain("pw", target ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_a_route_names_too_is_used_with_the_credentials_of_the_route()
    {
        Assert.True(Route.TryParse("example.org=smtp://user:secret@relay.example.net:587", out var route));

        Assert.Equal(route.Target, RerouteTarget.Find("smtp://relay.example.net:587", [route]));
        Assert.Equal(new RouteTarget.Smarthost("relay.example.net", 25, false, null, null), RerouteTarget.Find("smtp://relay.example.net:25", [route]));
        Assert.Equal(new RouteTarget.Mx(), RerouteTarget.Find("mx", [route]));
        Assert.Null(RerouteTarget.Find("pigeon", [route]));
    }

    [Fact]
    public async Task Hosts_are_recorded_once_and_again_when_they_change()
    {
        var domains = new StubDestinationDomains();
        using var recorder = new DestinationRecorder(domains, _time, NullLogger<DestinationRecorder>.Instance);
        var (one, two) = (DomainName.Parse("one.example"), DomainName.Parse("two.example"));
        recorder.Note(one, "mx.one.example");
        recorder.Note(two, "mx.two.example");
        domains.Failure = new StoreUnavailableException("away");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => recorder.WriteAsync(Cancel));
        domains.Failure = null;

        Assert.Equal(2, await recorder.WriteAsync(Cancel));
        recorder.Note(one, "mx.one.example");
        Assert.Equal(0, await recorder.WriteAsync(Cancel));
        recorder.Note(one, "mx.new.example");
        Assert.Equal(1, await recorder.WriteAsync(Cancel));
        _time.Advance(DestinationRecorder.Again);
        recorder.Note(two, "mx.two.example");

        Assert.Equal(1, await recorder.WriteAsync(Cancel));
        Assert.Equal(4, domains.Recorded.Count);
    }

    [Fact]
    public async Task The_hosts_of_domains_and_smarthosts_are_noted_and_those_of_a_given_target_are_not()
    {
        List<(string, string)> noted = [];
        await using var outbound = new Outbound(
            $"smtp://{_own.EndPoint}", 25, "", _time, configure: o => o with { NoteHosts = (domain, hosts) => noted.Add((domain.Value, hosts)) });
        await outbound.StartAsync();
        var message = Deliveries.Message("a@one.example", "b@two.example");

        outbound.Put(message with { Deliveries = [message.Deliveries[0], message.Deliveries[1] with { Route = $"smtp://{_other.EndPoint}" }] });
        await outbound.WaitForResultsAsync(2);

        Assert.Equal([("one.example", "127.0.0.1")], noted);
    }
}
