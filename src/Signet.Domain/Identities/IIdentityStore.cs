using Signet.Dkim;
using Signet.Names;

namespace Signet.Identities;

/// <summary>Where identities are kept. What a task that ended has written is on stable storage.</summary>
public interface IIdentityStore
{
    /// <summary>The names of the server that started last on this store; null if none has.</summary>
    Task<ServerNames?> FindServerNamesAsync(CancellationToken cancel);

    Task PutServerNamesAsync(ServerNames names, CancellationToken cancel);

    Task<Identity?> FindAsync(IdentityArn arn, CancellationToken cancel);

    /// <summary>Those of the named identities that exist, in the order of <paramref name="names"/>, whatever their status.</summary>
    Task<IReadOnlyList<Identity>> FindAllAsync(AccountRegion owner, IReadOnlyCollection<IdentityName> names, CancellationToken cancel);

    /// <summary>
    /// As <see cref="FindAllAsync"/>, from memory where they have not changed. May miss what another node changed within the last second, and
    /// <see cref="Identity.NextCheckAt"/> may be an earlier one.
    /// </summary>
    Task<IReadOnlyList<Identity>> FindAllForSendAsync(AccountRegion owner, IReadOnlyCollection<IdentityName> names, CancellationToken cancel) =>
        FindAllAsync(owner, names, cancel);

    /// <summary>The identities of an account in a region by name (ordinal), after <paramref name="after"/> (exclusive), at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<Identity>> ListAsync(AccountRegion owner, IdentityKind? kind, string? after, int limit, CancellationToken cancel);

    /// <summary>How many identities the account has in the region.</summary>
    Task<int> CountAsync(AccountRegion owner, CancellationToken cancel);

    /// <summary>
    /// A page of the identities of all owners that the filter means, by account, region and name (ordinal): at most
    /// <paramref name="limit"/> after the first <paramref name="offset"/>.
    /// </summary>
    Task<IReadOnlyList<IdentityEntry>> SearchAsync(IdentityFilter filter, int offset, int limit, CancellationToken cancel);

    /// <summary>How many identities the filter means.</summary>
    Task<int> CountAsync(IdentityFilter filter, CancellationToken cancel);

    /// <summary>
    /// Reads the identity (null if there is none), lets <paramref name="change"/> decide, and writes what it returns (null
    /// changes nothing), in one transaction. Returns what is stored afterwards. <paramref name="change"/> may run more than once.
    /// </summary>
    Task<Identity?> ChangeAsync(IdentityArn arn, Func<Identity?, Identity?> change, CancellationToken cancel);

    /// <summary>Removes the identity with its policies, DKIM keys and confirmations; a missing one is success.</summary>
    Task DeleteAsync(IdentityArn arn, CancellationToken cancel);

    /// <summary>
    /// Identities whose <see cref="Identity.NextCheckAt"/> or a deadline has passed, those waiting longest first. Those that cannot be
    /// read are named apart, so that they hold up nothing else.
    /// </summary>
    Task<DueIdentities> DueAsync(DateTimeOffset now, int limit, CancellationToken cancel);

    /// <summary>
    /// Keeps the DKIM keys of a domain that has none. False, and nothing written, when it has some already (they never change, so
    /// of two callers the first wins) or is no identity.
    /// </summary>
    Task<bool> AddDkimKeysAsync(IdentityArn arn, IReadOnlyList<DkimKey> keys, CancellationToken cancel);

    /// <summary>
    /// The DKIM keys of a domain in the order of its tokens; none if it has none. May miss what another node changed within the last second.
    /// </summary>
    Task<IReadOnlyList<DkimKey>> GetDkimKeysAsync(IdentityArn arn, CancellationToken cancel);

    /// <summary>
    /// Starts to confirm an address, in one transaction: reads the identity (null if there is none) and the mails sent to its mailbox, lets
    /// <paramref name="decide"/> decide, and writes the start that it returns (null writes nothing). Concurrent calls for one mailbox run one
    /// after the other. Earlier confirmations of the same address stay valid until they expire.
    /// <paramref name="decide"/> may run more than once.
    /// </summary>
    /// <param name="arn">The address identity; its account is the one that asks.</param>
    /// <param name="mailbox"><see cref="MailboxPace.MailboxOf"/> of the address.</param>
    /// <param name="decide">Returns what to write, and the result of the call.</param>
    /// <param name="cancel">Gives up before it begins.</param>
    Task<T> StartConfirmationAsync<T>(
        IdentityArn arn,
        string mailbox,
        Func<Identity?, MailboxPace, AccountPace, (ConfirmationStart? Start, T Answer)> decide,
        CancellationToken cancel);

    /// <summary>
    /// Uses up the confirmation whose token has this hash, once: the first call on an unexpired one returns it with
    /// <see cref="ConfirmationState.Fresh"/>, later ones with <see cref="ConfirmationState.Used"/>.
    /// </summary>
    Task<(Confirmation Confirmation, ConfirmationState State)?> TakeConfirmationAsync(string tokenHash, DateTimeOffset now, CancellationToken cancel);
}

/// <summary>SES <c>IdentityType</c>; the names go on the wire.</summary>
public enum IdentityKind
{
    EmailAddress,
    Domain,
}

/// <summary>The confirmation that a link leads to.</summary>
/// <param name="TokenHash">SHA-256 of the token, lower-case hex; the token itself is only in the mail.</param>
/// <param name="Arn">The address identity.</param>
/// <param name="ExpiresAt">24 hours after it was sent.</param>
public sealed record Confirmation(string TokenHash, IdentityArn Arn, DateTimeOffset ExpiresAt);

/// <summary>All that is stored before a confirmation mail is sent.</summary>
/// <param name="Identity">As it is from now on.</param>
/// <param name="Confirmation">The confirmation.</param>
/// <param name="Pace">How long the account waits for the next mail to the mailbox.</param>
public sealed record ConfirmationStart(Identity Identity, Confirmation Confirmation, ConfirmationPace Pace);

/// <summary>What became of a confirmation when its link was followed.</summary>
public enum ConfirmationState
{
    Fresh,
    Used,
    Expired,
}
