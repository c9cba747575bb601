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

    [Fact]
    public async Task Large_contents_wait_in_memory_while_there_is_room_for_them()
    {
        const int half = (int)(DeliveryWindow.MaxLarge / 2);
        var window = new DeliveryWindow(9);
        await using var waiting = window.ReadAllAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        var first = await PassAsync(half);
        Assert.Equal(half, first.Content.Length);
        Assert.Equal(half, (await PassAsync(half)).Content.Length);
        Assert.Equal((DeliveryWindow.MaxSmall + 1, 0), Seen(await PassAsync(DeliveryWindow.MaxSmall + 1)));
        Assert.Equal((DeliveryWindow.MaxSmall, DeliveryWindow.MaxSmall), Seen(await PassAsync(DeliveryWindow.MaxSmall)));

        window.Done(first);
        Assert.Equal((half, half), Seen(await PassAsync(half)));
        window.Close();
        Assert.False(window.Add(Deliveries.Message()));

        async Task<LeasedMessage> PassAsync(int size)
        {
            Assert.True(window.Add(Deliveries.Message("a@dest.test") with { Content = new byte[size], Size = size }));
            Assert.True(await waiting.MoveNextAsync());
            return waiting.Current;
        }

        static (int Size, int Carried) Seen(LeasedMessage message) => (message.Size, message.Content.Length);
    }

    [Fact]
    public void A_closed_window_takes_nothing()
    {
        var window = new DeliveryWindow(1);
        window.Close();

        Assert.False(window.Add(Deliveries.Message()));
    }
}
