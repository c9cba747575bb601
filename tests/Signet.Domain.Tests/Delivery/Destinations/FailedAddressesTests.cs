using System.Net;
using CsCheck;
using Signet.Delivery;
using Signet.Delivery.Destinations;

namespace Signet.Tests.Delivery.Destinations;

public sealed class FailedAddressesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Those_that_failed_come_last_the_longest_ago_first_until_some_minutes_are_over()
    {
        var failed = new FailedAddresses();
        var addresses = Hosts(1, 2, 1);
        failed.Add(addresses[0].EndPoint, Now);
        failed.Add(addresses[1].EndPoint, Now - TimeSpan.FromMinutes(1));

        Assert.Equal([addresses[2], addresses[3], addresses[1], addresses[0]], failed.Order(addresses, 20, Now));
        failed.Remove(addresses[0].EndPoint);
        Assert.Equal([addresses[0], addresses[2], addresses[3], addresses[1]], failed.Order(addresses, 20, Now));
        Assert.Equal(addresses, failed.Order(addresses, 20, Now + FailedAddresses.Kept));
    }

    [Fact]
    public void Each_host_has_its_share_whatever_failed() =>
        Gen.Select(Gen.Int[1, 30].Array[1, 10], Gen.Int[0, 300].HashSet[0, 100]).Sample((sizes, failures) =>
        {
            var failed = new FailedAddresses();
            var addresses = Hosts(sizes);
            foreach (var failure in failures.Where(f => f < addresses.Length))
            {
                failed.Add(addresses[failure].EndPoint, Now);
            }

            var order = failed.Order(addresses, 20, Now);

            Assert.InRange(order.Count, 1, 20);
            Assert.Equal(order.Count, order.Distinct().Count());
            Assert.All(addresses.GroupBy(a => a.Host), h => Assert.Contains(order, o => o.Host == h.Key));
        });

    [Fact]
    public void All_are_reached_when_every_attempt_fails() =>
        Gen.Int[1, 10].Array[1, 10].Sample(sizes =>
        {
            var failed = new FailedAddresses();
            var addresses = Hosts(sizes);
            HashSet<HostAddress> reached = [];
            for (var attempt = 0; attempt < 5; attempt++)
            {
                foreach (var address in failed.Order(addresses, 20, Now.AddSeconds(attempt)))
                {
                    reached.Add(address);
                    failed.Add(address.EndPoint, Now.AddSeconds(attempt));
                }
            }

            Assert.Equal(addresses.Length, reached.Count);
        });

    [Fact]
    public void It_remembers_so_many_and_forgets_the_oldest()
    {
        var failed = new FailedAddresses();
        var addresses = Hosts(1, 500);
        for (var i = 0; i < addresses.Length; i++)
        {
            failed.Add(addresses[i].EndPoint, Now.AddSeconds(i));
        }

        Assert.Equal(addresses[0], failed.Order(addresses, 1_000, Now.AddSeconds(500))[0]);
        Assert.Equal(addresses[^1], failed.Order(addresses, 1_000, Now.AddSeconds(500))[^1]);
    }

    private static HostAddress[] Hosts(params int[] sizes) =>
    [
        .. sizes.SelectMany((size, host) => Enumerable.Range(0, size)
            .Select(a => new HostAddress($"mx{host}.test", new IPEndPoint(new IPAddress([10, (byte)host, (byte)(a >> 8), (byte)a]), 25)))),
    ];
}
