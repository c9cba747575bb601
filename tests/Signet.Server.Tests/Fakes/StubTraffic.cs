using Signet.Traffic;

namespace Signet.Server.Tests.Fakes;

/// <summary>
/// A stub, for how traffic is asked for and shown: it answers with what a test put in, and keeps the questions. How traffic is counted is
/// tested over the real stores.
/// </summary>
internal sealed class StubTraffic : ITrafficStore
{
    public List<TrafficPoint> Points { get; } = [];

    public List<TrafficShare> Shares { get; } = [];

    public List<TrafficQuery> Asked { get; } = [];

    public Task<IReadOnlyList<TrafficPoint>> ReadAsync(TrafficQuery query, CancellationToken cancel)
    {
        Asked.Add(query);
        return Task.FromResult(Timeline.Fill(Points, query.Since, query.Until, query.Step));
    }

    public Task<IReadOnlyList<TrafficShare>> TopAsync(TrafficQuery query, TrafficDimension by, int limit, CancellationToken cancel)
    {
        Asked.Add(query);
        return Task.FromResult<IReadOnlyList<TrafficShare>>([.. Shares.Take(limit)]);
    }
}
