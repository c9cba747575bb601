using System.Diagnostics.CodeAnalysis;
using Signet.Names;

namespace Signet.Queue;

/// <summary>
/// Selects mail by the identity that it is sent with: the sender's address is the identity's, or in its domain or below. Without an owner, by the
/// name alone, whoever owns such an identity.
/// </summary>
/// <param name="Name">The address or domain.</param>
/// <param name="Owner">The account and region of the identity; for a delegate's mail that is not who sent it.</param>
public sealed record IdentitySelector(IdentityName Name, AccountRegion? Owner)
{
    /// <summary>Parses the ARN of an identity, or its name.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out IdentitySelector? selector)
    {
        selector = IdentityArn.TryParse(text, out var arn) ? new IdentitySelector(arn.Name, arn.Owner)
            : IdentityName.TryParse(text, out var name) ? new IdentitySelector(name, null)
            : null;
        return selector is not null;
    }

    /// <summary>Whether mail of this sender is meant; never <see cref="ServerMail"/>, which has none.</summary>
    public bool Matches(SendingIdentity? sender) => sender is not null && (Owner is not { } owner || owner == sender.Owner) && Name.Covers(sender.From);

    public override string ToString() => Owner is { } owner ? $"{new IdentityArn(owner, Name)}" : Name.Value;
}
