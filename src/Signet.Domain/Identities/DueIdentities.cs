namespace Signet.Identities;

/// <summary>What is due to be checked.</summary>
/// <param name="Identities">Those waiting longest first.</param>
/// <param name="Unreadable">Domains and addresses whose rows make no sense to this program, as they are stored.</param>
public sealed record DueIdentities(IReadOnlyList<Identity> Identities, IReadOnlyList<string> Unreadable);
