using Signet.Addresses;

namespace Signet.Names;

/// <summary>Whose settings a message is sent with: those of the identity that covers its From, in the account that let it be used.</summary>
/// <param name="Owner">The account and region of that identity: the owner's, when a delegate sends.</param>
/// <param name="From">The address in From.</param>
public sealed record SendingIdentity(AccountRegion Owner, EmailAddress From);
