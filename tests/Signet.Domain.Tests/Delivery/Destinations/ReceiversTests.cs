using Signet.Delivery.Destinations;
using Signet.Delivery.Tls;

namespace Signet.Tests.Delivery.Destinations;

public sealed class ReceiversTests
{
    [Theory]
    [InlineData("example.com", "aspmx.l.google.com alt1.aspmx.l.google.com", "Google")]
    [InlineData("example.com", "ASPMX.L.GOOGLE.COM", "Google")]
    [InlineData("example.com", "aspmx.l.google.com mx.filter.example", "default")]
    [InlineData("example.com", "aspmx.l.notgoogle.com", "default")]
    [InlineData("example.com", "google.com", "default")]
    [InlineData("hotmail.com", "hotmail-com.olc.protection.outlook.com", "Outlook.com")]
    [InlineData("example.com", "example-com.mail.protection.outlook.com", "Microsoft 365")]
    [InlineData("free.fr", "mx1.free.fr mx2.free.fr", "Free")]
    [InlineData("example.com", "mx3.free.fr", "default")]
    [InlineData("example.com", "", "default")]
    public void A_destination_belongs_to_a_receiver_when_all_of_its_exchangers_do(string domain, string exchangers, string name) =>
        Assert.Equal(name, Receivers.Shipped.Find(domain, exchangers.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Name);

    [Fact]
    public void What_a_receiver_does_not_say_is_the_default()
    {
        var google = Receivers.Shipped.Find("example.com", ["aspmx.l.google.com"]);
        var other = Receivers.Shipped.Find("example.com", ["mx.example.com"]);

        Assert.Equal(((int?)5, (int?)50, TlsLevel.Required, (bool?)true), (google.Limits.Connections, google.Limits.MessagesPerConnection, google.Limits.Tls!.Level, google.IsShared));
        Assert.Equal((10, 100, (TlsPolicy?)null), (other.Limits.Connections, other.Limits.MessagesPerConnection, other.Limits.Tls));
    }

    [Fact]
    public void An_operators_section_of_the_same_name_replaces_what_it_says_and_others_come_first()
    {
        var receivers = Receivers.Shipped.With(ReceiverFile.Parse(
            """
            [google]
            connections = 20

            [ours]
            domains = example.com .example.org
            messages-per-second = 0.5

            [default]
            connections = 3
            """));

        var google = receivers.Find("example.net", ["aspmx.l.google.com"]).Limits;
        Assert.Equal((20, 50), (google.Connections, google.MessagesPerConnection));
        foreach (var domain in new[] { "example.com", "EXAMPLE.com", "a.example.org" })
        {
            var ours = receivers.Find(domain, ["aspmx.l.google.com"]);
            Assert.Equal(("ours", 0.5, 3, 100), (ours.Name, ours.Limits.MessagesPerSecond, ours.Limits.Connections, ours.Limits.MessagesPerConnection));
        }

        Assert.Equal("default", receivers.Find("example.org", ["mx.example.org"]).Name);
    }

    [Theory]
    [InlineData("connections = 5", "line 1: a section [name] or a line `what = value` was expected")]
    [InlineData("[a]\nconnections", "line 2: a section [name] or a line `what = value` was expected")]
    [InlineData("[a]\nconnections =", "line 2: a section [name] or a line `what = value` was expected")]
    [InlineData("[]", "line 1: a section [name] or a line `what = value` was expected")]
    [InlineData("[a]\n\n# x\nconnections = 0", "line 4: `0` is no whole number from 1 to 1000")]
    [InlineData("[a]\nconnections = 5,5", "line 2: `5,5` is no whole number from 1 to 1000")]
    [InlineData("[a]\nconnections = 5.5", "line 2: `5.5` is no whole number from 1 to 1000")]
    [InlineData("[a]\nmessages-per-connection = 0.5", "line 2: `0.5` is no whole number from 1 to 1000000")]
    [InlineData("[a]\nsource-addresses = 192.0.2.1 mx", "line 2: `mx` is no IP address, nor one with a weight as `192.0.2.1*3` is")]
    [InlineData("[a]\nsource-addresses = 192.0.2.1*0", "line 2: `192.0.2.1*0` is no IP address, nor one with a weight as `192.0.2.1*3` is")]
    [InlineData("[a]\nsource-addresses = 192.0.2.1 192.0.2.1*2", "line 2: `192.0.2.1` is there twice")]
    [InlineData("[a]\nmessages-per-second = -1", "line 2: `-1` is no number from 0.001 to 1000000")]
    [InlineData("[a]\nshared = true", "line 2: `true` is neither yes nor no")]
    [InlineData("[a]\ntls = yes", "line 2: `yes` is none of opportunistic, required or verified")]
    [InlineData("[a]\nexchangers = *.example.com", "line 2: `*.example.com` is no host name, nor the end of one as `.example.com` is")]
    [InlineData("[a]\nexchangers = ..example.com", "line 2: `..example.com` is no host name, nor the end of one as `.example.com` is")]
    [InlineData("[a]\n[A]", "line 2: there are two sections [A]")]
    [InlineData("[a]\nconnection = 5", "line 2: there is no `connection`: there are exchangers, domains, shared, connections, messages-per-connection, messages-per-second, tls and source-addresses")]
    public void A_line_that_cannot_be_read_is_named(string text, string problem) =>
        Assert.Equal(problem, Assert.Throws<FormatException>(() => ReceiverFile.Parse(text)).Message);

    [Fact]
    public void Source_addresses_have_weights_and_all_of_them_are_known()
    {
        var receivers = Receivers.Shipped.With("[default]\nsource-addresses = 192.0.2.1 2001:db8::1*3\n[ours]\ndomains = a.test\nsource-addresses = 192.0.2.1 192.0.2.2");

        Assert.Equal(
            [("192.0.2.1", 1), ("2001:db8::1", 3)], receivers.Find("b.test", ["mx.b.test"]).Limits.SourceAddresses!.Select(s => ($"{s.Address}", s.Weight)));
        Assert.Equal(["192.0.2.1", "192.0.2.2", "2001:db8::1"], receivers.SourceAddresses.Select(a => $"{a}").Order(StringComparer.Ordinal));
        Assert.Empty(Receivers.Shipped.SourceAddresses);
    }

    [Fact]
    public void A_default_that_says_too_little_is_refused() =>
        Assert.Contains("[default]", Assert.Throws<FormatException>(() => Receivers.Of(ReceiverFile.Parse("[default]\nconnections = 5"))).Message, StringComparison.Ordinal);

    [Fact]
    public void An_operator_may_let_each_destination_of_a_receiver_have_limits_of_its_own()
    {
        var receivers = Receivers.Shipped.With("[Google]\nshared = no\n");

        Assert.False(receivers.Find("client.test", ["aspmx.l.google.com"]).IsShared);
    }
}
