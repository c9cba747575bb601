using Signet.Traffic;

namespace Signet.Server.Tests.Fakes;

/// <summary>Traffic in two lists; who asked for what is kept.</summary>
internal sealed class FakeTraffic : ITrafficStore
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
