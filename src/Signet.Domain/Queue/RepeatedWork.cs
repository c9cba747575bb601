using Microsoft.Extensions.Hosting;

namespace Signet.Queue;

/// <summary>Work in the background that is done in turns until the server stops. A turn that fails ends nothing: the next may succeed.</summary>
/// <param name="time">The clock.</param>
public abstract class RepeatedWork(TimeProvider time) : BackgroundService
{
    /// <summary>The clock.</summary>
    protected TimeProvider Time => time;

    /// <summary>Before the first turn.</summary>
    protected virtual TimeSpan FirstPause => TimeSpan.Zero;

    /// <summary>Does one turn. Returns the pause before the next.</summary>
    protected abstract Task<TimeSpan> TurnAsync(CancellationToken cancel);

    /// <summary>Logs why a turn failed. Returns the pause before the next.</summary>
    protected abstract TimeSpan Failed(Exception failure);

    /// <summary>What a log line says of a failure: the store's own words, or the kind of an unexpected one as well.</summary>
    protected static string CauseOf(Exception failure) =>
        failure is StoreUnavailableException ? failure.Message : $"{failure.GetType().Name}: {failure.Message}";

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pause, time, stoppingToken);
                pause = await TurnAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                pause = Failed(failure);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
