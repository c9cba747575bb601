using Signet.Messages;
using Signet.Names;

namespace Signet.Tests.Messages;

public sealed class MessageIdTests
{
    [Theory]
    [InlineData("us-east-1", "0100018beddd71c1-")]
    [InlineData("us-west-2", "0101018beddd71c1-")]
    [InlineData("eu-west-1", "0102018beddd71c1-")]
    [InlineData("elsewhere-1", "01ff018beddd71c1-")]
    public void An_id_begins_with_region_and_time(string region, string prefix)
    {
        Assert.True(Region.TryParse(region, out var parsed));

        var id = MessageId.New(parsed, DateTimeOffset.FromUnixTimeMilliseconds(0x018beddd71c1), new Random(1));

        Assert.StartsWith(prefix, id.Value, StringComparison.Ordinal);
        Assert.Equal(id, MessageId.Parse(id.Value));
        Assert.Equal(0x018beddd71c1, id.AcceptedAtMilliseconds);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0100018beddd71c1-11111111-2222-4333-8444-555555555555")]
    [InlineData("0100018BEDDD71C1-11111111-2222-4333-8444-555555555555-000000")]
    [InlineData("0100018beddd71c1-11111111-2222-4333-8444-55555555555\u00e9-000000")]
    [InlineData("0100018beddd71c1-11111111-2222-4333-8444-555555555555-00000\n")]
    public void Anything_else_is_no_id(string? text) => Assert.False(MessageId.TryParse(text, out _));
}
