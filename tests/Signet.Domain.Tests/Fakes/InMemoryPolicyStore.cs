using System.Collections.Concurrent;
using Signet.Names;
using Signet.Policies;

namespace Signet.Tests.Fakes;

/// <summary>Policies in a dictionary.</summary>
public sealed class InMemoryPolicyStore : IPolicyStore
{
    private readonly ConcurrentDictionary<(IdentityArn Identity, PolicyName Name), string> _documents = [];

    /// <summary>Thrown by every reading, when set.</summary>
    public Exception? Failure { get; set; }

    public Task<bool> PutAsync(IdentityArn identity, PolicyName name, string document, CancellationToken cancel)
    {
        var isNew = !_documents.ContainsKey((identity, name));
        if (isNew && Of(identity).Count >= IPolicyStore.MaxPerIdentity)
        {
            return Task.FromResult(false);
        }

        _documents[(identity, name)] = document;
        return Task.FromResult(true);
    }

    public Task<IReadOnlyList<NamedPolicy>> ListAsync(IdentityArn identity, CancellationToken cancel) =>
        Failure is { } failure
            ? Task.FromException<IReadOnlyList<NamedPolicy>>(failure)
            : Task.FromResult(Of(identity));

    public Task DeleteAsync(IdentityArn identity, PolicyName name, CancellationToken cancel)
    {
        _documents.TryRemove((identity, name), out _);
        return Task.CompletedTask;
    }

    /// <summary>As when the identity is deleted.</summary>
    public void DeleteAll(IdentityArn identity)
    {
        foreach (var policy in Of(identity))
        {
            _documents.TryRemove((identity, policy.Name), out _);
        }
    }

    public IReadOnlyList<NamedPolicy> Of(IdentityArn identity) =>
    [
        .. _documents.Where(d => d.Key.Identity == identity)
            .Select(d => new NamedPolicy(d.Key.Name, d.Value))
            .OrderBy(p => p.Name.Value, StringComparer.Ordinal),
    ];
}
