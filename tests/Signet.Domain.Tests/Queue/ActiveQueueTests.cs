using Signet.Queue;
using Signet.Tests.Storage;

namespace Signet.Tests.Queue;

public sealed class ActiveQueueTests
{
    [Fact]
    public void It_is_bounded_in_messages()
    {
        var window = new ActiveQueue(2);
        var message = Samples.Message();

        Assert.True(window.TryReserve(message, out var isUrgent));
        Assert.True(window.TryReserve(message, out _));
        Assert.False(window.TryReserve(message, out _));
        Assert.Equal(0, window.Room);
        window.Forgo(message, isUrgent);
        Assert.True(window.TryReserve(message, out _));
    }

    [Fact]
    public void Few_messages_to_one_recipient_go_first_and_more_of_them_do_not()
    {
        var window = new ActiveQueue(100);
        var campaign = Samples.Message();

        var first = Enumerable.Range(0, 12).Select(_ => window.TryReserve(campaign, out var isUrgent) && isUrgent).ToList();

        Assert.Equal([.. Enumerable.Repeat(true, 10), false, false], first);
        Assert.True(window.TryReserve(Samples.Message(owner: Samples.OtherAccount), out var ofAnother));
        Assert.True(ofAnother);
        Assert.True(window.TryReserve(Samples.Message(recipients: ["a", "b"]), out var toMany));
        Assert.False(toMany);
        window.Forgo(campaign, isUrgent: true);
        Assert.True(window.TryReserve(campaign, out var next));
        Assert.True(next);
    }

    [Fact]
    public void A_message_whose_destination_has_enough_to_do_waits_in_the_store_unless_it_goes_first()
    {
        var window = new ActiveQueue(100) { RoomFor = domain => domain.Value == "example.com" ? 0 : 1 };

        Assert.False(window.TryReserve(Samples.Message(recipients: ["a", "b"]), out _));
        for (var i = 0; i < 10; i++)
        {
            Assert.True(window.TryReserve(Samples.Message(), out _));
        }

        Assert.False(window.TryReserve(Samples.Message(), out _));
        window.RoomFor = _ => -1;
        Assert.False(window.TryReserve(Samples.Message(owner: Samples.OtherAccount), out _));
    }

    [Fact]
    public async Task Large_contents_wait_in_memory_while_there_is_room_for_them()
    {
        const int half = (int)(ActiveQueue.MaxLarge / 2);
        var window = new ActiveQueue(9);
        await using var waiting = window.ReadAllAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        var first = await PassAsync(half);
        Assert.Equal(half, first.Content.Length);
        Assert.Equal(half, (await PassAsync(half)).Content.Length);
        Assert.Equal((ActiveQueue.MaxSmall + 1, 0), Seen(await PassAsync(ActiveQueue.MaxSmall + 1)));
        Assert.Equal((ActiveQueue.MaxSmall, ActiveQueue.MaxSmall), Seen(await PassAsync(ActiveQueue.MaxSmall)));

        window.Done(first);
        Assert.Equal((half, half), Seen(await PassAsync(half)));
        window.Close();
        Assert.False(window.Add(Deliveries.Message()));

        async Task<ClaimedMessage> PassAsync(int size)
        {
            Assert.True(window.Add(Deliveries.Message("a@dest.test") with { Content = new byte[size], Size = size }));
            Assert.True(await waiting.MoveNextAsync());
            return waiting.Current;
        }

        static (int Size, int Carried) Seen(ClaimedMessage message) => (message.Size, message.Content.Length);
    }

    [Fact]
    public void A_closed_window_takes_nothing()
    {
        var window = new ActiveQueue(1);
        window.Close();

        Assert.False(window.Add(Deliveries.Message()));
    }
}
