using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Dkim;
using Signet.Dns;
using Signet.Names;
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
/// <param name="duties">One node checks for all.</param>
/// <param name="clock">What is due by it.</param>
/// <param name="logger">Logs changes of status.</param>
/// <param name="dkimLost">Called for each domain whose verified DKIM keys are no longer published.</param>
public sealed class IdentityChecks(
    IIdentityStore store, IDnsLookup dns, VerificationOptions options, Duties duties, TimeProvider clock, ILogger<IdentityChecks> logger,
    Action? dkimLost = null)
    : BackgroundService
{
    private const int BatchSize = 100;
    private const int AtATime = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BackOff = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<IdentityArn, DateTimeOffset> _broken = [];
    private readonly HashSet<string> _unreadable = new(StringComparer.Ordinal);

    /// <summary>
    /// Looks up every record of the identity, due or not. Where identities are verified at once the records are looked up all the same, and
    /// no status depends on them.
    /// </summary>
    /// <param name="identity">As it was found.</param>
    /// <param name="settles">Lets the status follow, as a turn would; else nothing is stored.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<IdentityCheck> CheckAsync(Identity identity, bool settles, CancellationToken cancel) =>
        LookAsync(identity, all: true, settles, cancel);

    /// <summary>One turn: checks what is due now, several at a time, and returns how many that were.</summary>
    internal async Task<int> CheckDueAsync(CancellationToken cancel)
    {
        // What broke or cannot be read stays due, and must not fill the turn.
        var due = await store.DueAsync(clock.GetUtcNow(), BatchSize + _broken.Count + _unreadable.Count, cancel);
        foreach (var _ in due.Unreadable.Where(_unreadable.Add))
        {
            Log.IdentityUnreadable(logger);
        }

        List<Identity> turn = [.. due.Identities.Where(i => !IsResting(i)).Take(BatchSize)];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancel };
        await Parallel.ForEachAsync(turn, parallel, async (identity, stop) => await TryLookAsync(identity, stop));
        return turn.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                while (await duties.IsMineAsync(Duty.IdentityChecks, stoppingToken) && await CheckDueAsync(stoppingToken) == BatchSize)
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

    // One identity must not stop the others: it is tried again later.
    private async Task TryLookAsync(Identity identity, CancellationToken cancel)
    {
        try
        {
            await LookAsync(identity, all: false, settles: true, cancel);
            _broken.TryRemove(identity.Arn, out _);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            Log.CheckBroke(logger, identity.Arn.Owner, BackOff, e);
            _broken[identity.Arn] = clock.GetUtcNow() + BackOff;
        }
    }

    private bool IsResting(Identity identity) => _broken.TryGetValue(identity.Arn, out var until) && clock.GetUtcNow() < until;

    private async Task<IdentityCheck> LookAsync(Identity seen, bool all, bool settles, CancellationToken cancel)
    {
        IReadOnlyList<DkimKey> keys = seen.Dkim.Tokens.Count > 0 ? await store.GetDkimKeysAsync(seen.Arn, cancel) : [];
        List<ExpectedRecord> expected =
            [.. PublishedRecords.Of(seen, keys, options.DkimZone).Where(r => all || PublishedRecords.Matters(r, seen))];
        var checks = await PublishedRecords.CheckAsync(expected, dns, cancel);
        return options.AtOnce || !settles
            ? new IdentityCheck(seen, checks)
            : new IdentityCheck(await StoreResultsAsync(seen, PublishedRecords.Findings(seen, expected.Zip(checks)), cancel), checks);
    }

    private async Task<Identity?> StoreResultsAsync(Identity seen, DnsFindings findings, CancellationToken cancel)
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
            if (before is { Dkim.Status: VerificationStatus.Success } && after.Dkim.Status == VerificationStatus.TemporaryFailure)
            {
                dkimLost?.Invoke();
            }
        }

        return after;
    }

    /// <summary>False if the identity was deleted and created again while its old tokens were looked up.</summary>
    private static bool AsksForTheSame(Identity now, Identity seen) =>
        now.VerificationToken == seen.VerificationToken && now.Dkim.Tokens.SequenceEqual(seen.Dkim.Tokens);
}
