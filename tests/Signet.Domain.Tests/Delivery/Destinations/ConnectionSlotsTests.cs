using Signet.Delivery.Destinations;

namespace Signet.Tests.Delivery.Destinations;

public sealed class ConnectionSlotsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_are_given_out_in_turn()
    {
        var slots = new ConnectionSlots(1);
        await slots.TakeAsync(Cancel);
        var (first, second) = (slots.TakeAsync(Cancel), slots.TakeAsync(Cancel));
        Assert.True(slots.IsWanted);

        slots.Release();
        await first;
        Assert.False(second.IsCompleted);
        slots.Release();
        await second;
        Assert.False(slots.IsWanted);
    }

    [Fact]
    public async Task Whoever_waits_no_more_gets_none()
    {
        var slots = new ConnectionSlots(1);
        await slots.TakeAsync(Cancel);
        using var impatient = new CancellationTokenSource();
        var (first, second) = (slots.TakeAsync(impatient.Token), slots.TakeAsync(Cancel));

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        slots.Release();
        await second;
        slots.Release();
        await slots.TakeAsync(Cancel);
    }

    [Fact]
    public async Task One_that_is_idle_is_given_up_when_another_is_wanted_and_only_one_is()
    {
        var slots = new ConnectionSlots(2);
        await slots.TakeAsync(Cancel);
        await slots.TakeAsync(Cancel);
        var (one, two, gone) = (new TaskCompletionSource<bool>(), new TaskCompletionSource<bool>(), new TaskCompletionSource<bool>());
        slots.Offer(one);
        slots.Offer(two);
        slots.Offer(gone);
        slots.TakeBack(gone);

        var wanted = slots.TakeAsync(Cancel);
        Assert.False(await two.Task);
        Assert.False(one.Task.IsCompleted || gone.Task.IsCompleted);
        slots.Release();
        await wanted;
    }
}
