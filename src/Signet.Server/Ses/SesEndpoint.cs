using System.Diagnostics;
using System.Net;
using System.Text;
using Signet.Addresses;
using Signet.Queue;
using Signet.Sending;
using Signet.Server.Ses.Protocol;

namespace Signet.Server.Ses;

/// <summary>
/// The SES Query API (version 1) over HTTP: <c>POST /</c> and <c>GET /?Action=…</c>. A request is authenticated, then its action
/// is looked up, limited, decoded and permitted, in this order; the action does the rest. Every answer, errors included, has a
/// request id in its header and its body.
/// </summary>
internal sealed class SesEndpoint(
    SigV4 signatures,
    SesDomain domain,
    UserPermissions permissions,
    SesOptions options,
    SesMetrics metrics,
    StoreOutageLog outages,
    TimeProvider time,
    ILogger<SesEndpoint> logger)
{
    private const string ApiVersion = "1";

    /// <summary>How long a request waits for the store, all in all; reading its body does not count.</summary>
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(9);

    private readonly ActionThrottle _throttle = new(time);
    private readonly int _bodyLimit = RequestBody.Bound(options.MaxMessageBytes);

    /// <summary>The memory of bodies.</summary>
    public BodyBudget Bodies { get; } = new(options.BodyMemory, RequestBody.Bound(options.MaxMessageBytes), time);

    /// <summary>Answers one request; the only place where errors become answers.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var started = time.GetTimestamp();
        var exchange = new Exchange(SesAnswer.NewRequestId());
        byte[] document;
        try
        {
            document = await AnswerAsync(http, exchange, http.RequestAborted);
        }
        catch (SesException e)
        {
            document = exchange.Fail(e.Error);
        }
        catch (StoreUnavailableException e)
        {
            outages.Note(StoreUser.Api, e);
            document = exchange.Fail(SesError.ServiceUnavailable());
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested)
        {
            // The outermost frame of a request: whatever comes here is a fault of ours, and the caller has to be told something.
            Log.Failed(logger, e, exchange.Action, exchange.RequestId);
            document = exchange.Fail(SesError.InternalFailure());
        }

        metrics.Record(exchange.Action, exchange.Code, time.GetElapsedTime(started));
        Log.Answered(
            logger, exchange.Action, exchange.Caller?.Principal.Arn, exchange.Caller?.Region.Value, exchange.Code, exchange.RequestId);
        await SesAnswer.WriteAsync(http, exchange.Status, exchange.RequestId, document);
    }

    /// <summary>
    /// Works at a request, and gives up on it when the store takes too long. What has not begun to write by then never does; a commit
    /// that is under way may still succeed, so that a send which the caller repeats can go out twice.
    /// </summary>
    private async Task<byte[]> AnswerAsync(HttpContext http, Exchange exchange, CancellationToken cancel)
    {
        var givenUp = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var late = new CancellationTokenSource(StorePatience, time);

        // On another thread: SQLite works on the thread of its caller, and one that the disk keeps waiting cannot answer anybody.
        var work = Task.Run(() => WorkAsync(http, exchange, late, givenUp.Token), CancellationToken.None);
        try
        {
            return await work.WaitAsync(late.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            if (work.IsCompleted)
            {
                return await work;
            }

            await givenUp.CancelAsync();
            throw new StoreUnavailableException($"the store did not answer within {(long)StorePatience.TotalSeconds} seconds");
        }
        finally
        {
            if (work.IsCompleted)
            {
                givenUp.Dispose();
                late.Dispose();
            }
            else
            {
                _ = TellOfAsync(work, exchange);
            }
        }
    }

    private async Task<byte[]> WorkAsync(HttpContext http, Exchange exchange, CancellationTokenSource late, CancellationToken cancel)
    {
        var head = RequestHead.Of(http.Request);
        var client = ClientNetwork.Of(http.Connection.RemoteIpAddress ?? IPAddress.None);
        var begun = time.GetTimestamp();
        var pending = await signatures.BeginAsync(head, client, cancel);
        cancel.ThrowIfCancellationRequested();
        var patience = StorePatience - time.GetElapsedTime(begun);

        // Reading the body takes the time of the sender, not of the store.
        late.CancelAfter(Timeout.InfiniteTimeSpan);

        // Until the answer is known, not until the signature is: while the store is slow, bodies of proven callers add up just the same.
        using var room = Bodies.For(client, pending.AccessKeyId);
        using var body = await RequestBody.ReadAsync(http.Request, _bodyLimit, room, cancel);
        var caller = exchange.Caller = CallerOf(http, pending.ProveHash(body.Hash()));

        var parameters = await ParametersAsync(http.Request, head, body, room, cancel);
        late.CancelAfter(patience > TimeSpan.Zero ? patience : TimeSpan.Zero);
        return await PerformAsync(parameters, caller, exchange, cancel);
    }

    private async Task<byte[]> PerformAsync(QueryParameters parameters, Caller caller, Exchange exchange, CancellationToken cancel)
    {
        var action = Find(parameters, exchange);
        if (options.LimitRequests && !action.Sends && !_throttle.TryPass(caller.Scope, action.Name))
        {
            throw new SesException(SesError.RateExceeded());
        }

        var input = action.Input.Decode(parameters);
        if (!action.Sends)
        {
            await permissions.DemandAsync(caller, action.Name, cancel);
        }

        var reply = await action.Handler(new ActionContext(caller, domain), input, cancel);
        return XmlReply.Success(action.Name, action.HasResult, reply, exchange.RequestId);
    }

    // What nobody waits for any more may have a fault of ours: it is told all the same.
    private async Task TellOfAsync(Task late, Exchange exchange)
    {
        try
        {
            await late;
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException or SesException)
        {
            // The caller has been told as much.
        }
        catch (Exception e)
        {
            Log.Failed(logger, e, exchange.Action, exchange.RequestId);
        }
    }

    private async Task<QueryParameters> ParametersAsync(
        HttpRequest request, RequestHead head, ReceivedBody body, BodyRoom room, CancellationToken cancel)
    {
        var pairs = FormEncoding.Decode(Encoding.UTF8.GetBytes(head.Query));
        if (HttpMethods.IsPost(request.Method))
        {
            pairs.AddRange(FormEncoding.DecodeInPlace(await RequestBody.OpenAsync(request, body, _bodyLimit, room, cancel)));
        }

        return QueryParameters.Of(pairs);
    }

    private static SesAction.Supported Find(QueryParameters parameters, Exchange exchange)
    {
        if (parameters.Find("Action") is not { Length: > 0 } name)
        {
            throw new SesException(SesError.MissingAction());
        }

        var version = parameters.Find("Version") is { Length: > 0 } given ? given : "NO_VERSION_SPECIFIED";
        if (version != SesActions.Version || SesActions.Find(name) is not { } action)
        {
            throw new SesException(SesError.NoSuchOperation(name, version));
        }

        exchange.Action = action.Name;
        return action switch
        {
            SesAction.Supported supported => supported,
            SesAction.Unsupported unsupported => throw new SesException(SesError.NotSupported(unsupported.Name, unsupported.Missing)),
            _ => throw new UnreachableException(),
        };
    }

    private static Caller CallerOf(HttpContext http, Authenticated who) => new(
        who.Principal,
        who.Region,
        http.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : http.Connection.RemoteIpAddress,
        http.Request.Headers.UserAgent is { Count: > 0 } agent ? agent.ToString() : null,
        http.Request.IsHttps,
        ApiVersion);

    /// <summary>One request and what came of it.</summary>
    private sealed class Exchange(string requestId)
    {
        public string RequestId { get; } = requestId;

        public string Action { get; set; } = SesMetrics.NoAction;

        /// <summary>Null until the signature is proven.</summary>
        public Caller? Caller { get; set; }

        public string Code { get; private set; } = SesMetrics.Ok;

        public int Status { get; private set; } = StatusCodes.Status200OK;

        public byte[] Fail(SesError error)
        {
            (Code, Status) = (error.Code, error.Status);
            return XmlReply.Failure(error, RequestId);
        }
    }
}

/// <summary>Where the SES API answers.</summary>
internal static class SesRoutes
{
    /// <summary>
    /// Maps <c>POST /</c> and <c>GET /</c>. A host that shows browsers a page at <c>GET /</c> maps that itself and hands the rest
    /// to <see cref="SesEndpoint.HandleAsync"/>.
    /// </summary>
    public static IEndpointConventionBuilder MapSes(this IEndpointRouteBuilder routes, SesEndpoint ses) =>
        routes.MapMethods("/", [HttpMethods.Get, HttpMethods.Post], ses.HandleAsync);
}
