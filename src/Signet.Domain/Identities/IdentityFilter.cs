using Signet.Names;

namespace Signet.Identities;

/// <summary>Which identities are meant, of all accounts and regions; what is null is not asked for.</summary>
public sealed record IdentityFilter
{
    public AccountId? Account { get; init; }

    public Region? Region { get; init; }

    /// <summary>A part of the name, without case.</summary>
    public string? Text { get; init; }

    public IdentityKind? Kind { get; init; }

    public VerificationStatus? Status { get; init; }
}

/// <summary>An identity as a list of many shows it.</summary>
/// <param name="Identity">As stored.</param>
/// <param name="PolicyCount">How many sending-authorization policies hang on it.</param>
public sealed record IdentityEntry(Identity Identity, int PolicyCount);
