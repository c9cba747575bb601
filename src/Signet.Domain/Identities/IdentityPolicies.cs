using Signet.Names;
using Signet.Policies;

namespace Signet.Identities;

/// <summary>
/// Changes the sending-authorization policies of identities. An identity may have them before it is verified, as at SES: tools make a domain
/// and its policies in one go. They count once it is, for one that may not send gives nobody leave to send.
/// </summary>
/// <param name="identities">Where identities are kept.</param>
/// <param name="policies">Where their policies are kept.</param>
public sealed class IdentityPolicies(IIdentityStore identities, IPolicyStore policies)
{
    /// <summary>PutIdentityPolicy: stores one policy; one of that name is replaced.</summary>
    public async Task<PolicyPut> PutAsync(IdentityArn identity, PolicyName name, string text, CancellationToken cancel) =>
        !await ExistsAsync(identity, cancel) ? new PolicyPut.NoIdentity()
            : !PolicyDocument.TryParseForIdentity(text, identity, out var document, out var problem) ? new PolicyPut.Invalid(problem)
            : await policies.PutAsync(identity, name, document.CompactText, cancel) ? new PolicyPut.Stored()
            : new PolicyPut.TooMany(IPolicyStore.MaxPerIdentity);

    /// <summary>DeleteIdentityPolicy: removes one policy; a missing one is success. False when there is no such identity.</summary>
    public async Task<bool> DeleteAsync(IdentityArn identity, PolicyName name, CancellationToken cancel)
    {
        if (!await ExistsAsync(identity, cancel))
        {
            return false;
        }

        await policies.DeleteAsync(identity, name, cancel);
        return true;
    }

    /// <summary>Whether there is such an identity, so that its policies may be read and changed.</summary>
    public async Task<bool> ExistsAsync(IdentityArn identity, CancellationToken cancel) =>
        await identities.FindAsync(identity, cancel) is not null;
}

/// <summary>What became of a policy that somebody put on an identity.</summary>
public abstract record PolicyPut
{
    private PolicyPut()
    {
    }

    /// <summary>It is on stable storage.</summary>
    public sealed record Stored : PolicyPut;

    /// <summary>Nothing was stored: there is no such identity.</summary>
    public sealed record NoIdentity : PolicyPut;

    /// <summary>Nothing was stored: the text is no policy for this identity.</summary>
    /// <param name="Problem">What <see cref="PolicyDocument.TryParseForIdentity"/> says.</param>
    public sealed record Invalid(string Problem) : PolicyPut;

    /// <summary>Nothing was stored: the identity has as many policies as it may.</summary>
    /// <param name="Limit">How many it may have.</param>
    public sealed record TooMany(int Limit) : PolicyPut;
}
