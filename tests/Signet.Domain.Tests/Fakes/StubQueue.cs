using Signet.Messages;
using Signet.Queue;

namespace Signet.Tests.Fakes;

/// <summary>A stub, for metrics: a queue whose answer and counts a test sets, and which is asked for nothing else.</summary>
public sealed class StubQueue : IMessageQueue
{
    /// <summary>What becomes of every message.</summary>
    public EnqueueResult Answer { get; set; } = EnqueueResult.Stored;

    public Dictionary<DeliveryState, long> Counts { get; } = [];

    public Exception? Failure { get; set; }

    public Task<IReadOnlyDictionary<DeliveryState, long>> CountAsync(CancellationToken cancel) =>
        Failure is null
            ? Task.FromResult<IReadOnlyDictionary<DeliveryState, long>>(Counts)
            : Task.FromException<IReadOnlyDictionary<DeliveryState, long>>(Failure);

    public Task<EnqueueResult> EnqueueAsync(NewMessage message, double? quota, string? node, CancellationToken cancel) => Task.FromResult(Answer);

    public Task<ClaimedMessages> ClaimAsync(string node, ClaimRequest request, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<string>> ListOverdueAsync(DateTimeOffset acceptedBy, CancellationToken cancel) => throw new NotSupportedException();

    public Task<ClaimedMessages> ClaimOverdueAsync(string node, string domain, DateTimeOffset acceptedBy, int limit, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task<bool> ReadContentAsync(MessageId id, Memory<byte> into, CancellationToken cancel) => throw new NotSupportedException();

    public Task<int> StoreResultsAsync(string node, IReadOnlyList<DeliveryResult> results, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task<int> PostponeAsync(string node, IReadOnlyList<DeliveryKey> deliveries, DateTimeOffset until, CancellationToken cancel) =>
        throw new NotSupportedException();
}
