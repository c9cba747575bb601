using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Dkim;
using Signet.Dns;
using Signet.Queue;

namespace Signet.Identities;

/// <summary>
/// Looks up the DNS records of identities when they are due, and lets terms run out. It only looks and stores;
/// <see cref="VerificationRules"/> decides. The mails in which SES tells an owner of a change are not sent, as no address of an
/// account is known here: the log tells. Where identities are verified at once its loop is not needed.
/// </summary>
/// <param name="store">Where identities are kept.</param>
/// <param name="dns">The DNS, without a cache: an owner waits for a change to be seen.</param>
/// <param name="options">How they are verified.</param>
/// <param name="clock">What is due by it.</param>
/// <param name="logger">Where changes of status are told.</param>
public sealed class IdentityChecks(
    IIdentityStore store, IDnsLookup dns, VerificationOptions options, TimeProvider clock, ILogger<IdentityChecks> logger)
    : BackgroundService
{
    private const int BatchSize = 100;
    private const int AtATime = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Looks up every record of the identity, due or not, and lets its status follow as a turn would. Where identities are verified
    /// at once the records are looked up all the same, and no status depends on them.
    /// </summary>
    public Task<IdentityCheck> CheckAsync(Identity identity, CancellationToken cancel) => LookAsync(identity, all: true, cancel);

    /// <summary>One turn: checks what is due now, several at a time, and returns how many that were.</summary>
    internal async Task<int> CheckDueAsync(CancellationToken cancel)
    {
        var due = await store.DueAsync(clock.GetUtcNow(), BatchSize, cancel);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancel };
        await Parallel.ForEachAsync(due, parallel, async (identity, stop) => await LookAsync(identity, all: false, stop));
        return due.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                while (await CheckDueAsync(stoppingToken) == BatchSize)
                {
                    // A full batch: there may be more.
                }
            }
            catch (StoreUnavailableException e)
            {
                Log.NotChecked(logger, e.Message);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // The loop must go on: what was due is due at the next turn as well.
                Log.ChecksBrokeOff(logger, e);
            }

            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    private async Task<IdentityCheck> LookAsync(Identity seen, bool all, CancellationToken cancel)
    {
        IReadOnlyList<DkimKey> keys = seen.Dkim.Tokens.Count > 0 ? await store.GetDkimKeysAsync(seen.Arn, cancel) : [];
        List<ExpectedRecord> expected =
            [.. PublishedRecords.Of(seen, keys, options.DkimZone).Where(r => all || PublishedRecords.Matters(r, seen))];
        var checks = await PublishedRecords.CheckAsync(expected, dns, cancel);
        return options.AtOnce
            ? new IdentityCheck(seen, checks)
            : new IdentityCheck(await SettleAsync(seen, PublishedRecords.Findings(seen, expected.Zip(checks)), cancel), checks);
    }

    private async Task<Identity?> SettleAsync(Identity seen, DnsFindings findings, CancellationToken cancel)
    {
        if (findings.Token == Finding.Unknown || findings.Dkim == Finding.Unknown)
        {
            Log.DnsUnknown(logger, seen.Arn.Name, seen.Arn.Owner);
        }

        Identity? before = null;
        var after = await store.ChangeAsync(
            seen.Arn,
            now => (before = now) is not null && AsksForTheSame(now!, seen) ? VerificationRules.Next(now!, findings, clock.GetUtcNow()) : null,
            cancel);
        if (after is not null)
        {
            StatusLog.Write(logger, before, after);
        }

        return after;
    }

    /// <summary>False when the identity was deleted and begun anew while the DNS was asked for its old tokens.</summary>
    private static bool AsksForTheSame(Identity now, Identity seen) =>
        now.VerificationToken == seen.VerificationToken && now.Dkim.Tokens.SequenceEqual(seen.Dkim.Tokens);
}
