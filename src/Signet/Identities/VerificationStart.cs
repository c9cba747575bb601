namespace Signet.Identities;

/// <summary>What became of a call that asks to verify an identity.</summary>
public abstract record VerificationStart
{
    private VerificationStart()
    {
    }

    /// <summary>The identity is on stable storage; its status says how far it is.</summary>
    public sealed record Known(Identity Identity) : VerificationStart;

    /// <summary>
    /// Nothing was made: the account has as many identities in the region as it may. SES does not document its answer; ours is
    /// <c>LimitExceeded</c> where an API has it.
    /// </summary>
    /// <param name="Limit">How many it may have.</param>
    public sealed record TooMany(int Limit) : VerificationStart;

    /// <summary>Nothing was made and nobody was mailed: the server's operator has paused the account.</summary>
    public sealed record AccountPaused : VerificationStart;
}
