using Signet.Accounts;
using Signet.Identities;
using Signet.Names;
using Signet.Sending;
using Signet.Web.Shell;

namespace Signet.Web.Accounts;

/// <summary>What the pages tell of accounts. Reading never makes an account, not even where any twelve digits are one.</summary>
/// <param name="accounts">Accounts, their settings, users and keys.</param>
/// <param name="identities">How many an account has.</param>
/// <param name="history">How much of a quota is used.</param>
/// <param name="usual">The region shown for an account that has no settings of its own.</param>
/// <param name="clock">Ends the 24 hours in which a quota is used.</param>
public sealed class AccountReader(
    AccountRegistry accounts, IIdentityStore identities, ISendingHistory history, Region usual, TimeProvider clock)
{
    /// <summary>Lines of the list at most: each is read piece by piece.</summary>
    public const int MaxListed = 100;

    /// <summary>The accounts that a viewer sees, by id, the first <see cref="MaxListed"/> of those that match.</summary>
    /// <param name="viewer">Who looks.</param>
    /// <param name="text">A part of the id or of the name, without regard to case; empty for all.</param>
    /// <param name="cancel">Stops reading.</param>
    public async Task<AccountListing> ListAsync(Viewer viewer, string text, CancellationToken cancel)
    {
        IReadOnlyList<AccountOverview> seen = viewer.Account is { } own
            ? await accounts.FindAccountAsync(own, cancel) is { } one ? [one] : []
            : await accounts.ListAccountsAsync(cancel);
        AccountOverview[] matching = [.. seen.Where(o =>
            o.Account.Id.Value.Contains(text, StringComparison.Ordinal) || o.Account.Name.Contains(text, StringComparison.OrdinalIgnoreCase))];
        List<AccountState> listed = [];
        foreach (var overview in matching.Take(MaxListed))
        {
            listed.Add(await StateAsync(overview, null, cancel));
        }

        return new AccountListing(listed, matching.Length, seen.Count);
    }

    /// <summary>One account with all that belongs to it; as it would begin if nobody has made or used it.</summary>
    /// <param name="id">Which.</param>
    /// <param name="region">A region to tell of beside those where the account has settings of its own; null for none.</param>
    /// <param name="cancel">Stops reading.</param>
    public async Task<AccountState> ReadAsync(AccountId id, Region? region, CancellationToken cancel) =>
        await accounts.FindAccountAsync(id, cancel) is { } overview
            ? await StateAsync(overview, region, cancel)
            : new AccountState(id, null, await RegionsAsync(id, [], region, cancel), [], []);

    private async Task<AccountState> StateAsync(AccountOverview overview, Region? region, CancellationToken cancel) => new(
        overview.Account.Id,
        overview.Account,
        await RegionsAsync(overview.Account.Id, overview.Settings, region, cancel),
        await accounts.ListUsersAsync(overview.Account.Id, cancel) is AccountOutcome<IReadOnlyList<User>>.Done users ? users.Value : [],
        await accounts.ListKeysAsync(overview.Account.Id, cancel) is AccountOutcome<IReadOnlyList<AccessKey>>.Done keys
            ? [.. keys.Value.Select(k => new KeyLine(k.Id, k.Owner, k.CreatedAt, k.RevokedAt))]
            : []);

    private async Task<IReadOnlyList<RegionState>> RegionsAsync(
        AccountId id, IReadOnlyList<(AccountRegion Scope, AccountSettings Settings)> own, Region? asked, CancellationToken cancel)
    {
        var settings = own.ToDictionary(s => s.Scope.Region, s => s.Settings);
        if (settings.Count == 0)
        {
            settings[usual] = accounts.Defaults;
        }

        if (asked is { } region)
        {
            settings.TryAdd(region, accounts.Defaults);
        }

        List<RegionState> regions = [];
        foreach (var (name, inForce) in settings.OrderBy(s => s.Key.Value, StringComparer.Ordinal))
        {
            var scope = new AccountRegion(id, name);
            var used = await history.QuotaUsedAsync(scope, clock.GetUtcNow(), cancel);
            regions.Add(new RegionState(scope, inForce, used, await identities.CountAsync(scope, cancel)));
        }

        return regions;
    }
}

/// <summary>Accounts for a list.</summary>
/// <param name="Accounts">The first of those that match.</param>
/// <param name="Matching">How many match.</param>
/// <param name="All">How many the viewer sees.</param>
public sealed record AccountListing(IReadOnlyList<AccountState> Accounts, int Matching, int All);

/// <summary>An account and what belongs to it.</summary>
/// <param name="Id">Twelve digits.</param>
/// <param name="Made">Null if nobody has made or used it.</param>
/// <param name="Regions">Where it has settings of its own, by name; else the default region alone.</param>
/// <param name="Users">By name.</param>
/// <param name="Keys">Oldest first, revoked ones too.</param>
public sealed record AccountState(
    AccountId Id, Account? Made, IReadOnlyList<RegionState> Regions, IReadOnlyList<User> Users, IReadOnlyList<KeyLine> Keys);

/// <summary>An account in one region.</summary>
/// <param name="Scope">Which.</param>
/// <param name="Settings">Those in force.</param>
/// <param name="QuotaUsed">Recipients in the last 24 hours.</param>
/// <param name="Identities">How many it has there.</param>
public sealed record RegionState(AccountRegion Scope, AccountSettings Settings, long QuotaUsed, int Identities);

/// <summary>A key without its secret, which no page but the one that made it holds.</summary>
public sealed record KeyLine(string Id, Principal Owner, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);
