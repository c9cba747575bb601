using Signet.Accounts;
using Signet.Console.Shell;
using Signet.Names;
using Signet.Traffic;

namespace Signet.Console.Sending;

/// <summary>What an account in a region has used of what it may.</summary>
/// <param name="Scope">Whose.</param>
/// <param name="Settings">In force.</param>
/// <param name="Used">Recipients that count against the quota, in the last 24 hours.</param>
/// <param name="Rate">Recipients accepted per second, over the last whole minute.</param>
public sealed record Usage(AccountRegion Scope, AccountSettings Settings, long Used, double Rate)
{
    // Counts are a few seconds behind: a minute is whole only then.
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Of the quota; null when it is unlimited, or zero.</summary>
    public double? Share => Settings.Max24HourSend > 0 ? Used / Settings.Max24HourSend : null;

    /// <summary>
    /// What there is to show: of each account that the viewer sees and that is asked for, the region asked for, else the usual one and
    /// all where it has settings of its own.
    /// </summary>
    public static async Task<IReadOnlyList<AccountRegion>> ScopesAsync(
        AccountRegistry accounts, Viewer viewer, AccountId? account, Region? region, CancellationToken cancel) =>
        [.. from overview in await accounts.ListAccountsAsync(cancel)
            where viewer.Sees(overview.Account.Id) && (account is null || overview.Account.Id == account)
            from name in region is { } one ? [one] : overview.Settings.Select(s => s.Scope.Region).Prepend(Region.Default).Distinct()
            select new AccountRegion(overview.Account.Id, name)];

    public static async Task<Usage> ReadAsync(ConsoleDomain domain, AccountRegion scope, CancellationToken cancel)
    {
        var now = domain.Time.GetUtcNow();
        var until = new DateTimeOffset((now - Behind).UtcTicks / Minute.Ticks * Minute.Ticks, TimeSpan.Zero);
        var lastMinute = await domain.Traffic.ReadAsync(
            new TrafficQuery(until - Minute, until, Minute) { Account = scope.Account, Region = scope.Region }, cancel);
        return new Usage(
            scope,
            await domain.Accounts.SettingsAsync(scope, cancel),
            await domain.History.QuotaUsedAsync(scope, now, cancel),
            lastMinute.Sum(p => p.Counts.Accepted) / Minute.TotalSeconds);
    }
}
