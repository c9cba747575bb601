using System.Net;
using Signet.Addresses;
using Signet.Sending;

namespace Signet.Server.Aws;

/// <summary>One request: who made it, what came of it, and whether it has been answered.</summary>
/// <param name="http">The request.</param>
/// <param name="service">The one that is called.</param>
/// <param name="started">When it came, by the endpoint's clock.</param>
internal sealed class Exchange(HttpContext http, AwsService service, long started)
{
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _answering;

    public HttpContext Http => http;

    public AwsService Service => service;

    public long Started => started;

    /// <summary>Identifies the sender's network.</summary>
    public string Client { get; } = ClientNetwork.Of(http.Connection.RemoteIpAddress ?? IPAddress.None);

    public string RequestId { get; } = Aws.RequestId.New();

    /// <summary>Ends when an answer is written.</summary>
    public Task Answered => _answered.Task;

    /// <summary>A name of the service's table: metrics and the log have no words of a stranger.</summary>
    public string Action { get; set; } = AwsMetrics.NoAction;

    /// <summary>The action as policies name it: <c>ses:VerifyEmailIdentity</c>.</summary>
    public string PolicyAction => $"{service.Name}:{Action}";

    /// <summary>What the caller calls the action, whether there is one of that name or not; empty until it is read.</summary>
    public string Asked { get; set; } = "";

    /// <summary>Null until the signature is proven.</summary>
    public Caller? Caller { get; set; }

    public string Code { get; private set; } = AwsMetrics.Ok;

    /// <summary>True once: for the one who is to answer.</summary>
    public bool TryBeginAnswer() => Interlocked.Exchange(ref _answering, 1) == 0;

    public void EndAnswer() => _answered.SetResult();

    public AwsAnswer Fail(AwsError error)
    {
        Code = error.Code;
        return service.Failure(http.Request, error, RequestId);
    }
}
