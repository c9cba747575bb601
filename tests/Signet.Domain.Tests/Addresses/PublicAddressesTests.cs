using System.Net;
using Signet.Addresses;

namespace Signet.Tests.Addresses;

public sealed class PublicAddressesTests
{
    /// <summary>The rows of <c>Cases/special-addresses.txt</c>.</summary>
    public static TheoryData<string, bool, string, string> Rows
    {
        get
        {
            TheoryData<string, bool, string, string> rows = [];
            foreach (var line in File.ReadLines(Path.Combine(Golden.Folder(), "special-addresses.txt")))
            {
                if (!line.StartsWith('#'))
                {
                    var cells = line.Split(" | ");
                    rows.Add(cells[0], cells[1] == "yes", cells[2], cells[3]);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_block_is_public_if_the_registries_say_that_it_is_globally_reachable(string block, bool isPublic, string first, string last)
    {
        Assert.NotEmpty(block);
        Assert.Equal(isPublic, PublicAddresses.Contains(IPAddress.Parse(first)));
        Assert.Equal(isPublic, PublicAddresses.Contains(IPAddress.Parse(last)));
    }

    [Fact]
    public void The_zone_of_an_address_changes_nothing() => Assert.False(PublicAddresses.Contains(IPAddress.Parse("fe80::1%1")));
}
