using Signet.Queue;

namespace Signet.Server.Aws;

/// <summary>
/// Answers the requests of all services, whatever becomes of them: an answer within the patience with the store, a request id in its header
/// and its document, a count and a line of the log, and a record of what is refused. <see cref="CallSteps"/> has what is done in between.
/// </summary>
internal sealed class AwsEndpoint(
    CallSteps steps, RefusedRequests refused, AwsMetrics metrics, StoreOutageLog outages, TimeProvider time, ILogger<AwsEndpoint> logger)
{
    /// <summary>
    /// Answers one request; the only place where errors become answers. It gives up on a request when the store takes too long: what has not
    /// begun to write by then never does; a commit that is under way may still succeed, so that a send which the caller repeats can go out
    /// twice.
    /// </summary>
    public async Task HandleAsync(HttpContext http, AwsService service)
    {
        var exchange = new Exchange(http, service, time.GetTimestamp());
        var patience = new StorePatience(time, http.RequestAborted);

        // SQLite works on the thread of its caller, and one that the disk keeps waiting cannot answer anybody: another thread does.
        var watch = patience.Late.UnsafeRegister(_ => _ = AnswerLateAsync(exchange), null);
        var work = WorkAsync(exchange, patience);
        AwsAnswer answer;
        StoreUnavailableException? lost = null;
        try
        {
            answer = await WaitAsync(work, patience.Late);
        }
        catch (AwsException e)
        {
            answer = exchange.Fail(e.Error);
        }
        catch (StoreUnavailableException e)
        {
            lost = e;
            answer = exchange.Fail(AwsError.ServiceUnavailable());
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested)
        {
            // The outermost frame of a request: whatever comes here is a fault of ours, and the caller needs an answer.
            Log.Failed(logger, e, exchange.Action, exchange.RequestId);
            answer = exchange.Fail(AwsError.InternalFailure());
        }
        finally
        {
            await watch.DisposeAsync();
            End(work, exchange, patience);
        }

        if (exchange.TryBeginAnswer())
        {
            await AnswerAsync(exchange, exchange.Code, answer, lost);
        }
        else
        {
            await exchange.Answered;
        }
    }

    private async Task<AwsAnswer> WorkAsync(Exchange exchange, StorePatience patience)
    {
        try
        {
            return await steps.TakeAsync(exchange, patience);
        }
        catch (AwsException e) when (!e.IsRecorded && e.Error is { Status: < 500, IsThrottling: false })
        {
            // The body may have taken the patience with it.
            patience.Renew();
            await refused.RecordAsync(e.Error, exchange, patience.GivenUp);
            throw;
        }
    }

    private static async Task<AwsAnswer> WaitAsync(Task<AwsAnswer> work, CancellationToken late)
    {
        try
        {
            return await work.WaitAsync(late);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            // What came of it in the last moment counts; that it was broken off does not.
            return work.IsCompletedSuccessfully ? await work : throw StorePatience.Ended();
        }
    }

    private async Task AnswerLateAsync(Exchange exchange)
    {
        if (!exchange.TryBeginAnswer())
        {
            return;
        }

        try
        {
            var error = AwsError.ServiceUnavailable();
            var answer = exchange.Service.Failure(exchange.Http.Request, error, exchange.RequestId);
            await AnswerAsync(exchange, error.Code, answer, StorePatience.Ended());
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client is gone.
        }
    }

    private async Task AnswerAsync(Exchange exchange, string code, AwsAnswer answer, StoreUnavailableException? lost)
    {
        try
        {
            if (lost is not null)
            {
                outages.Note(StoreUser.Api, lost);
            }

            metrics.Record(exchange.Action, code, time.GetElapsedTime(exchange.Started));
            Log.Answered(logger, exchange.Action, exchange.Caller?.Principal.Arn, exchange.Caller?.Region.Value, code, exchange.RequestId);
            await answer.WriteAsync(exchange.Http, exchange.RequestId);
        }
        finally
        {
            exchange.EndAnswer();
        }
    }

    private void End(Task work, Exchange exchange, StorePatience patience)
    {
        if (work.IsCompleted)
        {
            patience.Dispose();
        }
        else
        {
            _ = LogFailureAsync(work, exchange);
        }
    }

    // An abandoned request may still have failed by a fault of ours: log it all the same.
    private async Task LogFailureAsync(Task late, Exchange exchange)
    {
        try
        {
            await late;
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException or AwsException)
        {
            // The caller has had this answer.
        }
        catch (Exception e)
        {
            Log.Failed(logger, e, exchange.Action, exchange.RequestId);
        }
    }
}
