using System.Diagnostics;
using System.Net;
using Signet.Addresses;
using Signet.Names;
using Signet.Queue;
using Signet.Sending;
using Signet.Server.Aws;

namespace Signet.Server.Ses;

/// <summary>
/// The SES Query API (version 1) over HTTP: <c>POST /</c> and <c>GET /?Action=…</c>, see <see cref="SesRoutes"/>. A request is authenticated, then its action
/// is looked up, limited, decoded and permitted, in this order; the action does the rest. Every answer, errors included, has a
/// request id in its header and its body.
/// </summary>
internal sealed class SesEndpoint(
    SigV4 signatures,
    MailSystem domain,
    UserPermissions permissions,
    SesOptions options,
    SesMetrics metrics,
    StoreOutageLog outages,
    ILogger<SesEndpoint> logger)
{
    private const string ApiVersion = "1";

    /// <summary>How long a request waits for the store, all in all; reading its body does not count.</summary>
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(9);

    private readonly ActionThrottle _throttle = new(domain.Time);
    private readonly int _bodyLimit = RequestBody.Bound(options.MaxMessageBytes);

    /// <summary>The memory of bodies.</summary>
    public BodyBudget Bodies { get; } = new(options.BodyMemory, RequestBody.Bound(options.MaxMessageBytes), domain.Time);

    /// <summary>
    /// Answers one request; the only place where errors become answers. It gives up on a request when the store takes too long: what has not
    /// begun to write by then never does; a commit that is under way may still succeed, so that a send which the caller repeats can go out
    /// twice.
    /// </summary>
    public async Task HandleAsync(HttpContext http)
    {
        var exchange = new Exchange(RequestId.New(), domain.Time.GetTimestamp());
        var late = new CancellationTokenSource(StorePatience, domain.Time);
        var givenUp = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, late.Token);

        // SQLite works on the thread of its caller, and one that the disk keeps waiting cannot answer anybody: another thread does.
        var watch = late.Token.UnsafeRegister(_ => _ = AnswerLateAsync(http, exchange), null);
        var work = WorkAsync(http, exchange, late, givenUp.Token);
        byte[] document;
        StoreUnavailableException? lost = null;
        try
        {
            document = await WaitAsync(work, late.Token);
        }
        catch (AwsException e)
        {
            document = exchange.Fail(e.Error);
        }
        catch (StoreUnavailableException e)
        {
            lost = e;
            document = exchange.Fail(AwsError.ServiceUnavailable());
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested)
        {
            // The outermost frame of a request: whatever comes here is a fault of ours, and the caller has to be told something.
            Log.Failed(logger, e, exchange.Action, exchange.RequestId);
            document = exchange.Fail(AwsError.InternalFailure());
        }
        finally
        {
            await watch.DisposeAsync();
            End(work, exchange, late, givenUp);
        }

        if (exchange.TryBeginAnswer())
        {
            await AnswerAsync(http, exchange, exchange.Code, exchange.Status, document, lost);
        }
        else
        {
            await exchange.Answered;
        }
    }

    private static async Task<byte[]> WaitAsync(Task<byte[]> work, CancellationToken late)
    {
        try
        {
            return await work.WaitAsync(late);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            // What came of it in the last moment counts; that it was broken off does not.
            return work.IsCompletedSuccessfully ? await work : throw Unanswered();
        }
    }

    private async Task AnswerLateAsync(HttpContext http, Exchange exchange)
    {
        if (!exchange.TryBeginAnswer())
        {
            return;
        }

        try
        {
            var error = AwsError.ServiceUnavailable();
            await AnswerAsync(http, exchange, error.Code, error.Status, SesXml.Documents.Failure(error, exchange.RequestId), Unanswered());
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client is gone.
        }
    }

    private async Task AnswerAsync(
        HttpContext http, Exchange exchange, string code, int status, byte[] document, StoreUnavailableException? lost)
    {
        try
        {
            if (lost is not null)
            {
                outages.Note(StoreUser.Api, lost);
            }

            metrics.Record(exchange.Action, code, domain.Time.GetElapsedTime(exchange.Started));
            Log.Answered(logger, exchange.Action, exchange.Caller?.Principal.Arn, exchange.Caller?.Region.Value, code, exchange.RequestId);
            await SesAnswer.WriteAsync(http, status, exchange.RequestId, document);
        }
        finally
        {
            exchange.EndAnswer();
        }
    }

    private void End(Task work, Exchange exchange, CancellationTokenSource late, CancellationTokenSource givenUp)
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

    private static StoreUnavailableException Unanswered() => new($"the store did not answer within {(long)StorePatience.TotalSeconds} seconds");

    private async Task<byte[]> WorkAsync(HttpContext http, Exchange exchange, CancellationTokenSource late, CancellationToken cancel)
    {
        try
        {
            return await ReadAndPerformAsync(http, exchange, late, cancel);
        }
        catch (AwsException e) when (!e.IsRecorded && e.Error is { Status: < 500, IsThrottling: false })
        {
            // The body may have taken the patience with it.
            late.CancelAfter(StorePatience);
            await RecordAsync(e.Error, http, exchange, cancel);
            throw;
        }
    }

    private async Task<byte[]> ReadAndPerformAsync(HttpContext http, Exchange exchange, CancellationTokenSource late, CancellationToken cancel)
    {
        var head = RequestHead.Of(http.Request);
        var claim = signatures.Read(head);
        var client = ClientOf(http);
        var begun = domain.Time.GetTimestamp();
        var pending = await signatures.BeginAsync(head, claim, client, cancel);
        cancel.ThrowIfCancellationRequested();
        var patience = StorePatience - domain.Time.GetElapsedTime(begun);

        // Reading the body takes the time of the sender, not of the store.
        late.CancelAfter(Timeout.InfiniteTimeSpan);

        // Until the answer is known, not until the signature is: while the store is slow, bodies of proven callers add up just the same.
        using var room = Bodies.For(client, pending.AccessKeyId);
        using var body = await RequestBody.ReadAsync(http.Request, _bodyLimit, room, cancel);
        var caller = exchange.Caller = CallerOf(http, pending.ProveHash(body.Hash()));

        var isPost = HttpMethods.IsPost(http.Request.Method);
        using var form = isPost ? await RequestBody.OpenAsync(http.Request, body, _bodyLimit, room, cancel) : new ReceivedBody();
        var parameters = QueryParameters.Of([.. claim.Query, .. FormEncoding.DecodeInPlace(form.Join())]);
        late.CancelAfter(patience > TimeSpan.Zero ? patience : TimeSpan.Zero);
        return await PerformAsync(parameters, caller, exchange, cancel);
    }

    private async Task<byte[]> PerformAsync(QueryParameters parameters, Caller caller, Exchange exchange, CancellationToken cancel)
    {
        var action = Find(parameters, exchange);
        if (options.LimitRequests && !action.Sends && !_throttle.TryPass(caller.Scope, action.Name))
        {
            throw new AwsException(AwsError.RateExceeded());
        }

        var input = action.Input.Decode(parameters.Root);
        if (!action.Sends)
        {
            await permissions.DemandAsync(caller, $"ses:{action.Name}", cancel);
        }

        var reply = await action.Handler(new ActionContext(caller, domain, options), input, cancel);
        return SesXml.Documents.Success(action.Name, action.HasResult, reply, exchange.RequestId);
    }

    // An abandoned request may still have failed by a fault of ours: log it all the same.
    private async Task TellOfAsync(Task late, Exchange exchange)
    {
        try
        {
            await late;
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException or AwsException)
        {
            // The caller has been told as much.
        }
        catch (Exception e)
        {
            Log.Failed(logger, e, exchange.Action, exchange.RequestId);
        }
    }

    private static SesAction.Supported Find(QueryParameters parameters, Exchange exchange)
    {
        if (parameters.Find("Action") is not { Length: > 0 } name)
        {
            throw new AwsException(AwsError.MissingAction());
        }

        exchange.Asked = name;

        // Several clients never send one.
        var version = parameters.Find("Version") is { Length: > 0 } given ? given : SesActions.Version;
        if (version != SesActions.Version || SesActions.Find(name) is not { } action)
        {
            throw new AwsException(AwsError.NoSuchOperation(name, version));
        }

        exchange.Action = action.Name;
        return action switch
        {
            SesAction.Supported supported => supported,
            SesAction.Unsupported unsupported => throw new AwsException(SesError.NotSupported(unsupported.Name, unsupported.Missing)),
            _ => throw new UnreachableException(),
        };
    }

    private async Task RecordAsync(AwsError error, HttpContext http, Exchange exchange, CancellationToken cancel)
    {
        var action = exchange.Asked.Length > 0 ? $"ses:{exchange.Asked}" : "";
        if (exchange.Caller is { } caller)
        {
            await domain.Refusals.RecordAsync(
                RefusedRequest.Of(domain.Time.GetUtcNow(), caller, action, error.Code, error.Status, error.Message), cancel);
            return;
        }

        var (accessKeyId, region) = SignatureClaim.Glance(RequestHead.Of(http.Request));
        if (accessKeyId.Length == 0 && !HttpMethods.IsPost(http.Request.Method) && !http.Request.Query.ContainsKey("Action"))
        {
            // A page that a browser opens by a wrong address is no request to the API.
            return;
        }

        await domain.Refusals.RecordAsync(
            RefusedRequest.Unproven(
                domain.Time.GetUtcNow(), await OwnerNamedAsync(accessKeyId, region, http, cancel), accessKeyId, action, error.Code, error.Status,
                error.Message),
            cancel);
    }

    private async Task<AccountRegion?> OwnerNamedAsync(string accessKeyId, string region, HttpContext http, CancellationToken cancel)
    {
        try
        {
            return await signatures.OwnerNamedAsync(accessKeyId, region, ClientOf(http), cancel);
        }
        catch (StoreUnavailableException)
        {
            // The answer is the same with or without the record, and RefusalLog tells that there is none.
            return null;
        }
    }

    private static string ClientOf(HttpContext http) => ClientNetwork.Of(http.Connection.RemoteIpAddress ?? IPAddress.None);

    private static Caller CallerOf(HttpContext http, Authenticated who) => new(
        who.Principal,
        who.Region,
        http.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : http.Connection.RemoteIpAddress,
        http.Request.Headers.UserAgent is { Count: > 0 } agent ? agent.ToString() : null,
        http.Request.IsHttps,
        ApiVersion);
}

/// <summary>Where the SES API answers.</summary>
internal static class SesRoutes
{
    /// <summary>
    /// Answers <c>POST /</c> where it stands. Nearly every request of a server is one, and needs nothing of what follows: every error has its
    /// answer in the endpoint.
    /// </summary>
    public static void UseCalls(IApplicationBuilder app, SesEndpoint ses, Func<HttpContext, bool> isServedTo) => app.Use((context, next) =>
        HttpMethods.IsPost(context.Request.Method) && context.Request.Path == "/" && isServedTo(context) ? ses.HandleAsync(context) : next(context));

    /// <summary>
    /// Answers every path for which routing found nothing, <c>GET /</c> among them: a client whose endpoint ends in <c>/ses/</c> is served,
    /// and one that is wrong about it gets an error that it can read. DELETE is taken as GET is: php-aws-ses deletes addresses by it.
    /// </summary>
    public static void UseForTheRest(IApplicationBuilder app, SesEndpoint ses, Func<HttpContext, bool> isServedTo) => app.Use((context, next) =>
        context.GetEndpoint() is null
        && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsPost(context.Request.Method) || HttpMethods.IsDelete(context.Request.Method))
        && isServedTo(context)
            ? ses.HandleAsync(context)
            : next(context));
}
