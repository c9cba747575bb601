namespace Signet.Traffic;

/// <summary>Counts what happened and was stored, each once, however many nodes do so at once and whenever one dies.</summary>
public interface ITrafficCounter
{
    /// <summary>
    /// Counts a portion of what waits, those stored first. When another node was quicker nothing is counted here. What cannot be read is
    /// passed over, so that the rest is counted.
    /// </summary>
    Task<CountedPortion> CountAsync(int limit, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Forgets what need not be kept longer (<see cref="TrafficResolution.Kept"/>).</summary>
    Task ForgetAsync(DateTimeOffset now, CancellationToken cancel);
}

/// <summary>What counting a portion came to.</summary>
/// <param name="Looked">How many rows were looked at; 0 when nothing waits.</param>
/// <param name="Unreadable">How many of them make no sense to this program.</param>
public readonly record struct CountedPortion(int Looked, int Unreadable);
