using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Signet.Delivery;
using Signet.Queue;
using Signet.Tests.Fakes;
using Signet.Tests.Queue;

namespace Signet.Tests.Delivery;

/// <summary>What follows from a TLS handshake that fails (RFC 3207, RFC 7435).</summary>
public sealed class TlsDowngradeTests
{
    private static readonly X509Certificate2 ServerCertificate = SelfSigned.Certificate("mx.test");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task One_dropped_handshake_does_not_mean_clear_text_for_long()
    {
        await using var server = new ScriptedSmtpServer("STARTTLS: once drop", _time, ServerCertificate);
        await using var outbound = await StartAsync(server);

        Assert.Equal((DeliveryState.Delivered, null), await SendAsync(outbound));
        Assert.Equal((DeliveryState.Delivered, null), await SendAsync(outbound));
        Assert.Equal(1, server.Commands.Count(c => c == "STARTTLS"));

        _time.Advance(ConnectionOpener.DowngradeKept);
        Assert.Equal((DeliveryState.Delivered, "TLSv1.3"), await SendAsync(outbound));
    }

    [Theory]
    [InlineData("MAIL: once 530 5.7.0 Must issue a STARTTLS command first")]
    [InlineData("RCPT: once 530 Must issue a STARTTLS command first")]
    [InlineData("MAIL: once 538 5.7.11 Encryption required")]
    public async Task A_host_that_wants_TLS_after_our_downgrade_defers_and_gets_it_at_the_next_connection(string refusal)
    {
        await using var server = new ScriptedSmtpServer($"STARTTLS: once drop\n{refusal}", _time, ServerCertificate);
        await using var outbound = await StartAsync(server);

        Assert.Equal((DeliveryState.Deferred, null), await SendAsync(outbound));
        Assert.Equal((DeliveryState.Delivered, "TLSv1.3"), await SendAsync(outbound));
    }

    [Fact]
    public async Task A_downgrade_is_logged_once_and_each_connection_in_clear_counted()
    {
        await using var server = new ScriptedSmtpServer("STARTTLS: drop", _time, ServerCertificate);
        var (log, counted) = (new RecordingLogger<ConnectionOpener>(), 0);
        await using var outbound = await StartAsync(server, log, () => counted++);

        await SendAsync(outbound);
        await SendAsync(outbound);
        Assert.Equal(2, counted);
        var line = Assert.Single(log.Lines);
        Assert.Contains("127.0.0.1", line, StringComparison.Ordinal);
        Assert.Contains("TLS could not be started", line, StringComparison.Ordinal);

        _time.Advance(ConnectionOpener.DowngradeKept);
        await SendAsync(outbound);
        Assert.Equal((3, 2), (counted, log.Lines.Count));
    }

    [Fact]
    public async Task A_server_that_takes_back_its_STARTTLS_is_logged_and_counted_too_and_asked_again_each_time()
    {
        await using var server = new ScriptedSmtpServer("STARTTLS: 454 4.7.0 not now", _time, ServerCertificate);
        var (log, counted) = (new RecordingLogger<ConnectionOpener>(), 0);
        await using var outbound = await StartAsync(server, log, () => counted++);

        await SendAsync(outbound);
        await SendAsync(outbound);

        Assert.Equal((2, 1), (counted, log.Lines.Count));
        Assert.Equal(2, server.Commands.Count(c => c == "STARTTLS"));
    }

    [Fact]
    public async Task A_host_that_wants_TLS_and_breaks_it_every_time_does_not_fill_the_log()
    {
        await using var server = new ScriptedSmtpServer("STARTTLS: drop\nMAIL: 530 5.7.0 Must issue a STARTTLS command first", _time, ServerCertificate);
        var (log, counted) = (new RecordingLogger<ConnectionOpener>(), 0);
        await using var outbound = await StartAsync(server, log, () => counted++, messages: 100);

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal((DeliveryState.Deferred, null), await SendAsync(outbound));
        }

        Assert.Equal((5, 1), (counted, log.Lines.Count));
        Assert.Equal(5, server.Commands.Count(c => c == "STARTTLS"));
    }

    [Fact]
    public async Task A_host_without_TLS_is_no_downgrade()
    {
        await using var server = new ScriptedSmtpServer("EHLO: 250 mx.test", _time);
        var (log, counted) = (new RecordingLogger<ConnectionOpener>(), 0);
        await using var outbound = await StartAsync(server, log, () => counted++);

        Assert.Equal((DeliveryState.Delivered, null), await SendAsync(outbound));

        Assert.Equal((0, 0), (counted, log.Lines.Count));
    }

    private async Task<(DeliveryState State, string? Tls)> SendAsync(Outbound outbound)
    {
        outbound.Put(Deliveries.Message("a@dest.test") with { AcceptedAt = _time.GetUtcNow() });
        await outbound.WaitForResultsAsync(1);
        var result = outbound.Queue.Results[^1];
        return (result.State, result.Attempt!.Tls);
    }

    private async Task<Outbound> StartAsync(ScriptedSmtpServer server, RecordingLogger<ConnectionOpener>? log = null, Action? downgraded = null, int messages = 1)
    {
        var outbound = new Outbound(
            $"smtp://127.0.0.1:{server.EndPoint.Port}", 25, "", _time, DestinationLimits.Default with { SmarthostMessages = messages },
            log: log, downgraded: downgraded);
        await outbound.StartAsync();
        return outbound;
    }
}
