using Signet.Accounts;
using Signet.Names;
using Signet.Traffic;
using Signet.Web.Shell;

namespace Signet.Web.Sending;

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
    /// What there is to show: the account asked for, else those that were made and those whose identities were used, as far as the viewer
    /// sees them; each in the region asked for, else in the server's default one, where it has settings of its own, and where its identities were used.
    /// </summary>
    /// <param name="known">Accounts that were made; <c>signet dev</c> lets others send as well.</param>
    /// <param name="busiest">Traffic by identity.</param>
    /// <param name="viewer">Who looks.</param>
    /// <param name="account">The account asked for.</param>
    /// <param name="region">The region asked for.</param>
    /// <param name="usual">The server's default region.</param>
    public static IReadOnlyList<AccountRegion> Scopes(
        IEnumerable<AccountOverview> known, IEnumerable<TrafficShare> busiest, Viewer viewer, AccountId? account, Region? region, Region usual)
    {
        var made = known.SelectMany(a => a.Settings.Select(s => s.Scope).Prepend(new AccountRegion(a.Account.Id, usual)));
        var owners = busiest.Select(s => IdentityArn.TryParse(s.Name, out var arn) ? arn.Owner : (AccountRegion?)null).OfType<AccountRegion>();
        var asked = viewer.Narrow(account) is { } one ? [new AccountRegion(one, usual)] : Array.Empty<AccountRegion>();
        return
        [
            .. made.Concat(owners).Concat(asked)
                .Where(s => viewer.Sees(s.Account) && (asked.Length == 0 || s.Account == asked[0].Account))
                .Select(s => region is { } only ? s with { Region = only } : s)
                .Distinct().OrderBy(s => s.Account.Value, StringComparer.Ordinal).ThenBy(s => s.Region.Value, StringComparer.Ordinal),
        ];
    }

    public static async Task<Usage> ReadAsync(MailSystem domain, AccountRegion scope, CancellationToken cancel)
    {
        var now = domain.Time.GetUtcNow();
        var until = new DateTimeOffset((now - Behind).UtcTicks / Minute.Ticks * Minute.Ticks, TimeSpan.Zero);
        var lastMinute = await domain.TrafficStore.ReadAsync(
            new TrafficQuery(until - Minute, until, Minute) { Account = scope.Account, Region = scope.Region }, cancel);
        return new Usage(
            scope,
            await domain.Accounts.SettingsAsync(scope, cancel),
            await domain.History.QuotaUsedAsync(scope, now, cancel),
            lastMinute.Sum(p => p.Counts.Accepted) / Minute.TotalSeconds);
    }
}
