using Microsoft.Extensions.Time.Testing;
using Signet.Server.Aws;

namespace Signet.Server.Tests.Aws;

/// <summary>A budget of 1,000 bytes, so that one client or key has 500.</summary>
public sealed class BodyBudgetTests
{
    private readonly FakeTimeProvider time = new();
    private readonly BodyBudget budget;

    public BodyBudgetTests() => budget = new BodyBudget(1_000, 200, time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_set_aside_comes_back_with_the_request()
    {
        var room = Room("a", "k");

        await room.ReserveAsync(300, Cancel);
        await room.ReserveAsync(200, Cancel);
        Assert.Equal(300, budget.Taken);
        room.ShrinkTo(100);
        Assert.Equal(100, budget.Taken);
        room.Dispose();
        room.Dispose();

        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public async Task All_together_never_get_more_than_there_is_and_wait_in_order()
    {
        var rooms = new[] { Room("a", "1"), Room("b", "2"), Room("c", "3"), Room("d", "4"), Room("e", "5") };
        await rooms[0].ReserveAsync(400, Cancel);
        await rooms[1].ReserveAsync(400, Cancel);

        var third = rooms[2].ReserveAsync(400, Cancel);
        var fourth = rooms[3].ReserveAsync(100, Cancel);

        Assert.False(third.IsCompleted || fourth.IsCompleted);
        Assert.True(budget.IsContended);
        rooms[0].Dispose();
        await third;
        await fourth;
        Assert.Equal(900, budget.Taken);
        Assert.False(budget.IsContended);
    }

    [Theory]
    [InlineData("a", "b", "k", "k")]
    [InlineData("a", "a", "k", "l")]
    public async Task No_client_and_no_key_gets_more_than_half(string client, string otherClient, string key, string otherKey)
    {
        using var first = Room(client, key);
        using var second = Room(otherClient, otherKey);
        using var third = Room("elsewhere", "another");
        await first.ReserveAsync(400, Cancel);

        var waiting = second.ReserveAsync(200, Cancel);
        await third.ReserveAsync(500, Cancel);

        Assert.False(waiting.IsCompleted);
        Assert.False(budget.IsContended);
        first.Dispose();
        await waiting;
    }

    [Fact]
    public async Task Who_finds_no_room_in_time_is_told_to_try_again()
    {
        using var first = Room("a", "k");
        using var second = Room("a", "k");
        await first.ReserveAsync(400, Cancel);
        var waiting = second.ReserveAsync(200, Cancel);

        time.Advance(BodyBudget.Patience);

        Assert.Equal(("ServiceUnavailable", 503), Code(await Assert.ThrowsAsync<AwsException>(() => waiting)));
        Assert.Equal((0, 400L), (budget.Waiting, budget.Taken));
    }

    [Fact]
    public async Task Who_goes_away_waits_no_longer_and_keeps_nobody()
    {
        using var first = Room("a", "k");
        using var second = Room("b", "l");
        using var third = Room("c", "m");
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await first.ReserveAsync(450, Cancel);
        await second.ReserveAsync(450, Cancel);
        using var large = Room("d", "n");
        var left = large.ReserveAsync(400, gone.Token);
        var behind = third.ReserveAsync(100, Cancel);
        Assert.False(behind.IsCompleted);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await behind;
        Assert.Equal(1_000, budget.Taken);
    }

    [Fact]
    public async Task Only_so_many_wait_and_half_of_them_for_one()
    {
        using var first = Room("a", "k");
        await first.ReserveAsync(500, Cancel);
        var waiting = Enumerable.Range(0, BodyBudget.MaxWaiting / 2).Select(_ => Room("a", "k").ReserveAsync(100, Cancel)).ToList();
        Assert.DoesNotContain(waiting, w => w.IsCompleted);

        Assert.Equal(("ServiceUnavailable", 503), Code(await Assert.ThrowsAsync<AwsException>(() => Room("a", "x").ReserveAsync(100, Cancel))));
        using var other = Room("b", "l");
        await other.ReserveAsync(100, Cancel);

        Assert.Equal(BodyBudget.MaxWaiting / 2, budget.Waiting);
    }

    [Theory]
    [InlineData(500, BodyRoom.MinPace)]
    [InlineData(0, BodyRoom.MinPaceOfSmall)]
    public async Task A_body_has_to_come_at_the_least_pace(int reserved, int pace)
    {
        var (received, slow) = (0L, 0);
        using var room = Room("a", "k");
        await room.ReserveAsync(reserved, Cancel);
        using var watch = room.Watch(() => received, () => slow++);

        time.Advance(BodyRoom.Grace);
        received = 10L * pace;
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, slow);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.NotEqual(0, slow);
    }

    [Fact]
    public async Task While_others_wait_for_their_share_it_has_to_come_faster()
    {
        var (received, slow) = (0L, 0);
        using var first = Room("a", "k");
        using var second = Room("b", "l");
        using var third = Room("c", "m");
        await first.ReserveAsync(500, Cancel);
        await second.ReserveAsync(500, Cancel);
        using var watch = first.Watch(() => received, () => slow++);
        received = 20L * BodyRoom.MinPace;
        time.Advance(BodyRoom.Grace + TimeSpan.FromSeconds(9));
        Assert.Equal(0, slow);

        var waiting = third.ReserveAsync(100, Cancel);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.NotEqual(0, slow);
        first.Dispose();
        await waiting;
    }

    [Theory]
    [InlineData(512L << 20, 43L << 20, 86L << 20)]
    [InlineData(512L << 20, 1L << 20, 64L << 20)]
    [InlineData(2L << 30, 43L << 20, 128L << 20)]
    [InlineData(24L << 30, 43L << 20, 256L << 20)]
    [InlineData(24L << 30, 400L << 20, 800L << 20)]
    public void It_is_a_sixteenth_of_the_memory_and_two_bodies_at_least(long memory, long largest, long total) =>
        Assert.Equal(total, BodyBudget.TotalFor(memory, largest));

    private static (string Code, int Status) Code(AwsException exception) => (exception.Error.Code, exception.Error.Status);

    private BodyRoom Room(string client, string key) => budget.For(client, key);
}
