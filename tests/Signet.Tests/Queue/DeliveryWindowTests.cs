using Signet.Queue;

namespace Signet.Tests.Queue;

public sealed class DeliveryWindowTests
{
    [Fact]
    public void It_is_bounded_in_messages()
    {
        var window = new DeliveryWindow(2, long.MaxValue);

        Assert.True(window.TryReserve(1));
        Assert.True(window.TryReserve(1));
        Assert.False(window.TryReserve(1));
        window.Done(1);
        Assert.True(window.TryReserve(1));
    }

    [Fact]
    public void It_is_bounded_in_bytes_by_one_message_more()
    {
        var window = new DeliveryWindow(100, 10);

        Assert.True(window.TryReserve(9));
        Assert.True(window.TryReserve(50));
        Assert.False(window.TryReserve(1));
        Assert.Equal(0, window.Room);
        window.Done(50);
        Assert.Equal(99, window.Room);
    }

    [Fact]
    public void A_closed_window_takes_nothing()
    {
        var window = new DeliveryWindow(1, 1);
        window.Close();

        Assert.False(window.Add(Deliveries.Message()));
    }
}
