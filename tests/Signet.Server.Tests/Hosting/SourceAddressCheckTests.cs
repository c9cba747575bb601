using Signet.Delivery.Destinations;
using Signet.Server.Hosting;

namespace Signet.Server.Tests.Hosting;

public sealed class SourceAddressCheckTests
{
    [Fact]
    public void An_address_that_this_machine_has_is_taken()
    {
        var receivers = Receivers.Shipped.With("[default]\nsource-addresses = 127.0.0.1");

        Assert.Same(receivers, SourceAddressCheck.Of(receivers));
    }

    // 192.0.2.0/24 is nobody's (RFC 5737).
    [Fact]
    public void One_that_it_does_not_have_is_refused_by_a_sentence() => Assert.StartsWith(
        "mail cannot be sent from 192.0.2.77 (`source-addresses` in the file of `--receivers`): this machine does not have that address, or may not use it (",
        Assert.Throws<StartException>(() => SourceAddressCheck.Of(Receivers.Shipped.With("[ours]\ndomains = a.test\nsource-addresses = 192.0.2.77"))).Message,
        StringComparison.Ordinal);
}
