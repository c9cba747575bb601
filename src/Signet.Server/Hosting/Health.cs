using Signet.Accounts;
using Signet.Names;
using Signet.Queue;

namespace Signet.Server.Hosting;

/// <summary>Probes: <c>/health/live</c> while the process answers at all, <c>/health/ready</c> while its store does.</summary>
internal static class Health
{
    public const string Path = "/health";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly AccountId Anyone = AccountId.Parse("000000000000");

    public static void Map(IEndpointRouteBuilder app, IAccountStore store, TimeProvider time, ILogger logger)
    {
        app.MapGet($"{Path}/live", () => TypedResults.Text("live\n")).ExcludeFromDescription();
        app.MapGet($"{Path}/ready", async (CancellationToken cancel) =>
        {
            try
            {
                await store.FindAccountAsync(Anyone, cancel).WaitAsync(Patience, time, cancel);
                return TypedResults.Text("ready\n");
            }
            catch (Exception exception) when (exception is StoreUnavailableException or TimeoutException)
            {
                Log.NotReady(logger, exception.Message);
                return TypedResults.Text("the store does not answer\n", statusCode: StatusCodes.Status503ServiceUnavailable);
            }
        }).ExcludeFromDescription();
    }
}
