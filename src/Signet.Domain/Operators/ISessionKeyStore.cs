namespace Signet.Operators;

/// <summary>
/// Where the keys are kept that the console's sessions are sealed with, so that a login outlives a restart and is good on every node.
/// The store encrypts them; what they hold is the business of whoever makes them.
/// </summary>
public interface ISessionKeyStore
{
    /// <summary>All keys that were ever added, as XML, by id. Old ones stay: a session sealed with one may still be open.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel);

    /// <summary>Adds a key, or replaces the one of that id; on stable storage when the task ends.</summary>
    Task AddAsync(string id, string xml, CancellationToken cancel);
}
