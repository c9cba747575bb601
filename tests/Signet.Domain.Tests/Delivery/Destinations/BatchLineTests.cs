using Signet.Addresses;
using Signet.Delivery;
using Signet.Delivery.Destinations;
using Signet.Names;
using Signet.Queue;
using Signet.Tests.Queue;

namespace Signet.Tests.Delivery.Destinations;

public sealed class BatchLineTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private readonly ContentBudget _budget = new(1_000_000);
    private readonly ActiveQueue _window = new(100_000);
    private readonly BatchLine _line = new();
    private int _added;

    [Fact]
    public void An_account_with_10000_waiting_does_not_hold_up_anothers_message()
    {
        for (var i = 0; i < 10_000; i++)
        {
            Add(1);
        }

        var other = Add(2);

        Assert.InRange(Enumerable.Range(1, 10_000).First(_ => Next() == other), 1, 10);
    }

    [Fact]
    public void Many_small_ones_and_few_large_ones_get_the_same_share_of_bytes()
    {
        for (var i = 0; i < 2_000; i++)
        {
            Add(1, size: 1_000);
            if (i < 50)
            {
                Add(2, size: 30_000);
            }
        }

        var seen = Enumerable.Range(0, 200).Select(_ => Next()).ToList();
        Assert.InRange(seen.Count(s => s.Message.Size == 30_000), 25, 50);
    }

    [Fact]
    public void Urgent_ones_go_first_and_the_others_of_the_account_are_not_starved()
    {
        for (var i = 0; i < 20; i++)
        {
            Add(1);
            Add(1, isUrgent: true);
        }

        Assert.Equal("uuuubuuuubuuuubuuuubuuuubbbbbbbbbbbbbbbb", string.Concat(Enumerable.Range(0, 40).Select(_ => Next().Message.IsUrgent ? 'u' : 'b')));
        Assert.False(_line.TryDequeue(out _));
    }

    [Fact]
    public void One_that_is_put_back_is_the_next()
    {
        var first = Add(1);
        Add(1);
        Assert.Equal(first, Next());

        _line.PutBack(first);

        Assert.Equal((2, Now), (_line.Count, _line.Oldest));
        Assert.Equal(first, Next());
        Assert.Equal(1, _line.Count);
    }

    [Fact]
    public void Large_ones_without_room_let_the_others_pass_and_go_when_there_is_room()
    {
        var large = Enumerable.Range(0, 3).Select(_ => Add(1, size: 400_000, isLarge: true)).ToList();
        var (small, other) = (Add(1), Add(2));

        List<DeliveryBatch> first = [Next(), Next(), Next()];
        Assert.Equal([large[0], small, other], first.OrderBy(s => s.AddedAt));
        Assert.False(_line.TryDequeue(out _));
        Assert.Equal((2, true), (_line.Count, _line.HasLarge));

        large[0].Parent.Close();
        Assert.Equal(large[1], Next());
        Assert.False(_line.TryDequeue(out _));
        large[1].Parent.Close();
        Assert.Equal(large[2], Next());
        Assert.False(_line.HasLarge);
    }

    [Fact]
    public void All_are_taken_out_when_nobody_is_let_in()
    {
        HashSet<DeliveryBatch> all = [Add(1), Add(2), Add(1, isUrgent: true), Add(3, size: 100_000, isLarge: true)];

        Assert.Equal(all, _line.Drain().ToHashSet());

        Assert.Equal((0, false, null), (_line.Count, _line.HasLarge, _line.Oldest));
        var later = Add(1);
        Assert.Equal(later, Next());
    }

    private DeliveryBatch Next()
    {
        Assert.True(_line.TryDequeue(out var batch));
        return batch;
    }

    private DeliveryBatch Add(int account, int size = 100, bool isUrgent = false, bool isLarge = false)
    {
        var message = Deliveries.Message("a@dest.test") with
        {
            Owner = new AccountRegion(AccountId.Parse($"1111222233{account:00}"), Region.Default),
            IsUrgent = isUrgent,
            Content = isLarge ? default : new byte[1],
            Size = size,
        };
        var batch = new DeliveryBatch(
            new ActiveMessage(message, null!, _budget, _window, null!), new NextHop.Domain(DomainName.Parse("dest.test")), message.Deliveries, Now.AddSeconds(_added++));
        _line.Enqueue(batch);
        return batch;
    }
}
