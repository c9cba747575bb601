namespace Signet.Web.Shell;

/// <summary>
/// A page that shows what changes by itself: it is redrawn when this node accepts mail, and at least every few seconds for what raises
/// no signal. It rests nine times as long as that takes: however much there is to read and however fast mail comes in, an open page takes
/// a tenth of one processor at most.
/// </summary>
public abstract class LivePage : ConsoleComponent
{
    private const int RestFactor = 9;

    /// <summary>How long it waits at least, so that it is not drawn without end while mail keeps coming.</summary>
    protected virtual TimeSpan Shortest => TimeSpan.FromMilliseconds(300);

    /// <summary>How long it waits after that without a signal.</summary>
    protected virtual TimeSpan Longest => TimeSpan.FromSeconds(5);

    /// <summary>Reads what is shown again. Runs where components may be changed, one call after the other; drawing follows.</summary>
    protected abstract Task RefreshAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _ = FollowAsync();
        }
    }

    private async Task FollowAsync()
    {
        try
        {
            var rest = Shortest;
            while (true)
            {
                var arrival = Domain.Arrivals.Next;
                await Task.Delay(rest, Domain.Time, Ending);
                await Task.WhenAny(arrival, Task.Delay(Longest, Domain.Time, Ending));
                Ending.ThrowIfCancellationRequested();
                var begin = Domain.Time.GetTimestamp();
                await InvokeAsync(async () =>
                {
                    await RefreshAsync();
                    StateHasChanged();
                });
                var due = Domain.Time.GetElapsedTime(begin) * RestFactor;
                rest = due > Shortest ? due : Shortest;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The page is closed.
        }
        catch (Exception exception)
        {
            // What the page cannot show is shown in its place.
            await DispatchExceptionAsync(exception);
        }
    }
}
