using Signet.Queue;

namespace Signet.Tests.Queue;

public sealed class DestinationNameTests
{
    [Theory]
    [InlineData("mx1.example.net", "mx1.example.net")]
    [InlineData("mx1.example.net mx2.example.net", "mx1.example.net,mx2.example.net")]
    [InlineData("a.example b.example c.example d.example", "a.example,b.example,+2")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    public void The_name_that_is_shown_means_the_destination(string hosts, string name)
    {
        Assert.Equal(name, DestinationName.Of(hosts).Value);
        Assert.True(DestinationName.TryParse(name.ToUpperInvariant(), out var parsed));
        Assert.True(parsed.Matches(hosts));
        Assert.Equal(parsed, DestinationName.Of(hosts));
    }

    [Theory]
    [InlineData("mx1.example.net", true)]
    [InlineData("mx2.example.net", true)]
    [InlineData("mx1.example.net,mx2.example.net", true)]
    [InlineData("mx1.example.net,+1", true)]
    [InlineData("mx1.example.net,+2", false)]
    [InlineData("x1.example.net", false)]
    [InlineData("mx1.example", false)]
    [InlineData("mx1.example.net,mx3.example.net", false)]
    public void Hosts_mean_every_destination_that_has_them_all(string name, bool matches)
    {
        Assert.True(DestinationName.TryParse(name, out var parsed));

        Assert.Equal(matches, parsed.Matches("mx1.example.net mx2.example.net"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("+2")]
    [InlineData("mx1.example.net,")]
    [InlineData("mx1.example.net,+")]
    [InlineData("mx1.example.net,+99999")]
    [InlineData("mx'; DROP TABLE message; --")]
    [InlineData("mx%.example.net")]
    [InlineData("a,b,c,d,e,f,g,h,i,j,k")]
    public void What_is_no_name_is_refused(string? text) => Assert.False(DestinationName.TryParse(text, out _));
}
