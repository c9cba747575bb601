using Signet.Accounts;
using Signet.Addresses;
using Signet.Identities;
using Signet.Names;
using Signet.Policies;

namespace Signet.Sending.Limits;

/// <summary>
/// An account in the sandbox sends only to recipients that its own identities cover, and to the mailbox simulator (SES Developer Guide,
/// "Request production access").
/// </summary>
internal sealed class Sandbox(IdentityRegistry identities)
{
    /// <summary>A check for each recipient; none outside the sandbox.</summary>
    public async Task<IReadOnlyList<AddressCheck>> CheckAsync(
        AccountRegion caller, AccountSettings settings, IReadOnlyList<Mailbox> recipients, CancellationToken cancel)
    {
        List<AddressCheck> checks = [];
        foreach (var recipient in settings.Sandbox ? recipients : [])
        {
            checks.Add(await CheckAsync(caller, recipient, cancel));
        }

        return checks;
    }

    private async Task<AddressCheck> CheckAsync(AccountRegion caller, Mailbox recipient, CancellationToken cancel)
    {
        var check = new SenderCheck(AddressRole.Recipient, recipient, null, null, []);
        if (MailboxSimulator.Has(recipient.Address))
        {
            return check.Result(CheckOutcome.Allowed, "The sandbox allows the mailbox simulator.", null, null);
        }

        return await identities.FindCoveringAsync(caller, recipient.Address, cancel) is { } own
            ? check.Result(CheckOutcome.Allowed, "The recipient is verified, as the sandbox demands.", own.Arn, null)
            : check.Result(
                CheckOutcome.NotVerified,
                $"Account {caller.Account} is in the sandbox in {caller.Region}, and the recipient `{recipient.Address}` is not verified.",
                null,
                null);
    }
}
