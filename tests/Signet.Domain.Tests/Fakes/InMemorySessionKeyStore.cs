using System.Collections.Concurrent;
using Signet.Operators;

namespace Signet.Tests.Fakes;

/// <summary>Session keys in a dictionary.</summary>
public sealed class InMemorySessionKeyStore : ISessionKeyStore
{
    private readonly ConcurrentDictionary<string, string> _keys = new(StringComparer.Ordinal);

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<string>>([.. _keys.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => k.Value)]);

    public Task AddAsync(string id, string xml, CancellationToken cancel)
    {
        _keys[id] = xml;
        return Task.CompletedTask;
    }
}
