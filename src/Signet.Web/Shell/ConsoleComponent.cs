using Microsoft.AspNetCore.Components;

namespace Signet.Web.Shell;

/// <summary>A page, or a part of one, that reads or waits: what it reads from, who looks at it, and when to stop.</summary>
public abstract class ConsoleComponent : ComponentBase, IAsyncDisposable
{
    private CancellationTokenSource? ending;
    private CancellationToken? ended;

    [Inject]
    protected ConsoleContext Console { get; set; } = default!;

    protected MailSystem Domain => Console.Domain;

    [CascadingParameter]
    public Viewer Viewer { get; set; } = default!;

    /// <summary>Cancelled when the page is closed, for good, or the server stops: browsers that went away keep their pages for minutes.</summary>
    protected CancellationToken Ending =>
        ended ??= (ending ??= CancellationTokenSource.CreateLinkedTokenSource(Console.Stopping)).Token;

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);

        // What asks for its end only now, after a wait say, has to find it cancelled.
        _ = Ending;
        await ending!.CancelAsync();
        ending.Dispose();
    }
}
