using Signet.Dkim;
using Signet.Identities;
using Signet.Names;

namespace Signet.Tests.Fakes;

/// <summary>Identities in dictionaries, each method one step under a lock.</summary>
public sealed class InMemoryIdentityStore : IIdentityStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IdentityArn, Identity> _identities = [];
    private readonly Dictionary<IdentityArn, IReadOnlyList<DkimKey>> _keys = [];
    private readonly Dictionary<string, (Confirmation Confirmation, bool Used)> _confirmations = [];
    private readonly Dictionary<(string Mailbox, AccountId Account), ConfirmationPace> _paces = [];

    private ServerNames? _names;

    /// <summary>The policies that hang on identities, and go with them.</summary>
    public InMemoryPolicyStore? Policies { get; init; }

    public IReadOnlyList<IdentityArn> Arns
    {
        get
        {
            lock (_lock)
            {
                return [.. _identities.Keys];
            }
        }
    }

    /// <summary>Thrown by the next call, once; for tests of what happens when the store is away.</summary>
    public Exception? FailNext { get; set; }

    public Task<ServerNames?> FindServerNamesAsync(CancellationToken cancel) => Locked(() => _names);

    public Task PutServerNamesAsync(ServerNames names, CancellationToken cancel) => Locked(() => _names = names);

    public Task<Identity?> FindAsync(IdentityArn arn, CancellationToken cancel) => Locked(() => _identities.GetValueOrDefault(arn));

    public Task<IReadOnlyList<Identity>> FindAllAsync(AccountRegion owner, IReadOnlyCollection<IdentityName> names, CancellationToken cancel) =>
        Locked<IReadOnlyList<Identity>>(
            () => [.. names.Select(name => _identities.GetValueOrDefault(new IdentityArn(owner, name))).OfType<Identity>()]);

    public Task<IReadOnlyList<Identity>> ListAsync(AccountRegion owner, IdentityKind? kind, string? after, int limit, CancellationToken cancel) =>
        Locked<IReadOnlyList<Identity>>(
            () => [.. _identities.Values
                .Where(i => i.Arn.Owner == owner && (kind is null || kind == KindOf(i.Arn.Name)))
                .Where(i => after is null || string.CompareOrdinal(i.Arn.Name.Value, after) > 0)
                .OrderBy(i => i.Arn.Name.Value, StringComparer.Ordinal)
                .Take(limit)]);

    public Task<int> CountAsync(AccountRegion owner, CancellationToken cancel) =>
        Locked(() => _identities.Keys.Count(arn => arn.Owner == owner));

    public Task<IReadOnlyList<IdentityEntry>> SearchAsync(IdentityFilter filter, int offset, int limit, CancellationToken cancel) =>
        Locked<IReadOnlyList<IdentityEntry>>(
            () => [.. _identities.Values
                .Where(i => Means(filter, i))
                .OrderBy(i => i.Arn.Owner.Account.Value, StringComparer.Ordinal)
                .ThenBy(i => i.Arn.Owner.Region.Value, StringComparer.Ordinal)
                .ThenBy(i => i.Arn.Name.Value, StringComparer.Ordinal)
                .Skip(offset)
                .Take(limit)
                .Select(i => new IdentityEntry(i, Policies?.Of(i.Arn).Count ?? 0))]);

    public Task<int> CountAsync(IdentityFilter filter, CancellationToken cancel) =>
        Locked(() => _identities.Values.Count(i => Means(filter, i)));

    public Task<Identity?> ChangeAsync(IdentityArn arn, Func<Identity?, Identity?> change, CancellationToken cancel) =>
        Locked(() => change(_identities.GetValueOrDefault(arn)) is { } changed
            ? _identities[arn] = changed
            : _identities.GetValueOrDefault(arn));

    public Task DeleteAsync(IdentityArn arn, CancellationToken cancel) =>
        Locked(() =>
        {
            _keys.Remove(arn);
            Policies?.DeleteAll(arn);
            foreach (var hash in _confirmations.Where(c => c.Value.Confirmation.Arn == arn).Select(c => c.Key).ToList())
            {
                _confirmations.Remove(hash);
            }

            return _identities.Remove(arn);
        });

    public Task<DueIdentities> DueAsync(DateTimeOffset now, int limit, CancellationToken cancel) =>
        Locked(() => new DueIdentities([.. _identities.Values.Where(i => DueAt(i) <= now).OrderBy(DueAt).Take(limit)], []));

    public Task<bool> AddDkimKeysAsync(IdentityArn arn, IReadOnlyList<DkimKey> keys, CancellationToken cancel) =>
        Locked(() => _identities.ContainsKey(arn) && _keys.TryAdd(arn, keys));

    public Task<IReadOnlyList<DkimKey>> GetDkimKeysAsync(IdentityArn arn, CancellationToken cancel) =>
        Locked(() => _keys.GetValueOrDefault(arn) ?? []);

    public Task<T> StartConfirmationAsync<T>(
        IdentityArn arn,
        string mailbox,
        Func<Identity?, MailboxPace, AccountPace, (ConfirmationStart? Start, T Answer)> decide,
        CancellationToken cancel) =>
        Locked(() =>
        {
            var sent = _paces.Where(p => p.Key.Mailbox == mailbox).Select(p => (DateTimeOffset?)p.Value.SentAt).Max();
            var pace = new MailboxPace(_paces.GetValueOrDefault((mailbox, arn.Owner.Account)), sent);
            var account = new AccountPace([.. _paces
                .Where(p => p.Key.Account == arn.Owner.Account).Select(p => p.Value).OrderByDescending(p => p.SentAt).Take(AccountPace.MaxPerHour)]);
            var (start, answer) = decide(_identities.GetValueOrDefault(arn), pace, account);
            if (start is not null)
            {
                _identities[arn] = start.Identity;
                _confirmations[start.Confirmation.TokenHash] = (start.Confirmation, false);
                _paces[(mailbox, arn.Owner.Account)] = start.Pace;
            }

            return answer;
        });

    public Task<(Confirmation Confirmation, ConfirmationState State)?> TakeConfirmationAsync(
        string tokenHash, DateTimeOffset now, CancellationToken cancel) =>
        Locked<(Confirmation, ConfirmationState)?>(() =>
        {
            if (!_confirmations.TryGetValue(tokenHash, out var held))
            {
                return null;
            }

            if (held.Used || held.Confirmation.ExpiresAt <= now)
            {
                return (held.Confirmation, held.Used ? ConfirmationState.Used : ConfirmationState.Expired);
            }

            _confirmations[tokenHash] = (held.Confirmation, true);
            return (held.Confirmation, ConfirmationState.Fresh);
        });

    private static bool Means(IdentityFilter filter, Identity identity) =>
        (filter.Account is null || filter.Account == identity.Arn.Owner.Account)
        && (filter.Region is null || filter.Region == identity.Arn.Owner.Region)
        && (filter.Text is null || identity.Arn.Name.Value.Contains(filter.Text, StringComparison.OrdinalIgnoreCase))
        && (filter.Kind is null || filter.Kind == KindOf(identity.Arn.Name))
        && (filter.Status is null || filter.Status == identity.Status);

    private static IdentityKind KindOf(IdentityName name) =>
        name is IdentityName.OfAddress ? IdentityKind.EmailAddress : IdentityKind.Domain;

    private static DateTimeOffset? DueAt(Identity identity) =>
        new[] { identity.NextCheckAt, identity.Deadline, identity.Dkim.Deadline }.Min();

    private Task<T> Locked<T>(Func<T> step)
    {
        lock (_lock)
        {
            if (FailNext is { } failure)
            {
                FailNext = null;
                return Task.FromException<T>(failure);
            }

            return Task.FromResult(step());
        }
    }
}
