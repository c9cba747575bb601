using Signet.Addresses;
using Signet.Delivery;
using Signet.Queue;
using Signet.Tests.Storage;

namespace Signet.Tests.Delivery;

public sealed class RouteTests
{
    [Theory]
    [InlineData("capture", "capture")]
    [InlineData("mx", "mx")]
    [InlineData("example.com=mx", "example.com=mx")]
    [InlineData("*.Example.com=capture", "*.example.com=capture")]
    [InlineData("smtp://relay.test", "smtp://relay.test:25")]
    [InlineData("smtps://relay.test", "smtps://relay.test:465")]
    [InlineData("smtp://[2001:db8::1]:2525", "smtp://[2001:db8::1]:2525")]
    [InlineData("smtp://me:se%40cret@relay.test:587", "smtp://me:***@relay.test:587")]
    [InlineData("mx?tls=verified", "mx?tls=verified")]
    [InlineData("bank.test=mx?tls=required", "bank.test=mx?tls=required")]
    [InlineData("mx?tls=opportunistic", "mx?tls=opportunistic")]
    [InlineData("smtp://relay.test:587?tls=required", "smtp://relay.test:587?tls=required")]
    [InlineData("smtp://relay.test/?tls=required", "smtp://relay.test:25?tls=required")]
    [InlineData("*.bank.test=smtps://me:secret@relay.test?tls=verified", "*.bank.test=smtps://me:***@relay.test:465?tls=verified")]
    [InlineData("smtp://me:secret@127.0.0.1?tls=opportunistic", "smtp://me:***@127.0.0.1:25?tls=opportunistic")]
    [InlineData("smtp://me:secret@[::1]?tls=required", "smtp://me:***@[::1]:25?tls=required")]
    public void A_route_is_read_and_shown_without_its_password(string text, string shown)
    {
        Assert.True(Route.TryParse(text, out var route));

        Assert.Equal(shown, route.ToString());
    }

    [Fact]
    public void Of_a_message_those_recipients_are_captured_whose_route_says_so()
    {
        Assert.True(Route.TryParse("*.example.com=mx", out var world));
        var message = Samples.Message() with { Recipients = [Samples.Address("a", "mail.example.com"), Samples.Address("b", "example.org")] };

        var captured = Assert.Single(
            new CaptureRoute([world, Route.CaptureAll], new ResultFactory("signet.test", TimeProvider.System, new Random(1))).Capture(message));

        Assert.Equal((message.Id, 1, DeliveryState.Delivered), (captured.MessageId, captured.Ordinal, captured.State));
        Assert.Equal(["b@example.org"], captured.Event!.Recipients);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Capture")]
    [InlineData("=capture")]
    [InlineData("*=capture")]
    [InlineData("a b=capture")]
    [InlineData("http://relay.test")]
    [InlineData("smtp://")]
    [InlineData("smtp://me@relay.test")]
    [InlineData("smtp://:x@relay.test")]
    [InlineData("smtp://relay.test/path")]
    [InlineData("smtp://relay.test:0")]
    [InlineData("example.com=")]
    [InlineData("?tls=required")]
    [InlineData("nowhere?tls=required")]
    [InlineData("a?b=mx")]
    public void What_is_no_route_is_refused(string text) => Assert.False(Route.TryParse(text, out _));

    [Theory]
    [InlineData("mx?tls=yes", "behind the `?` of a target stands `tls=` and opportunistic, required or verified")]
    [InlineData("bank.test=mx?", "behind the `?` of a target stands `tls=` and opportunistic, required or verified")]
    [InlineData("mx?tls=required&x=1", "behind the `?` of a target stands `tls=` and opportunistic, required or verified")]
    [InlineData("mx?TLS=required", "behind the `?` of a target stands `tls=` and opportunistic, required or verified")]
    [InlineData("capture?tls=required", "`capture` takes no `?tls=`, as nothing leaves this machine")]
    [InlineData("smtps://relay.test?tls=opportunistic", "`smtps` is TLS from the first byte: leave `?tls=` out, or set it to required or verified")]
    [InlineData("smtp://me:x@relay.test?tls=required", "a password is only sent to a smarthost whose certificate is valid: leave `?tls=` out, or set it to verified")]
    [InlineData("smtps://me:x@relay.test?tls=required", "a password is only sent to a smarthost whose certificate is valid: leave `?tls=` out, or set it to verified")]
    public void A_level_of_TLS_that_cannot_be_is_refused_with_what_is_allowed(string text, string why)
    {
        Assert.False(Route.TryParse(text, out _, out var problem));

        Assert.Equal(why, problem);
    }

    [Fact]
    public void The_credentials_of_a_smarthost_lose_their_percent_signs()
    {
        Assert.True(Route.TryParse("smtp://me%3A:a%3Db%40@relay.test", out var route));

        var smarthost = Assert.IsType<RouteTarget.Smarthost>(route.Target);
        Assert.Equal(("me:", "a=b@"), (smarthost.User, smarthost.Password));
    }

    [Theory]
    [InlineData("example.com", "smtp://one.test:25")]
    [InlineData("a.example.com", "smtp://two.test:25")]
    [InlineData("a.b.example.com", "smtp://two.test:25")]
    [InlineData("notexample.com", "capture")]
    public void The_first_route_that_matches_wins(string domain, string target)
    {
        Route[] routes =
        [
            Parse("example.com=smtp://one.test"), Parse("*.example.com=smtp://two.test"), Parse("capture"), Parse("mx"),
        ];

        Assert.Equal(target, Route.Find(routes, DomainName.Parse(domain))?.ToString());
    }

    [Fact]
    public void A_domain_that_no_route_matches_has_no_target() =>
        Assert.Null(Route.Find([Parse("example.com=capture")], DomainName.Parse("example.org")));

    private static Route Parse(string text) => Route.TryParse(text, out var route) ? route : throw new FormatException(text);
}
