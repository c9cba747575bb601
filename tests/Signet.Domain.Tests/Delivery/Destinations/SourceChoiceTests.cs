using System.Net;
using CsCheck;
using Signet.Delivery.Destinations;

namespace Signet.Tests.Delivery.Destinations;

public sealed class SourceChoiceTests
{
    private static readonly Gen<SourceAddress[]> Addresses =
        Gen.Select(Gen.Int[1, 250], Gen.Int[1, 5]).Array[1, 8]
            .Select(all => all.DistinctBy(a => a.Item1).Select(a => new SourceAddress(IPAddress.Parse($"192.0.2.{a.Item1}"), a.Item2)).ToArray());

    [Fact]
    public void The_same_sender_has_the_same_address_whatever_the_order() =>
        Gen.Select(Addresses, Gen.String[Gen.Char.AlphaNumeric, 1, 12], Gen.String[Gen.Char.AlphaNumeric, 1, 30]).Sample((addresses, sender, destination) =>
        {
            var chosen = SourceChoice.Of(addresses, sender, destination);

            Assert.Contains(chosen.V4, addresses.Select(a => a.Address));
            Assert.Equal(chosen, SourceChoice.Of([.. addresses.Reverse()], sender, destination));
            Assert.Null(chosen.V6);
        });

    [Fact]
    public void An_address_that_goes_moves_only_those_that_had_it() =>
        Gen.Select(Addresses.Where(a => a.Length > 1), Gen.String[Gen.Char.AlphaNumeric, 1, 12]).Sample((addresses, sender) =>
        {
            var before = SourceChoice.Of(addresses, sender, "mx.test").V4;
            var gone = addresses.First(a => !a.Address.Equals(before));

            Assert.Equal(before, SourceChoice.Of([.. addresses.Where(a => a != gone)], sender, "mx.test").V4);
        });

    [Fact]
    public void Each_gets_its_weight()
    {
        SourceAddress[] addresses = [new(IPAddress.Parse("192.0.2.1"), 1), new(IPAddress.Parse("192.0.2.2"), 3), new(IPAddress.Parse("2001:db8::1"), 1)];

        var heavy = Enumerable.Range(0, 4_000).Count(i => SourceChoice.Of(addresses, $"11112222{i:0000}", "mx.test").V4!.ToString() == "192.0.2.2");

        Assert.InRange(heavy, 2_850, 3_150);
        Assert.Equal(IPAddress.Parse("2001:db8::1"), SourceChoice.Of(addresses, "a", "b").V6);
    }

    [Fact]
    public void Without_addresses_the_system_chooses_and_with_those_of_one_version_the_other_is_not_used()
    {
        Assert.True(SourceChoice.Of([], "a", "b").TryGet(IPAddress.Loopback, out var any));
        Assert.Null(any);

        var source = SourceChoice.Of([new(IPAddress.Parse("192.0.2.1"), 1)], "a", "b");
        Assert.True(source.TryGet(IPAddress.Loopback, out var own));
        Assert.Equal(IPAddress.Parse("192.0.2.1"), own);
        Assert.False(source.TryGet(IPAddress.IPv6Loopback, out _));
    }
}
