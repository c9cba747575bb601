using Signet.Queue;

namespace Signet.Server.Hosting;

/// <summary>Probes: <c>/health/live</c> while the process answers at all, <c>/health/ready</c> while its store takes what is written.</summary>
internal static class Health
{
    public const string Path = "/health";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static StoreUnavailableException Silent => new($"it did not answer within {(long)Patience.TotalSeconds} seconds");

    /// <param name="app">Gets the paths.</param>
    /// <param name="check">Writes to the store; fails with <see cref="StoreUnavailableException"/>.</param>
    /// <param name="time">The clock of patience.</param>
    /// <param name="outages">Records that the store does not answer.</param>
    public static void Map(IEndpointRouteBuilder app, Func<CancellationToken, Task> check, TimeProvider time, StoreOutageLog outages)
    {
        var store = new StoreCheck(check, time);
        app.MapGet($"{Path}/live", () => TypedResults.Text("live\n")).ExcludeFromDescription();
        app.MapGet($"{Path}/ready", async (CancellationToken cancel) =>
        {
            try
            {
                await store.CheckAsync().WaitAsync(Patience, time, cancel);
                return TypedResults.Text("ready\n");
            }
            catch (Exception exception) when (exception is StoreUnavailableException or TimeoutException)
            {
                outages.Note(StoreUser.Health, exception as StoreUnavailableException ?? Silent);
                return TypedResults.Text("the store cannot be written\n", statusCode: StatusCodes.Status503ServiceUnavailable);
            }
        }).ExcludeFromDescription();
    }

    /// <summary>One check at a time, at most one a second: anybody may ask, and each is a wait for the disk.</summary>
    private sealed class StoreCheck(Func<CancellationToken, Task> check, TimeProvider time)
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

        private readonly Lock _lock = new();
        private Task? _latest;
        private long _begun;

        public Task CheckAsync()
        {
            lock (_lock)
            {
                if (_latest is null || (_latest.IsCompleted && time.GetElapsedTime(_begun) >= Interval))
                {
                    (_begun, _latest) = (time.GetTimestamp(), check(CancellationToken.None));
                }

                return _latest;
            }
        }
    }
}
