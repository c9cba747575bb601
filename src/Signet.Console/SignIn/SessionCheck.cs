using System.Collections.Concurrent;
using System.Security.Claims;

namespace Signet.Console.SignIn;

/// <summary>
/// Whether a session is still good: asked at every request, and every few seconds by an open page. A session that somebody signed
/// out of is over on this node at once, so that neither a page that is still open nor a copy of the cookie is worth anything; other nodes
/// and later starts do not know of it. What ends sessions for good is another stamp of the operator.
/// </summary>
internal sealed class SessionCheck(ConsoleDomain domain)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> left = new();

    public async Task<bool> IsGoodAsync(ClaimsPrincipal session, CancellationToken cancel) =>
        Sessions.Id(session) is { } id && !left.ContainsKey(id)
        && await Sessions.IsGoodAsync(session, domain.Operators, domain.Time.GetUtcNow(), cancel);

    /// <summary>Ends this one session, and leaves others of the same operator alone.</summary>
    public void End(ClaimsPrincipal session)
    {
        var now = domain.Time.GetUtcNow();
        foreach (var (old, _) in left.Where(l => l.Value <= now))
        {
            left.TryRemove(old, out _);
        }

        if (Sessions.Id(session) is { } id)
        {
            left[id] = now + Sessions.Length;
        }
    }
}
