using System.Collections.Concurrent;

namespace Signet.Web.Shell;

/// <summary>
/// One signing-in of an operator. It is over when its time is, when somebody signed out of it on this node, or as soon as the operator's
/// stamp is another: after a change of password, role or account, or a sign-out everywhere.
/// </summary>
/// <param name="Id">What tells it from others of the same operator.</param>
/// <param name="Stamp">The operator's when it began.</param>
/// <param name="Ends">When its time is over.</param>
public sealed record Session(string Id, string Stamp, DateTimeOffset Ends)
{
    /// <summary>Whether it is still good; looked up in the store.</summary>
    /// <param name="name">Whose it is.</param>
    /// <param name="console">Where operators are kept.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<bool> IsGoodAsync(string name, ConsoleContext console, CancellationToken cancel) =>
        console.Domain.Time.GetUtcNow() < Ends
        && !console.LeftSessions.Contains(Id)
        && await console.Domain.Operators.FindOfSessionAsync(name, Stamp, cancel) is not null;
}

/// <summary>
/// The sessions that somebody signed out of on this node, until their time is over. Other nodes and later starts do not know of them: what
/// ends sessions for good is another stamp of the operator.
/// </summary>
public sealed class LeftSessions(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> left = new();

    public bool Contains(string id) => left.ContainsKey(id);

    public void Add(Session session)
    {
        var now = time.GetUtcNow();
        foreach (var (old, _) in left.Where(l => l.Value <= now))
        {
            left.TryRemove(old, out _);
        }

        left[session.Id] = session.Ends;
    }
}
