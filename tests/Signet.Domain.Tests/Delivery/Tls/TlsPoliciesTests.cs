using Signet.Delivery;
using Signet.Delivery.Destinations;
using Signet.Delivery.Tls;

namespace Signet.Tests.Delivery.Tls;

/// <summary>Who has a say in TLS, and who wins.</summary>
public sealed class TlsPoliciesTests
{
    private const string Section = "[ours]\ndomains = bank.test\nexchangers = .ours.test\n";

    [Theory]
    [InlineData("mx", "", "opportunistic by default")]
    [InlineData("mx?tls=opportunistic", "", "opportunistic by default route")]
    [InlineData("mx?tls=required", "", "required by default route")]
    [InlineData("bank.test=mx?tls=verified", "", "verified by route bank.test")]
    [InlineData("*.test=mx?tls=verified", "", "verified by route *.test")]
    [InlineData("mx", Section + "tls = required", "required by receivers file [ours]")]
    [InlineData("mx", "[default]\ntls = required", "required by receivers file [default]")]
    [InlineData("mx", "[default]\ntls = required\n" + Section + "tls = opportunistic", "opportunistic by receivers file [ours]")]
    [InlineData("bank.test=mx?tls=verified", Section + "tls = required", "verified by route bank.test")]
    [InlineData("bank.test=mx?tls=required", Section + "tls = verified", "verified by receivers file [ours]")]
    [InlineData("bank.test=mx?tls=opportunistic", Section + "tls = required", "required by receivers file [ours]")]
    [InlineData("bank.test=mx?tls=required", Section + "tls = required", "required by route bank.test")]
    public void The_strictest_of_the_route_and_the_receivers_file_wins(string route, string receivers, string policy) => Assert.Equal(
        policy, $"{TlsPolicies.OfDomain(Parse(route).Target.Tls, Receivers.Shipped.With(receivers).Find("bank.test", ["mx.bank.test"]))}");

    [Theory]
    [InlineData("mx.ours.test", "verified by receivers file [ours]")]
    [InlineData("mx.google.com", "required by receivers file [Google]")]
    [InlineData("mx.other.test", "opportunistic by default")]
    public void The_receivers_file_goes_by_the_names_of_exchangers_too(string exchanger, string policy) => Assert.Equal(
        policy, $"{TlsPolicies.OfDomain(null, Receivers.Shipped.With(Section + "tls = verified").Find("client.test", [exchanger]))}");

    [Theory]
    [InlineData("smtp://relay.test", false, "opportunistic by default")]
    [InlineData("smtp://relay.test?tls=required", false, "required by default route")]
    [InlineData("smtps://relay.test", false, "required by smtps")]
    [InlineData("smtps://relay.test?tls=verified", false, "verified by default route")]
    [InlineData("smtp://u:p@relay.test", false, "verified by smarthost password")]
    [InlineData("smtps://u:p@relay.test", false, "verified by smarthost password")]
    [InlineData("bank.test=smtp://u:p@relay.test?tls=verified", false, "verified by route bank.test")]
    [InlineData("smtp://u:p@relay.test", true, "opportunistic by default")]
    [InlineData("smtps://u:p@relay.test", true, "required by smtps")]
    [InlineData("smtp://u:p@localhost?tls=required", true, "required by default route")]
    public void A_smarthost_that_gets_a_password_has_to_be_verified_unless_it_is_on_this_machine(string route, bool isLocal, string policy) =>
        Assert.Equal(policy, $"{TlsPolicies.OfSmarthost(Assert.IsType<RouteTarget.Smarthost>(Parse(route).Target), isLocal)}");

    [Fact]
    public void The_same_level_shares_connections_whoever_asks_for_it_and_another_level_does_not()
    {
        var keys = new[] { "a.test=smtp://relay.test?tls=required", "b.test=smtp://relay.test?tls=required", "smtp://relay.test", "smtp://relay.test?tls=verified" }
            .Select(r => DestinationKey.Of((RouteTarget.Smarthost)Parse(r).Target)).ToList();

        Assert.Equal(keys[0], keys[1]);
        Assert.Equal(3, keys.Distinct().Count());
    }

    private static Route Parse(string text) => Route.TryParse(text, out var route) ? route : throw new FormatException(text);
}
