using System.Collections.Concurrent;
using Signet.Names;
using Signet.Policies;

namespace Signet.Tests.Fakes;

/// <summary>Policies in a dictionary.</summary>
public sealed class InMemoryPolicyStore : IPolicyStore
{
    private readonly ConcurrentDictionary<(IdentityArn Identity, PolicyName Name), string> _documents = [];
    private readonly ConcurrentDictionary<(AccountId Account, PolicyVersion Version), string> _replaced = [];

    /// <summary>Thrown by every reading, when set.</summary>
    public Exception? Failure { get; set; }

    public Task<bool> PutAsync(IdentityArn identity, PolicyName name, string document, CancellationToken cancel)
    {
        var isNew = !_documents.ContainsKey((identity, name));
        if (isNew && Of(identity).Count >= IPolicyStore.MaxPerIdentity)
        {
            return Task.FromResult(false);
        }

        Keep(identity, name, unless: document);
        _documents[(identity, name)] = document;
        return Task.FromResult(true);
    }

    public Task<IReadOnlyList<NamedPolicy>> ListAsync(IdentityArn identity, CancellationToken cancel) =>
        Failure is { } failure
            ? Task.FromException<IReadOnlyList<NamedPolicy>>(failure)
            : Task.FromResult(Of(identity));

    public Task DeleteAsync(IdentityArn identity, PolicyName name, CancellationToken cancel)
    {
        Keep(identity, name);
        _documents.TryRemove((identity, name), out _);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<PolicyVersion, string>> FindReplacedAsync(
        AccountId account, IReadOnlyCollection<PolicyVersion> versions, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyDictionary<PolicyVersion, string>>(
            _replaced.Where(r => r.Key.Account == account && versions.Contains(r.Key.Version)).ToDictionary(r => r.Key.Version, r => r.Value));

    /// <summary>Forgets what was replaced.</summary>
    public void Forget() => _replaced.Clear();

    private void Keep(IdentityArn identity, PolicyName name, string? unless = null)
    {
        if (_documents.TryGetValue((identity, name), out var document) && document != unless)
        {
            _replaced[(identity.Owner.Account, PolicyVersion.Of(document))] = document;
        }
    }

    /// <summary>As when the identity is deleted.</summary>
    public void DeleteAll(IdentityArn identity)
    {
        foreach (var policy in Of(identity))
        {
            Keep(identity, policy.Name);
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
