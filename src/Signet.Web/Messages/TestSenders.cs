using Signet.Addresses;
using Signet.Identities;
using Signet.Names;
using Signet.Web.Shell;

namespace Signet.Web.Messages;

/// <summary>An address that the test mail can come from.</summary>
/// <param name="Owner">Whose verified identity covers it.</param>
/// <param name="Address">The identity itself, or an address of its domain.</param>
public sealed record TestSender(AccountRegion Owner, EmailAddress Address);

/// <summary>The senders that a viewer can choose for the test mail.</summary>
public sealed class TestSenders(ConsoleContext console, Viewer viewer)
{
    /// <summary>Senders of one account at most.</summary>
    public const int MaxListed = 100;

    /// <summary>The accounts that the viewer sees, by id.</summary>
    public async Task<IReadOnlyList<AccountId>> AccountsAsync(CancellationToken cancel)
    {
        if (viewer.Account is { } own)
        {
            return [own];
        }

        var made = (await console.Domain.Accounts.ListAccountsAsync(cancel)).Select(o => o.Account.Id);

        // In dev it is there without being made.
        IEnumerable<AccountId> implied = console.Facts.IsDev ? [ConsoleFacts.DevAccount] : [];
        return [.. implied.Union(made).OrderBy(a => a.Value, StringComparer.Ordinal)];
    }

    /// <summary>The verified identities of an account, by region and name, the first <see cref="MaxListed"/>.</summary>
    public async Task<IReadOnlyList<TestSender>> OfAsync(AccountId account, CancellationToken cancel)
    {
        if (!viewer.Sees(account))
        {
            return [];
        }

        var verified = await console.Domain.IdentityStore.SearchAsync(
            new IdentityFilter { Account = account, Status = VerificationStatus.Success }, 0, MaxListed, cancel);
        return [.. verified.Select(e => e.Identity.Arn).Where(a => console.Domain.Regions.Contains(a.Owner.Region)).Select(a => new TestSender(a.Owner, AddressOf(a.Name)))];
    }

    private static EmailAddress AddressOf(IdentityName name) => name switch
    {
        IdentityName.OfAddress address => address.Address,
        _ => new EmailAddress("newsletter", name.Domain),
    };
}
