using Signet.Names;

namespace Signet.Tests.Names;

public sealed class RegionSetTests
{
    [Fact]
    public void The_regions_of_AWS_are_there_and_made_up_ones_are_not()
    {
        Assert.All(
            (string[])["us-east-1", "eu-central-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1"],
            name => Assert.True(RegionSet.Aws.TryFind(name, out _), name));
        Assert.All(
            (string?[])["us-east-9", "a", "us-east-1 ", "US-EAST-1", "", null],
            name => Assert.False(RegionSet.Aws.TryFind(name, out _), name));
    }

    [Theory]
    [InlineData("us-east-1", "eu-west-1", "us-east-1")]
    [InlineData("eu-west-1", "eu-west-1", "mars-1")]
    public void A_request_without_a_region_is_for_us_east_1_or_else_the_first(string expected, params string[] names) =>
        Assert.Equal(expected, Set(names).Default.Value);

    [Fact]
    public void A_name_that_comes_twice_counts_once() => Assert.Equal("b-1,a-1", Set("b-1", "a-1", "b-1").ToString());

    [Fact]
    public void A_server_without_regions_is_none() => Assert.Throws<ArgumentException>(() => Set());

    /// <summary>docs/operating.md reckons with this number.</summary>
    [Fact]
    public void AWS_has_39_public_regions() => Assert.Equal(39, RegionSet.Aws.All.Count);

    [Fact]
    public void A_slip_is_answered_with_the_names_that_begin_as_it_does()
    {
        Assert.StartsWith(
            "`us-esat-1` is not a region of this server, which has us-east-1, us-east-2, ", RegionSet.Aws.Unknown("us-esat-1"), StringComparison.Ordinal);
        Assert.EndsWith($" and {RegionSet.Aws.All.Count - 5} more (setting `--regions`)", RegionSet.Aws.Unknown("us-esat-1"), StringComparison.Ordinal);
        Assert.Equal("`x` is not a region of this server, which has mars-1 (setting `--regions`)", Set("mars-1").Unknown("x"));
        Assert.Equal("`x` is not a region of this server, which has mars-1 (setting `--regions`)", Assert.Throws<FormatException>(() => Set("mars-1").Find("x")).Message);
    }

    [Fact]
    public void A_long_text_is_not_echoed_whole() => Assert.True(RegionSet.Aws.Unknown(new string('a', 100_000)).Length < 250);

    private static RegionSet Set(params string[] names) => new(names.Select(Region.Parse));
}
