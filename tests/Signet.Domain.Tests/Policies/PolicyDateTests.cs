using System.Globalization;
using Signet.Policies;

namespace Signet.Tests.Policies;

public sealed class PolicyDateTests
{
    [Theory]
    [InlineData("2015", "2015-01-01T00:00:00Z")]
    [InlineData("2015-09", "2015-09-01T00:00:00Z")]
    [InlineData("2015-09-01", "2015-09-01T00:00:00Z")]
    [InlineData("2015-09-01T10:20Z", "2015-09-01T10:20:00Z")]
    [InlineData("2015-09-01T10:20:30Z", "2015-09-01T10:20:30Z")]
    [InlineData("2015-09-01T10:20:30.25Z", "2015-09-01T10:20:30.25Z")]
    [InlineData("2015-09-01T10:20+02:00", "2015-09-01T08:20:00Z")]
    [InlineData("2015-09-01T10:20:30", "2015-09-01T10:20:30Z")]
    [InlineData("1441065600", "2015-09-01T00:00:00Z")]
    [InlineData("-1", "1969-12-31T23:59:59Z")]
    public void A_date_is_iso_8601_or_seconds_since_1970(string text, string moment)
    {
        Assert.True(PolicyDate.TryParse(text, out var parsed));

        Assert.Equal(DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture), parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2015-13-01")]
    [InlineData("2015-09-01 10:20Z")]
    [InlineData("01/09/2015")]
    [InlineData("99999999999999999")]
    [InlineData("1.5")]
    public void What_is_no_date_is_refused(string text) => Assert.False(PolicyDate.TryParse(text, out _));
}
