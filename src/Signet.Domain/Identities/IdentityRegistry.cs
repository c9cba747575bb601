using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Signet.Addresses;
using Signet.Dkim;
using Signet.Names;

namespace Signet.Identities;

/// <summary>
/// The identities of accounts: making, verifying, finding and deleting them (SES Developer Guide, "Verified identities"). In
/// <c>signet dev</c> an identity is verified the moment it is asked for; otherwise an address by the link in a confirmation mail, a domain by its DNS
/// records, which <see cref="IdentityChecks"/> looks up. What a task that ended has changed is on stable storage.
/// </summary>
/// <param name="store">Where they are kept.</param>
/// <param name="options">How they are verified.</param>
/// <param name="sendConfirmation">Sends a confirmation mail; it is stored when the task ends, and its failure is the caller's.</param>
/// <param name="isPaused">No confirmation mail is sent for a paused account.</param>
/// <param name="clock">What terms are counted by.</param>
/// <param name="logger">Logs changes of status.</param>
public sealed class IdentityRegistry(
    IIdentityStore store,
    VerificationOptions options,
    SendConfirmation sendConfirmation,
    IsAccountPaused isPaused,
    TimeProvider clock,
    ILogger<IdentityRegistry> logger)
{
    /// <summary>How many identities an account may have in one region (SES Developer Guide, "Service quotas").</summary>
    public const int MaxPerRegion = 10_000;

    private const int TokenBytes = 32;

    private readonly DkimKeyMaker keyMaker = new(EasyDkimKeys.Generate, clock);

    /// <summary>For tests: generates the keys of a domain instead of <see cref="EasyDkimKeys.Generate"/>.</summary>
    internal Func<IReadOnlyList<DkimKey>> MakeKeys
    {
        init => keyMaker = new DkimKeyMaker(value, clock);
    }

    /// <summary>
    /// VerifyEmailIdentity: makes the identity or starts again; sends the confirmation mail unless the address is verified already. A
    /// mailbox gets one mail in <see cref="ConfirmationPace.Shortest"/>, whoever asks, and an account sends
    /// <see cref="AccountPace.MaxPerHour"/> an hour over all regions; a mail that could not be stored counts too.
    /// </summary>
    public async Task<VerificationStart> VerifyEmailAsync(AccountRegion owner, EmailAddress address, CancellationToken cancel)
    {
        var arn = new IdentityArn(owner, new IdentityName.OfAddress(address));
        if (!options.NeedsNoConfirmation && await isPaused(owner.Account, cancel) && await store.FindAsync(arn, cancel) is not { MaySend: true })
        {
            return new VerificationStart.AccountPaused();
        }

        var time = clock.GetUtcNow();
        if (options.NeedsNoConfirmation)
        {
            return await StartAsync(arn, now => VerificationRules.StartAddress(now, arn, atOnce: true, time), cancel);
        }

        if (await FindLimitAsync(arn, cancel) is { } limit)
        {
            return limit;
        }

        var token = ConfirmationToken.New();
        var (before, start) = await store.StartConfirmationAsync(
            arn, MailboxPace.MailboxOf(address), (now, pace, account) => Decide(now, pace, account, ConfirmationToken.HashOf(token), arn, time), cancel);
        if (start is VerificationStart.Known { Identity: var identity } && !identity.MaySend)
        {
            StatusLog.Write(logger, before, identity);
            var link = new Uri($"{options.ConfirmationUrl.AbsoluteUri.TrimEnd('/')}/{token}");
            await sendConfirmation(ConfirmationMail.For(arn, options.Hostname, link), cancel);
        }

        return start;
    }

    /// <summary>VerifyDomainIdentity: the token never changes while the identity exists.</summary>
    public Task<VerificationStart> VerifyDomainAsync(AccountRegion owner, DomainName domain, CancellationToken cancel)
    {
        var arn = ArnOf(owner, domain);
        var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(TokenBytes));
        var time = clock.GetUtcNow();
        return StartAsync(
            arn,
            now =>
            {
                var started = VerificationRules.StartDomain(now, arn, token, options.AtOnce, time);
                return options.IsVouched ? VerificationRules.Vouch(started) : started;
            },
            cancel);
    }

    /// <summary>VerifyDomainDkim: makes the identity if need be, and its three keys once.</summary>
    public async Task<VerificationStart> VerifyDkimAsync(AccountRegion owner, DomainName domain, CancellationToken cancel)
    {
        var arn = ArnOf(owner, domain);
        var time = clock.GetUtcNow();
        var made = await StartAsync(arn, now => now ?? VerificationRules.New(arn, time), cancel);
        if (made is not VerificationStart.Known)
        {
            return made;
        }

        // Keys before tokens: a token that the owner sees always has a key, whatever happens between the two writes.
        var keys = await store.GetDkimKeysAsync(arn, cancel);
        if (keys.Count == 0)
        {
            if (await keyMaker.InTurnAsync(owner.Account, make => AddKeysAsync(arn, make, cancel), cancel) is not { } added)
            {
                return new VerificationStart.KeysBusy();
            }

            keys = added;
        }

        IReadOnlyList<string> tokens = [.. keys.Select(key => key.Selector)];
        Identity? before = null;
        var after = keys.Count == 0 ? null : await store.ChangeAsync(
            arn, now => (before = now) is null ? null : VerificationRules.StartDkim(now!, tokens, options.AtOnce, time), cancel);
        if (after is null)
        {
            // Somebody deleted the identity meanwhile: this call came later, so it makes a new one.
            return await VerifyDkimAsync(owner, domain, cancel);
        }

        StatusLog.Write(logger, before, after);
        return new VerificationStart.Known(after);
    }

    /// <summary>DeleteIdentity: the right to send ends at once; a missing identity is success.</summary>
    public Task DeleteAsync(AccountRegion owner, IdentityName name, CancellationToken cancel) =>
        store.DeleteAsync(new IdentityArn(owner, name), cancel);

    /// <summary>
    /// SetIdentityDkimEnabled. A domain has its flag; so has an address that was itself verified or asked for, if it lies in a
    /// known domain; for another address of a known domain the call changes nothing. False when no identity of the owner is the
    /// domain, or is the address's domain or a parent of it.
    /// </summary>
    public async Task<bool> SetDkimEnabledAsync(AccountRegion owner, IdentityName name, bool enabled, CancellationToken cancel)
    {
        if (name is IdentityName.OfAddress && await FindDomainAsync(owner, name.Domain, cancel) is null)
        {
            return false;
        }

        var after = await store.ChangeAsync(
            new IdentityArn(owner, name), now => now is null ? null : now with { Dkim = now.Dkim with { Enabled = enabled } }, cancel);
        return after is not null || name is IdentityName.OfAddress;
    }

    /// <summary>
    /// GetIdentityDkimAttributes of one name. An address answers with the tokens and status of its nearest domain, and with its
    /// own flag if it is an identity itself; an address identity without a domain has DKIM off and not started. Null when neither
    /// the name nor, for an address, a domain of it is known.
    /// </summary>
    public async Task<DkimState?> DkimOfAsync(AccountRegion owner, IdentityName name, CancellationToken cancel)
    {
        var own = await store.FindAsync(new IdentityArn(owner, name), cancel);
        if (name is IdentityName.OfDomain)
        {
            return own?.Dkim;
        }

        return await FindDomainAsync(owner, name.Domain, cancel) is { } domain
            ? domain.Dkim with { Enabled = (own ?? domain).Dkim.Enabled }
            : own is null ? null : DkimState.NotStarted with { Enabled = false };
    }

    /// <summary>
    /// The key that mail of this sender is signed with: of its domain that is the nearest identity, the first of its keys. Null when
    /// DKIM is not verified there, or switched off for the most specific identity, address or domain, that covers From.
    /// </summary>
    public async Task<DomainKey?> FindSigningKeyAsync(SendingIdentity sender, CancellationToken cancel)
    {
        var covering = await store.FindAllForSendAsync(sender.Owner, [.. IdentityName.Covering(sender.From)], cancel);
        if (covering.FirstOrDefault(identity => identity.Arn.Name is IdentityName.OfDomain) is not { } domain
            || domain.Dkim.Status != VerificationStatus.Success
            || !covering[0].Dkim.Enabled)
        {
            return null;
        }

        return await store.GetDkimKeysAsync(domain.Arn, cancel) is [var key, ..] ? new DomainKey(domain.Arn.Name.Domain, key) : null;
    }

    /// <summary>
    /// The most specific identity of the owner that covers the address and may send, or null. A pending address identity does not
    /// hide its verified domain.
    /// </summary>
    public async Task<Identity?> FindCoveringAsync(AccountRegion owner, EmailAddress address, CancellationToken cancel) =>
        (await store.FindAllForSendAsync(owner, [.. IdentityName.Covering(address)], cancel)).FirstOrDefault(identity => identity.MaySend);

    /// <summary>
    /// Follows a confirmation link. Null for a token nobody issued, or whose identity was deleted; <c>Fresh</c> has verified the
    /// address; <c>Used</c> finds it verified by an earlier click.
    /// </summary>
    public async Task<(IdentityArn Arn, ConfirmationState State)?> ConfirmAsync(string token, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (await store.TakeConfirmationAsync(ConfirmationToken.HashOf(token), now, cancel) is not var (confirmation, state))
        {
            return null;
        }

        // A used one in its time counts too: the process may have died between taking it and verifying the address. It gives
        // nothing away, as a confirmation dies with its identity.
        if (state == ConfirmationState.Expired || now >= confirmation.ExpiresAt)
        {
            return (confirmation.Arn, state);
        }

        Identity? before = null;
        var after = await store.ChangeAsync(
            confirmation.Arn, current => (before = current) is null ? null : VerificationRules.Confirm(current!), cancel);
        if (after is null)
        {
            return null;
        }

        StatusLog.Write(logger, before, after);
        return (confirmation.Arn, state);
    }

    /// <summary>
    /// The DNS records that its owner is to publish, in the order to show them; none for an address. Those of the public keys are
    /// the operator's, in the zone <see cref="VerificationOptions.DkimZone"/>, or the owner's instead of the CNAMEs.
    /// </summary>
    public async Task<IReadOnlyList<DnsRecord>> RecordsAsync(Identity identity, CancellationToken cancel) =>
        [.. PublishedRecords.Of(identity, await store.GetDkimKeysAsync(identity.Arn, cancel), options.DkimZone).Select(r => r.Record)];

    private static IdentityArn ArnOf(AccountRegion owner, DomainName domain) => new(owner, new IdentityName.OfDomain(domain));

    /// <summary>A verified address needs no mail, and a mail that comes too soon changes nothing.</summary>
    private static (ConfirmationStart? Start, (Identity? Before, VerificationStart Start) Answer) Decide(
        Identity? now, MailboxPace pace, AccountPace account, string tokenHash, IdentityArn arn, DateTimeOffset time)
    {
        var identity = VerificationRules.StartAddress(now, arn, atOnce: false, time);
        if (identity.MaySend)
        {
            return (null, (now, new VerificationStart.Known(identity)));
        }

        if (pace.WaitAt(time) is { } wait)
        {
            return (null, (now, new VerificationStart.TooSoon(wait)));
        }

        if (account.WaitAt(time) is { } accountWait)
        {
            return (null, (now, new VerificationStart.TooSoon(accountWait, IsOfAccount: true)));
        }

        var confirmation = new Confirmation(tokenHash, arn, time + VerificationRules.AddressTerm);
        return (new ConfirmationStart(identity, confirmation, pace.NextAt(time)), (now, new VerificationStart.Known(identity)));
    }

    /// <summary>Looks again first: an earlier call for the same domain may have made them meanwhile.</summary>
    private async Task<IReadOnlyList<DkimKey>> AddKeysAsync(
        IdentityArn arn, Func<Task<IReadOnlyList<DkimKey>>> make, CancellationToken cancel)
    {
        if (await store.GetDkimKeysAsync(arn, cancel) is { Count: > 0 } made)
        {
            return made;
        }

        await store.AddDkimKeysAsync(arn, await make(), cancel);
        return await store.GetDkimKeysAsync(arn, cancel);
    }

    /// <summary>The limit is looked at before the write: callers at the same moment may pass it by one each.</summary>
    private async Task<VerificationStart?> FindLimitAsync(IdentityArn arn, CancellationToken cancel) =>
        await store.FindAsync(arn, cancel) is null && await store.CountAsync(arn.Owner, cancel) >= MaxPerRegion
            ? new VerificationStart.TooMany(MaxPerRegion)
            : null;

    private async Task<VerificationStart> StartAsync(IdentityArn arn, Func<Identity?, Identity> start, CancellationToken cancel)
    {
        if (await FindLimitAsync(arn, cancel) is { } limit)
        {
            return limit;
        }

        Identity? before = null;
        var after = (await store.ChangeAsync(arn, now => start(before = now), cancel))!;
        StatusLog.Write(logger, before, after);
        return new VerificationStart.Known(after);
    }

    /// <summary>The nearest identity among the domain and its parents, whatever its status.</summary>
    private async Task<Identity?> FindDomainAsync(AccountRegion owner, DomainName domain, CancellationToken cancel)
    {
        IReadOnlyCollection<IdentityName> names = [.. domain.SelfAndParents().Select(d => new IdentityName.OfDomain(d))];
        return await store.FindAllAsync(owner, names, cancel) is [var nearest, ..] ? nearest : null;
    }
}
