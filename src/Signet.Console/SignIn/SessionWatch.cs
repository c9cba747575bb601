using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Logging;

namespace Signet.Console.SignIn;

/// <summary>
/// Looks every few seconds whether the session of an open page is still good: its connection was let in once and would else outlive the
/// session. In dev nobody signs in, and nothing ends.
/// </summary>
internal sealed class SessionWatch(ILoggerFactory loggers, ConsoleDomain domain) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(5);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        domain.Facts.IsDev || await Sessions.IsGoodAsync(authenticationState.User, domain.Operators, domain.Time.GetUtcNow(), cancellationToken);
}
