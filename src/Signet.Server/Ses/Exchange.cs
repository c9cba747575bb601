using Signet.Sending;
using Signet.Server.Aws;

namespace Signet.Server.Ses;

/// <summary>One request: who made it, what came of it, and whether it has been answered.</summary>
internal sealed class Exchange(string requestId, long started)
{
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _answering;

    public string RequestId { get; } = requestId;

    /// <summary>When it came, by the endpoint's clock.</summary>
    public long Started { get; } = started;

    /// <summary>Ends when an answer is written.</summary>
    public Task Answered => _answered.Task;

    public string Action { get; set; } = SesMetrics.NoAction;

    /// <summary>What the caller calls the action, whether there is one of that name or not; empty until it is read.</summary>
    public string Asked { get; set; } = "";

    /// <summary>Null until the signature is proven.</summary>
    public Caller? Caller { get; set; }

    public string Code { get; private set; } = SesMetrics.Ok;

    public int Status { get; private set; } = StatusCodes.Status200OK;

    /// <summary>True once: for the one who is to answer.</summary>
    public bool TryBeginAnswer() => Interlocked.Exchange(ref _answering, 1) == 0;

    public void EndAnswer() => _answered.SetResult();

    public byte[] Fail(AwsError error)
    {
        (Code, Status) = (error.Code, error.Status);
        return SesXml.Documents.Failure(error, RequestId);
    }
}
