namespace Signet.Traffic;

/// <summary>Counts what happened and was stored, each once, however many nodes do so at once and whenever one dies.</summary>
public interface ITrafficCounter
{
    /// <summary>
    /// Counts a portion of what waits, those stored first. Returns how much was looked at: 0 when nothing waits. When another node was
    /// quicker nothing is counted here.
    /// </summary>
    Task<int> CountAsync(int limit, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Forgets what need not be kept longer (<see cref="TrafficResolution.Kept"/>).</summary>
    Task ForgetAsync(DateTimeOffset now, CancellationToken cancel);
}
