namespace Signet.Names;

/// <summary>What owns identities, policies, quotas and statistics: an account in one region.</summary>
public readonly record struct AccountRegion(AccountId Account, Region Region)
{
    public override string ToString() => $"{Account}/{Region}";
}
