using Signet.Sending;

namespace Signet.Server.Aws;

/// <summary>
/// The steps of a call, in their order: it is authenticated, its body is read, the service finds the action, which is limited, decoded and
/// permitted; the service does the rest.
/// </summary>
internal sealed class CallSteps(SigV4 signatures, UserPermissions permissions, BodyBudget bodies, TimeProvider time)
{
    private readonly ActionThrottle _throttle = new(time);

    /// <summary>Does what a request asks for.</summary>
    /// <exception cref="AwsException">A step refuses it.</exception>
    public async Task<AwsAnswer> TakeAsync(Exchange exchange, StorePatience patience)
    {
        var (http, service, cancel) = (exchange.Http, exchange.Service, patience.GivenUp);
        var head = RequestHead.Of(http.Request);
        var claim = signatures.Read(head);
        var pending = await signatures.BeginAsync(head, claim, service.SigningNames, exchange.Client, cancel);
        cancel.ThrowIfCancellationRequested();
        patience.Pause();

        // Until the answer is known, not until the signature is: while the store is slow, bodies of proven callers add up just the same.
        using var room = bodies.For(exchange.Client, pending.AccessKeyId);
        using var body = await RequestBody.ReadAsync(http.Request, service.BodyLimit, room, cancel);
        var caller = exchange.Caller = CallerOf(http, pending.ProveHash(body.Hash()), service);

        // The other methods say all in their address: what else comes with them is signed, and not looked at.
        var method = http.Request.Method;
        using var input = HttpMethods.IsPost(method) || HttpMethods.IsPut(method) || HttpMethods.IsPatch(method)
            ? await RequestBody.OpenAsync(http.Request, body, service.BodyTypeOf(http.Request), service.BodyLimit, room, cancel)
            : new ReceivedBody();
        var call = service.Find(exchange, claim.Query, input.Join());
        patience.Resume();
        return await PerformAsync(call, caller, exchange, cancel);
    }

    private async Task<AwsAnswer> PerformAsync(AwsCall call, Caller caller, Exchange exchange, CancellationToken cancel)
    {
        if (call.IsLimited && !_throttle.TryPass(caller.Scope, exchange.PolicyAction))
        {
            throw new AwsException(AwsError.RateExceeded());
        }

        var input = call.Shape.Decode(call.Input);
        if (call.NeedsPermission)
        {
            await permissions.DemandAsync(caller, exchange.PolicyAction, cancel);
        }

        return await call.Perform(caller, input, exchange.RequestId, cancel);
    }

    private static Caller CallerOf(HttpContext http, Authenticated who, AwsService service) => new(
        who.Principal,
        who.Region,
        http.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : http.Connection.RemoteIpAddress,
        http.Request.Headers.UserAgent is { Count: > 0 } agent ? agent.ToString() : null,
        http.Request.IsHttps,
        service.ApiVersion);
}
