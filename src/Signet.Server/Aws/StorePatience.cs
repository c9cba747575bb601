using Signet.Queue;

namespace Signet.Server.Aws;

/// <summary>How long one request waits for the store, all in all. Reading its body takes the time of the sender and does not count.</summary>
internal sealed class StorePatience : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(9);

    private readonly TimeProvider _time;
    private readonly long _begun;
    private readonly CancellationTokenSource _late;
    private readonly CancellationTokenSource _givenUp;
    private TimeSpan _left = Limit;

    public StorePatience(TimeProvider time, CancellationToken aborted)
    {
        _time = time;
        _begun = time.GetTimestamp();
        _late = new CancellationTokenSource(Limit, time);
        _givenUp = CancellationTokenSource.CreateLinkedTokenSource(aborted, _late.Token);
    }

    /// <summary>Cancelled when the store has taken too long.</summary>
    public CancellationToken Late => _late.Token;

    /// <summary>Cancelled when it has, or when the client is gone.</summary>
    public CancellationToken GivenUp => _givenUp.Token;

    /// <summary>What the caller gets when the patience ends.</summary>
    public static StoreUnavailableException Ended() => new($"the store did not answer within {(long)Limit.TotalSeconds} seconds");

    /// <summary>Stops the clock, once.</summary>
    public void Pause()
    {
        _left = Limit - _time.GetElapsedTime(_begun);
        _late.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    /// <summary>Lets it go on with what was left.</summary>
    public void Resume() => _late.CancelAfter(_left > TimeSpan.Zero ? _left : TimeSpan.Zero);

    /// <summary>Begins again.</summary>
    public void Renew() => _late.CancelAfter(Limit);

    /// <summary>After the work has ended, which uses the tokens.</summary>
    public void Dispose()
    {
        _givenUp.Dispose();
        _late.Dispose();
    }
}
