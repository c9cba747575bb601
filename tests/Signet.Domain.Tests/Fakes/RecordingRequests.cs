using Signet.Queue;

namespace Signet.Tests.Fakes;

/// <summary>A stub, for nodes that see to what operators ask for: a test says what that is; what was fulfilled is remembered.</summary>
internal sealed class RecordingRequests : IOperatorRequests
{
    public List<DeliveryKey> OfNode { get; } = [];

    public List<DeliveryKey> Unclaimed { get; } = [];

    public int Unknown { get; set; }

    public List<(string? Node, DeliveryKey Delivery)> Fulfilled { get; } = [];

    public Task<PendingRequests> ListAsync(string node, CancellationToken cancel) =>
        Task.FromResult(new PendingRequests([.. OfNode], [.. Unclaimed], Unknown));

    public Task<int> FulfilAsync(string? node, IReadOnlyList<DeliveryKey> deliveries, DateTimeOffset now, CancellationToken cancel)
    {
        Fulfilled.AddRange(deliveries.Select(d => (node, d)));
        return Task.FromResult(deliveries.Count);
    }
}
