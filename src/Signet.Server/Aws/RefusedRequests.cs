using Signet.Names;
using Signet.Queue;
using Signet.Sending;

namespace Signet.Server.Aws;

/// <summary>Records the requests that the endpoint refuses, under their caller or, while nothing is proven, under the key that they name.</summary>
internal sealed class RefusedRequests(RefusalLog refusals, SigV4 signatures, TimeProvider time)
{
    public async Task RecordAsync(AwsError error, Exchange exchange, CancellationToken cancel)
    {
        var action = exchange.Asked.Length > 0 ? $"{exchange.Service.Name}:{exchange.Asked}" : "";
        if (exchange.Caller is { } caller)
        {
            await refusals.RecordAsync(
                RefusedRequest.Of(time.GetUtcNow(), caller, action, error.Code, error.Status, error.Message), cancel);
            return;
        }

        var request = exchange.Http.Request;
        var (accessKeyId, region) = SignatureClaim.Glance(RequestHead.Of(request));
        if (accessKeyId.Length == 0 && !HttpMethods.IsPost(request.Method) && !request.Query.ContainsKey("Action"))
        {
            // A page that a browser opens by a wrong address is no request to the API.
            return;
        }

        await refusals.RecordAsync(
            RefusedRequest.Unproven(
                time.GetUtcNow(), await OwnerNamedAsync(accessKeyId, region, exchange.Client, cancel), accessKeyId, action, error.Code,
                error.Status, error.Message),
            cancel);
    }

    private async Task<AccountRegion?> OwnerNamedAsync(string accessKeyId, string region, string client, CancellationToken cancel)
    {
        try
        {
            return await signatures.OwnerNamedAsync(accessKeyId, region, client, cancel);
        }
        catch (StoreUnavailableException)
        {
            // The answer is the same with or without the record, and RefusalLog logs that there is none.
            return null;
        }
    }
}
