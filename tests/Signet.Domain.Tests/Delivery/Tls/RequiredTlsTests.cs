using Microsoft.Extensions.Time.Testing;
using Signet.Queue;
using Signet.Tests.Fakes;
using Signet.Tests.Queue;

namespace Signet.Tests.Delivery.Tls;

/// <summary>TLS that is required, over the whole way out: what is sent, what waits, what the attempt says.</summary>
public sealed class RequiredTlsTests : IDisposable
{
    private const string Zone = "bank.test MX 10 mx.test\nshop.test MX 10 mx.test\nmx.test A 127.0.0.1";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly CertificateAuthority _authority = new();

    [Theory]
    [InlineData("EHLO: 250 mx.test", "421 4.7.5 TLS is required by route bank.test, and mx.test does not offer it")]
    [InlineData("STARTTLS: 454 4.7.0 not now", "421 4.7.5 TLS is required by route bank.test, and mx.test refuses it: 454 4.7.0 not now")]
    [InlineData("STARTTLS: 501 5.5.2 what", "421 4.7.5 TLS is required by route bank.test, and mx.test refuses it: 501 5.5.2 what")]
    [InlineData("STARTTLS: alert", "421 4.7.5 TLS is required by route bank.test, and could not be started with mx.test: ")]
    [InlineData("STARTTLS: babble", "421 4.7.5 TLS is required by route bank.test, and could not be started with mx.test: ")]
    [InlineData("STARTTLS: drop", "421 4.4.2 TLS is required by route bank.test, and could not be started with mx.test: the server closed the connection")]
    [InlineData("STARTTLS: close", "421 4.4.2 TLS is required by route bank.test, and could not be started with mx.test: the server closed the connection")]
    public async Task Nothing_falls_back_however_long_it_waits_and_the_reply_says_who_required_it(string script, string reply)
    {
        await using var server = new ScriptedSmtpServer(script, _time, _authority.Certificate("mx.test"));
        await using var outbound = await StartAsync("bank.test=mx?tls=required mx", server);

        for (var i = 0; i < 3; i++)
        {
            var attempt = await SendAsync(outbound, "bank.test", age: TimeSpan.FromHours(5));
            Assert.StartsWith(reply, attempt.Reply, StringComparison.Ordinal);
            Assert.Equal((null, "required by route bank.test"), (attempt.Tls, attempt.TlsPolicy));
            _time.Advance(TimeSpan.FromMinutes(40));
        }

        Assert.Empty(server.Contents);
        Assert.DoesNotContain(server.Commands, c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_known_of_broken_TLS_is_not_for_mail_that_requires_it()
    {
        await using var server = new ScriptedSmtpServer("STARTTLS: once alert", _time, _authority.Certificate("mx.test"));
        await using var outbound = await StartAsync("bank.test=mx?tls=required mx", server);

        Assert.Null((await SendAsync(outbound, "shop.test")).Tls);
        Assert.Equal("TLSv1.3", (await SendAsync(outbound, "bank.test")).Tls);
    }

    [Fact]
    public async Task Mail_that_requires_TLS_does_not_go_over_a_connection_that_was_opened_without()
    {
        await using var server = new ScriptedSmtpServer("STARTTLS: once 454 4.7.0 not now", _time, _authority.Certificate("mx.test"));
        await using var outbound = await StartAsync("bank.test=mx?tls=required mx", server);

        Assert.Equal((null, "opportunistic by default"), await SendAsync(outbound, "shop.test") is var shop ? (shop.Tls, shop.TlsPolicy) : default);
        Assert.Equal(("TLSv1.3", "required by route bank.test"), await SendAsync(outbound, "bank.test") is var bank ? (bank.Tls, bank.TlsPolicy) : default);
        Assert.Equal(2, server.ConnectionCount);
    }

    [Fact]
    public async Task Any_certificate_will_do_where_TLS_is_required_and_the_attempt_says_what_was_wrong_with_it()
    {
        await using var server = new ScriptedSmtpServer("NOOP: 250 ok", _time, SelfSigned.Certificate("other.test"));
        await using var outbound = await StartAsync("mx?tls=required", server);

        var attempt = await SendAsync(outbound, "bank.test");

        Assert.Equal((DeliveryState.Delivered, "TLSv1.3", "self-signed; wrong name"), (attempt.Outcome, attempt.Tls, attempt.Certificate));
        Assert.StartsWith("TLS_", attempt.Cipher, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_valid_certificate_is_recorded_also_where_it_does_not_matter()
    {
        await using var server = new ScriptedSmtpServer("NOOP: 250 ok", _time, _authority.Certificate("mx.test"));
        await using var outbound = await StartAsync("mx", server);

        for (var i = 0; i < 2; i++)
        {
            var attempt = await SendAsync(outbound, "bank.test");
            Assert.Equal(("valid", "opportunistic by default"), (attempt.Certificate, attempt.TlsPolicy));
        }
    }

    [Theory]
    [InlineData("mx.test", null, "1.3.6.1.5.5.7.3.1", true, null)]
    [InlineData("mx.test", null, "1.3.6.1.5.5.7.3.1", false, "untrusted")]
    [InlineData("other.test", null, "1.3.6.1.5.5.7.3.1", true, "wrong name")]
    [InlineData("mx.test", "2025-12-31", "1.3.6.1.5.5.7.3.1", true, "expired")]
    [InlineData("other.test", "2025-12-31", "1.3.6.1.5.5.7.3.1", false, "expired; untrusted; wrong name")]
    [InlineData("mx.test", null, "1.3.6.1.5.5.7.3.2", true, "not for servers")]
    public async Task A_certificate_that_has_to_be_valid_is_for_the_hosts_name_trusted_and_in_force(
        string name, string? until, string usage, bool isTrusted, string? problem)
    {
        using var other = new CertificateAuthority("Somebody else");
        var end = until is null ? (DateTimeOffset?)null : DateTimeOffset.Parse(until, System.Globalization.CultureInfo.InvariantCulture);
        await using var server = new ScriptedSmtpServer("NOOP: 250 ok", _time, (isTrusted ? _authority : other).Certificate(name, end, usage: usage));
        await using var outbound = await StartAsync("bank.test=mx?tls=verified mx", server);

        var attempt = await SendAsync(outbound, "bank.test");

        Assert.Equal(problem ?? "valid", attempt.Certificate);
        Assert.Equal("verified by route bank.test", attempt.TlsPolicy);
        if (problem is null)
        {
            Assert.Equal((DeliveryState.Delivered, "TLSv1.3"), (attempt.Outcome, attempt.Tls));
        }
        else
        {
            Assert.Equal(DeliveryState.Deferred, attempt.Outcome);
            Assert.Equal($"421 4.7.5 a valid certificate is required by route bank.test, and that of mx.test is not: {problem}", attempt.Reply);
            Assert.Empty(server.Contents);
        }
    }

    [Fact]
    public async Task A_certificate_that_is_not_in_force_yet_is_not_valid()
    {
        await using var server = new ScriptedSmtpServer("NOOP: 250 ok", _time, _authority.Certificate("mx.test", from: _time.GetUtcNow().AddDays(1)));
        await using var outbound = await StartAsync("mx", server);

        Assert.Equal("not yet valid", (await SendAsync(outbound, "bank.test")).Certificate);
    }

    [Fact]
    public async Task The_receivers_file_requires_what_the_route_does_not()
    {
        await using var server = new ScriptedSmtpServer("EHLO: 250 mx.test", _time);
        await using var outbound = await StartAsync("mx", server, "[banks]\ndomains = bank.test\ntls = verified");

        Assert.Equal(DeliveryState.Delivered, (await SendAsync(outbound, "shop.test")).Outcome);
        Assert.Equal(
            "421 4.7.5 TLS is required by receivers file [banks], and mx.test does not offer it", (await SendAsync(outbound, "bank.test")).Reply);
    }

    public void Dispose() => _authority.Dispose();

    private async Task<Outbound> StartAsync(string routes, ScriptedSmtpServer server, string receivers = "")
    {
        var outbound = new Outbound(routes, server.EndPoint.Port, Zone, _time, receivers: receivers, roots: _authority.Roots);
        await outbound.StartAsync();
        return outbound;
    }

    private async Task<Attempt> SendAsync(Outbound outbound, string domain, TimeSpan age = default)
    {
        outbound.Put(Deliveries.Message($"a@{domain}") with { AcceptedAt = _time.GetUtcNow() - age });
        await outbound.WaitForResultsAsync(1);
        return outbound.Queue.Results[^1].Attempt!;
    }
}
