using Signet.Web.Messages;

namespace Signet.Web.Tests.Messages;

public sealed class ContentTurnsTests
{
    private readonly ContentTurns _turns = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_third_content_of_a_person_waits_for_the_first_and_nobody_elses_does()
    {
        var first = await _turns.TakeAsync("ann", Cancel);
        using var second = await _turns.TakeAsync("ann", Cancel);

        var third = _turns.TakeAsync("ann", Cancel);
        Assert.False(third.IsCompleted);
        using var other = await _turns.TakeAsync("bob", Cancel);

        first.Dispose();
        using var taken = await third.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    [Fact]
    public async Task Who_stops_waiting_takes_nobodys_turn()
    {
        var first = await _turns.TakeAsync("ann", Cancel);
        using var second = await _turns.TakeAsync("ann", Cancel);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var third = _turns.TakeAsync("ann", gone.Token);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        first.Dispose();
        using var fourth = await _turns.TakeAsync("ann", Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    [Fact]
    public async Task A_turn_ends_once()
    {
        var first = await _turns.TakeAsync("ann", Cancel);
        first.Dispose();
        first.Dispose();

        using var one = await _turns.TakeAsync("ann", Cancel);
        using var two = await _turns.TakeAsync("ann", Cancel);
        Assert.False(_turns.TakeAsync("ann", Cancel).IsCompleted);
    }
}
