using System.Net;
using Signet.Policies;

namespace Signet.Tests.Policies;

public sealed class CidrTests
{
    [Theory]
    [InlineData("192.0.2.0/24", "192.0.2.255", true)]
    [InlineData("192.0.2.0/24", "192.0.3.0", false)]
    [InlineData("192.0.2.77/24", "192.0.2.1", true)]
    [InlineData("192.0.2.9", "192.0.2.9", true)]
    [InlineData("192.0.2.9", "192.0.2.8", false)]
    [InlineData("0.0.0.0/0", "203.0.113.1", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("::/0", "203.0.113.1", false)]
    [InlineData("2001:db8::/33", "2001:db8:7fff::1", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::1", false)]
    [InlineData("2001:DB8::1", "2001:db8::1", true)]
    [InlineData("::ffff:192.0.2.0/120", "192.0.2.200", true)]
    public void A_range_contains_the_addresses_that_share_its_prefix(string range, string address, bool contains)
    {
        Assert.True(Cidr.TryParse(range, out var cidr));

        Assert.Equal(contains, cidr.Contains(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2")]
    [InlineData("192.0.2.0/33")]
    [InlineData("192.0.2.0/")]
    [InlineData("192.0.2.0/-1")]
    [InlineData("192.0.2.0/ 8")]
    [InlineData("192.0.02.1")]
    [InlineData("0xc0000201")]
    [InlineData("192.0.2.0/24/8")]
    [InlineData("2001:db8::/129")]
    [InlineData("fe80::1%1")]
    [InlineData("[2001:db8::1]")]
    [InlineData("192.0.2.*")]
    public void What_is_no_range_is_refused(string text) => Assert.False(Cidr.TryParse(text, out _));
}
