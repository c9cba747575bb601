using Signet.Names;

namespace Signet.Policies;

/// <summary>Where sending-authorization policies are kept, as text that was accepted when it was put.</summary>
public interface IPolicyStore
{
    /// <summary>How many policies one identity may have (SES: 20).</summary>
    const int MaxPerIdentity = 20;

    /// <summary>
    /// How many documents of an account are kept that were replaced or deleted, its users' among them: the newest. Bounds what an account
    /// that replaces policies all day takes.
    /// </summary>
    const int MaxReplaced = 1_000;

    /// <summary>
    /// Creates or replaces one policy. False, and nothing written, when it would be the 21st of its identity; the check and the
    /// write are one transaction. The document that it replaces is kept by its version.
    /// </summary>
    Task<bool> PutAsync(IdentityArn identity, PolicyName name, string document, CancellationToken cancel);

    /// <summary>All policies of the identity, by name (ordinal).</summary>
    Task<IReadOnlyList<NamedPolicy>> ListAsync(IdentityArn identity, CancellationToken cancel);

    /// <summary>
    /// As <see cref="ListAsync"/>, from memory where they have not changed. May miss what another node changed within the last second.
    /// </summary>
    Task<IReadOnlyList<NamedPolicy>> ListForSendAsync(IdentityArn identity, CancellationToken cancel) => ListAsync(identity, cancel);

    /// <summary>Removes one policy and keeps its document by its version; a missing one is success.</summary>
    Task DeleteAsync(IdentityArn identity, PolicyName name, CancellationToken cancel);

    /// <summary>
    /// Replaced or deleted policy documents of an account, of its identities and users: those of these versions that are still stored. They are
    /// kept as long as decisions may name them, but at most <see cref="MaxReplaced"/>.
    /// </summary>
    Task<IReadOnlyDictionary<PolicyVersion, string>> FindReplacedAsync(
        AccountId account, IReadOnlyCollection<PolicyVersion> versions, CancellationToken cancel);
}

/// <summary>A policy as stored.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Document">JSON without insignificant white space, as GetIdentityPolicies returns it.</param>
public sealed record NamedPolicy(PolicyName Name, string Document);
