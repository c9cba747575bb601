using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Signet.Delivery;
using Signet.Delivery.Tls;
using Signet.Queue;
using Signet.Tests.Fakes;
using Signet.Tests.Queue;

namespace Signet.Tests.Delivery.Tls;

/// <summary>When mail goes in clear text to a host that offers STARTTLS (RFC 3207, RFC 7435), and when it waits.</summary>
public sealed class ClearTextTests
{
    private static readonly X509Certificate2 ServerCertificate = SelfSigned.Certificate("mx.test");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("alert")]
    [InlineData("babble")]
    public async Task TLS_that_does_not_work_means_clear_text_at_once_and_for_some_minutes(string fault)
    {
        await using var server = new ScriptedSmtpServer($"STARTTLS: once {fault}", _time, ServerCertificate);
        await using var outbound = await StartAsync(server);

        Assert.Equal((DeliveryState.Delivered, null), await SendAsync(outbound));
        Assert.Equal((DeliveryState.Delivered, null), await SendAsync(outbound));
        Assert.Equal(1, server.Commands.Count(c => c == "STARTTLS"));

        _time.Advance(ClearTextRules.BrokenFor);
        Assert.Equal((DeliveryState.Delivered, "TLSv1.3"), await SendAsync(outbound));
    }

    [Theory]
    [InlineData("drop", "4.4.2")]
    [InlineData("reset", "4.4.2")]
    [InlineData("close", "4.4.2")]
    [InlineData("stall", "4.4.2")]
    [InlineData("silent", "4.4.2")]
    public async Task A_handshake_that_the_network_interrupts_is_no_reason_for_clear_text(string fault, string code)
    {
        await using var server = new ScriptedSmtpServer($"STARTTLS: once {fault}", _time, ServerCertificate);
        await using var outbound = await StartAsync(server);

        Assert.Equal((DeliveryState.Deferred, null), await SendAsync(outbound, fault is "stall" or "silent" ? server.Stalling.Task : null));
        Assert.Contains(code, outbound.Queue.Results[^1].Result, StringComparison.Ordinal);
        Assert.Empty(server.Contents);

        Assert.Equal((DeliveryState.Delivered, "TLSv1.3"), await SendAsync(outbound));
    }

    [Fact]
    public async Task The_next_host_gets_what_the_first_could_not_encrypt()
    {
        await using var server = new ScriptedSmtpServer("STARTTLS: once drop", _time, ServerCertificate);
        await using var outbound = new Outbound("mx", server.EndPoint.Port, "dest.test MX 10 a.test\ndest.test MX 20 b.test\na.test A 127.0.0.1\nb.test A 127.0.0.1", _time);
        await outbound.StartAsync();

        Assert.Equal((DeliveryState.Delivered, "TLSv1.3"), await SendAsync(outbound));
        Assert.Equal("b.test", outbound.Queue.Results[^1].Attempt!.Host);
    }

    [Theory]
    [InlineData("drop", DeliveryState.Deferred)]
    [InlineData("alert", DeliveryState.Delivered)]
    public async Task What_happens_at_one_host_changes_nothing_for_another(string fault, DeliveryState state)
    {
        await using var broken = new ScriptedSmtpServer($"STARTTLS: {fault}", _time, ServerCertificate);
        await using var other = new ScriptedSmtpServer("NOOP: 250 ok", _time, ServerCertificate);
        await using var outbound = new Outbound($"broken.test=smtp://{broken.EndPoint} smtp://{other.EndPoint}", 25, "", _time);
        await outbound.StartAsync();
        var old = _time.GetUtcNow();

        Assert.Equal((state, null), await SendAsync(outbound, to: "a@broken.test"));
        _time.Advance(ClearTextRules.Patience);
        Assert.Equal((DeliveryState.Delivered, null), await SendAsync(outbound, acceptedAt: old, to: "a@broken.test"));
        Assert.Equal((DeliveryState.Delivered, "TLSv1.3"), await SendAsync(outbound, acceptedAt: old));
    }

    [Fact]
    public async Task Where_every_handshake_is_interrupted_mail_that_has_waited_goes_in_clear_text_and_new_mail_waits()
    {
        await using var server = new ScriptedSmtpServer("STARTTLS: drop", _time, ServerCertificate);
        await using var outbound = await StartAsync(server, messages: 100);
        var first = _time.GetUtcNow();
        Assert.Equal((DeliveryState.Deferred, null), await SendAsync(outbound));

        _time.Advance(ClearTextRules.Patience);
        Assert.Equal((DeliveryState.Delivered, null), await SendAsync(outbound, acceptedAt: first));

        // The connection is still open, and still not for others.
        Assert.Equal((DeliveryState.Deferred, null), await SendAsync(outbound));
        Assert.Equal(3, server.Commands.Count(c => c == "STARTTLS"));
        Assert.Single(server.Contents);
    }

    [Fact]
    public async Task An_old_message_does_not_go_in_clear_text_for_one_interrupted_handshake()
    {
        await using var server = new ScriptedSmtpServer("STARTTLS: once drop", _time, ServerCertificate);
        await using var outbound = await StartAsync(server);

        Assert.Equal((DeliveryState.Deferred, null), await SendAsync(outbound, acceptedAt: _time.GetUtcNow().AddHours(-5)));
    }

    [Fact]
    public async Task A_handshake_that_succeeds_ends_the_doubt()
    {
        await using var server = new ScriptedSmtpServer("STARTTLS: once drop", _time, ServerCertificate);
        await using var outbound = await StartAsync(server);
        var first = _time.GetUtcNow();
        await SendAsync(outbound);
        Assert.Equal((DeliveryState.Delivered, "TLSv1.3"), await SendAsync(outbound));

        _time.Advance(ClearTextRules.Patience);
        Assert.Equal((DeliveryState.Delivered, "TLSv1.3"), await SendAsync(outbound, acceptedAt: first));
    }

    [Fact]
    public async Task An_interrupted_handshake_begins_no_back_off_as_old_mail_behind_it_may_go()
    {
        await using var server = new ScriptedSmtpServer("STARTTLS: drop", _time, ServerCertificate);
        await using var outbound = await StartAsync(server);
        var first = _time.GetUtcNow();
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal((DeliveryState.Deferred, null), await SendAsync(outbound));
        }

        _time.Advance(ClearTextRules.Patience);
        Assert.Equal((DeliveryState.Deferred, null), await SendAsync(outbound));
        Assert.Equal((DeliveryState.Delivered, null), await SendAsync(outbound, acceptedAt: first));
    }

    [Fact]
    public void Only_failures_without_a_success_and_without_a_long_pause_between_them_count()
    {
        var rules = new ClearTextRules(_time);
        var address = IPEndPoint.Parse("192.0.2.1:25");
        var old = _time.GetUtcNow();

        Assert.False(rules.Interrupted(address, old));
        _time.Advance(ClearTextRules.Patience);
        Assert.False(rules.Interrupted(IPEndPoint.Parse("192.0.2.2:25"), old));
        Assert.True(rules.Interrupted(address, old));
        Assert.False(rules.Interrupted(address, _time.GetUtcNow()));

        rules.Succeeded(address);
        Assert.False(rules.Interrupted(address, old));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.False(rules.Interrupted(address, old));
    }

    [Theory]
    [InlineData("MAIL: once 530 5.7.0 Must issue a STARTTLS command first")]
    [InlineData("RCPT: once 530 Must issue a STARTTLS command first")]
    [InlineData("MAIL: once 538 5.7.11 Encryption required")]
    public async Task A_host_that_wants_TLS_after_our_downgrade_defers_and_gets_it_at_the_next_connection(string refusal)
    {
        await using var server = new ScriptedSmtpServer($"STARTTLS: once alert\n{refusal}", _time, ServerCertificate);
        await using var outbound = await StartAsync(server);

        Assert.Equal((DeliveryState.Deferred, null), await SendAsync(outbound));
        Assert.Equal((DeliveryState.Delivered, "TLSv1.3"), await SendAsync(outbound));
    }

    [Fact]
    public async Task A_downgrade_is_logged_once_and_each_connection_in_clear_counted()
    {
        await using var server = new ScriptedSmtpServer("STARTTLS: alert", _time, ServerCertificate);
        var (log, counted) = (new RecordingLogger<ConnectionOpener>(), 0);
        await using var outbound = await StartAsync(server, log, () => counted++);

        await SendAsync(outbound);
        await SendAsync(outbound);
        Assert.Equal(2, counted);
        var line = Assert.Single(log.Lines);
        Assert.Contains("127.0.0.1", line, StringComparison.Ordinal);
        Assert.Contains("TLS could not be started", line, StringComparison.Ordinal);

        _time.Advance(ClearTextRules.BrokenFor);
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
    public async Task A_connection_in_clear_text_is_not_kept_for_longer_than_its_reason_is_known()
    {
        await using var server = new ScriptedSmtpServer("STARTTLS: once 454 4.7.0 not now", _time, ServerCertificate);
        await using var outbound = await StartAsync(
            server, messages: 100, limits: DestinationLimits.Default with { Idle = TimeSpan.FromHours(1) });

        Assert.Equal((DeliveryState.Delivered, null), await SendAsync(outbound));
        Assert.Equal((DeliveryState.Delivered, null), await SendAsync(outbound));
        Assert.Equal(1, server.ConnectionCount);

        _time.Advance(ClearTextRules.BrokenFor);
        Assert.Equal((DeliveryState.Delivered, "TLSv1.3"), await SendAsync(outbound));
    }

    [Fact]
    public async Task A_host_that_wants_TLS_and_breaks_it_every_time_does_not_fill_the_log()
    {
        await using var server = new ScriptedSmtpServer("STARTTLS: alert\nMAIL: 530 5.7.0 Must issue a STARTTLS command first", _time, ServerCertificate);
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

    private async Task<(DeliveryState State, string? Tls)> SendAsync(Outbound outbound, Task? stalling = null, DateTimeOffset? acceptedAt = null, string to = "a@dest.test")
    {
        outbound.Put(Deliveries.Message(to) with { AcceptedAt = acceptedAt ?? _time.GetUtcNow() });
        await outbound.WaitForResultsAsync(1, stalling);
        var result = outbound.Queue.Results[^1];
        return (result.State, result.Attempt!.Tls);
    }

    private async Task<Outbound> StartAsync(
        ScriptedSmtpServer server, RecordingLogger<ConnectionOpener>? log = null, Action? downgraded = null, int messages = 1, DestinationLimits? limits = null)
    {
        var outbound = new Outbound(
            $"smtp://127.0.0.1:{server.EndPoint.Port}", 25, "", _time, (limits ?? DestinationLimits.Default) with { SmarthostMessages = messages },
            log: log, downgraded: downgraded);
        await outbound.StartAsync();
        return outbound;
    }
}
