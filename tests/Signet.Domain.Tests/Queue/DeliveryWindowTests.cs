using Signet.Queue;

namespace Signet.Tests.Queue;

public sealed class DeliveryWindowTests
{
    [Fact]
    public void It_is_bounded_in_messages()
    {
        var window = new DeliveryWindow(2);

        Assert.True(window.TryReserve());
        Assert.True(window.TryReserve());
        Assert.False(window.TryReserve());
        Assert.Equal(0, window.Room);
        window.Done();
        Assert.True(window.TryReserve());
    }

    [Theory]
    [InlineData(DeliveryWindow.MaxCarried, DeliveryWindow.MaxCarried)]
    [InlineData(DeliveryWindow.MaxCarried + 1, 0)]
    public async Task A_large_content_does_not_wait_in_memory(int size, int carried)
    {
        var window = new DeliveryWindow(2);

        window.Add(Deliveries.Message("a@dest.test") with { Content = new byte[size], Size = size });
        window.Close();

        var waiting = Assert.Single(await window.ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal((size, carried), (waiting.Size, waiting.Content.Length));
    }

    [Fact]
    public void A_closed_window_takes_nothing()
    {
        var window = new DeliveryWindow(1);
        window.Close();

        Assert.False(window.Add(Deliveries.Message()));
    }
}
