using Microsoft.AspNetCore.Components.Web;

namespace Signet.Web.Shell;

/// <summary>Shows <see cref="ProblemView"/> in the place of a page that failed. That view writes to the log, so this does not.</summary>
public sealed class PageBoundary : ErrorBoundary
{
    protected override Task OnErrorAsync(Exception exception) => Task.CompletedTask;
}
