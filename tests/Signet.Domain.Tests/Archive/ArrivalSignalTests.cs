using Signet.Archive;

namespace Signet.Tests.Archive;

public sealed class ArrivalSignalTests
{
    [Fact]
    public async Task All_who_wait_are_woken()
    {
        var signal = new ArrivalSignal();
        var (one, other) = (signal.Next, signal.Next);

        signal.Raise();

        await Task.WhenAll(one, other).InTimeAsync();
    }

    [Fact]
    public void One_that_is_asked_for_after_the_signal_waits_for_the_next()
    {
        var signal = new ArrivalSignal();
        signal.Raise();

        var next = signal.Next;

        Assert.False(next.IsCompleted);
        signal.Raise();
        Assert.True(next.IsCompletedSuccessfully);
    }
}
