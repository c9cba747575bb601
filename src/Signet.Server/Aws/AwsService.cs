using Signet.Sending;

namespace Signet.Server.Aws;

/// <summary>
/// What is one service's own at <see cref="AwsEndpoint"/>: how a call is found in a request and performed, and how its documents are
/// written. The form of a document may depend on the protocol that a request speaks.
/// </summary>
/// <param name="signingNames">What credential scopes may call the service. The first is its name.</param>
internal abstract class AwsService(IReadOnlyList<string> signingNames)
{
    public IReadOnlyList<string> SigningNames => signingNames;

    /// <summary>What the names of its actions begin with in policies: <c>ses</c> of <c>ses:SendEmail</c>.</summary>
    public string Name => signingNames[0];

    /// <summary>The value of the policy key <c>ses:ApiVersion</c>; null for a service that has no such key.</summary>
    public virtual string? ApiVersion => null;

    /// <summary>Bytes of the longest body that is read, as it comes and when it is inflated.</summary>
    public abstract int BodyLimit { get; }

    /// <summary>The media type that a body has to have where the request names one.</summary>
    public abstract string BodyTypeOf(HttpRequest request);

    /// <summary>
    /// Finds the call in a request whose signature is proven. It tells the exchange the name that the caller gave and the action, each as
    /// soon as it is known, so that a refusal is recorded and counted under it.
    /// </summary>
    /// <param name="exchange">The request and its caller.</param>
    /// <param name="query">Its query string, decoded.</param>
    /// <param name="body">May be overwritten, and stays until the call is performed. Empty where the method has none.</param>
    /// <exception cref="AwsException">There is no such call, or it cannot be read.</exception>
    public abstract AwsCall Find(Exchange exchange, IReadOnlyList<FormPair> query, Memory<byte> body);

    /// <summary>The answer to a request that failed, at any step.</summary>
    public abstract AwsAnswer Failure(HttpRequest request, AwsError error, string requestId);
}

/// <summary>Does a call that is limited, decoded and permitted.</summary>
/// <exception cref="AwsException">The request cannot be done.</exception>
internal delegate Task<AwsAnswer> PerformCall(Caller caller, Fields input, string requestId, CancellationToken cancel);

/// <summary>A call that a service found in a request.</summary>
/// <param name="Shape">What its input has to be.</param>
/// <param name="Input">Where its input is.</param>
/// <param name="Perform">Does it.</param>
internal sealed record AwsCall(Structure Shape, InputNode Input, PerformCall Perform)
{
    /// <summary>Whether it is limited to one request per second.</summary>
    public bool IsLimited { get; init; }

    /// <summary>Whether a user needs a policy that allows it. False only where the domain decides that itself, as it does for mail.</summary>
    public bool NeedsPermission { get; init; } = true;
}
