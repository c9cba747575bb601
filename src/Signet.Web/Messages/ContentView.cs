using Microsoft.AspNetCore.Components;
using Signet.Messages;
using Signet.Web.Shell;

namespace Signet.Web.Messages;

/// <summary>
/// A view of the content of a message. It reads the content once, keeps what it shows of it and lets go of the rest: a page that somebody
/// leaves open must not hold ten megabytes, nor read them again whenever the page around it is drawn.
/// </summary>
public abstract class ContentView : ConsoleComponent
{
    private MessageId? read;
    private object? readAs;

    [Parameter, EditorRequired]
    public ShownMessage Shown { get; set; } = default!;

    /// <summary>Whether there is something to show.</summary>
    protected bool IsRead { get; private set; }

    /// <summary>What else the view depends on: when it changes, the content is read again.</summary>
    protected virtual object? Choice => null;

    /// <summary>Keeps what is shown of the content. What is there when this waits for something is drawn.</summary>
    protected abstract Task ReadAsync(ReadOnlyMemory<byte> content);

    protected override async Task OnParametersSetAsync()
    {
        var (id, choice) = (Shown.Message.Id, Choice);
        if (id == read && Equals(choice, readAs))
        {
            return;
        }

        (read, readAs) = (id, choice);
        var reading = Task.CompletedTask;
        using (await Console.ContentTurns.TakeAsync(Viewer.Name, Ending))
        {
            if (await Domain.Archive.GetContentAsync(id, Ending) is { } content && id == read && Equals(choice, readAs))
            {
                reading = ReadAsync(content);
                IsRead = true;
                StateHasChanged();
            }
        }

        await reading;
    }
}
