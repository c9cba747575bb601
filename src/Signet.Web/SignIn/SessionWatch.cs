using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Logging;
using Signet.Queue;
using Signet.Web.Shell;

namespace Signet.Web.SignIn;

/// <summary>
/// Looks every few seconds whether the session of an open page is still good: its connection was let in once and would else outlive the
/// session. Until it looks again, everything that changes something asks for itself (<see cref="Viewer.ObjectionAsync"/>).
/// </summary>
internal sealed class SessionWatch(ILoggerFactory loggers, SessionCheck check, ConsoleContext console) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(5);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        try
        {
            return console.Stopping.IsCancellationRequested || await check.IsGoodAsync(authenticationState.User, cancellationToken);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or ObjectDisposedException)
        {
            // While the store does not answer (or the server stops, above), nothing can be read or changed: no reason to send everybody away.
            return true;
        }
    }
}
