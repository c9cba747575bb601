namespace Signet.Web.Sending;

/// <summary>A change of the queue under way. It goes on when its page is closed, and ends with the server or when it is stopped.</summary>
/// <param name="request">What is done.</param>
/// <param name="total">How many deliveries match, as far as that is known.</param>
/// <param name="stopping">Cancelled when the server begins to stop.</param>
internal sealed class RunningChange(QueueRequest request, long total, CancellationToken stopping) : IDisposable
{
    private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);

    public QueueRequest Request => request;

    public long Total => Math.Max(total, Looked);

    /// <summary>How many have been looked at.</summary>
    public long Looked { get; set; }

    public CancellationToken Cancel => stop.Token;

    public Task StopAsync() => stop.CancelAsync();

    public void Dispose() => stop.Dispose();
}
