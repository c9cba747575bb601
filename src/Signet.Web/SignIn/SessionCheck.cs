using System.Security.Claims;
using Signet.Web.Shell;

namespace Signet.Web.SignIn;

/// <summary>
/// Whether a session is still good: asked at every request, and every few seconds by an open page. A session that somebody signed
/// out of is over on this node at once, so that neither a page that is still open nor a copy of the cookie is worth anything.
/// </summary>
internal sealed class SessionCheck(ConsoleContext console)
{
    public async Task<bool> IsGoodAsync(ClaimsPrincipal session, CancellationToken cancel) =>
        session.Identity is { IsAuthenticated: true, Name: not null }
        && Viewer.Of(session) is { Session: { } known } viewer
        && await known.IsGoodAsync(viewer.Name, console, cancel);

    /// <summary>Ends this one session, and leaves others of the same operator alone.</summary>
    public void End(ClaimsPrincipal session)
    {
        if (Viewer.Of(session).Session is { } known)
        {
            console.LeftSessions.Add(known);
        }
    }
}
