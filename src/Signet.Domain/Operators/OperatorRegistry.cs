using System.Net;
using System.Security.Cryptography;
using Signet.Accounts;
using Signet.Addresses;
using Signet.Names;

namespace Signet.Operators;

/// <summary>
/// Who may use the console: operators, their roles and passwords, and their signing in, over the store. What a task that ended has
/// changed is on stable storage, and its sessions end wherever they are. One operator who administers the whole server always stays,
/// once there is one. The caller checks who may change which operator (<see cref="Operator.May"/>); commands on the machine may change all.
/// </summary>
/// <param name="store">Where they are kept.</param>
/// <param name="accounts">Whether an account exists.</param>
/// <param name="passwords">Hashes and compares.</param>
/// <param name="clock">What creation, sign-ins and waits are dated by.</param>
public sealed class OperatorRegistry(IOperatorStore store, IAccountStore accounts, OperatorPasswords passwords, TimeProvider clock)
{
    /// <summary>All operators, by name.</summary>
    public Task<IReadOnlyList<Operator>> ListAsync(CancellationToken cancel) => store.ListAsync(cancel);

    /// <summary>The operator of a name, however it is written; null for none.</summary>
    public async Task<Operator?> FindAsync(string name, CancellationToken cancel) =>
        Operator.TryFoldName(name, out var folded) ? await store.FindAsync(folded, cancel) : null;

    /// <summary>The operator as it is now, whose session carries this stamp; null if the session is over.</summary>
    public async Task<Operator?> FindOfSessionAsync(string name, string stamp, CancellationToken cancel) =>
        await FindAsync(name, cancel) is { } found && found.Stamp == stamp ? found : null;

    /// <summary>Makes an operator.</summary>
    /// <param name="name">See <see cref="Operator.TryFoldName"/>.</param>
    /// <param name="role">What it may do.</param>
    /// <param name="account">All that it sees; null for the whole server.</param>
    /// <param name="password">Null for one who signs in by OpenID Connect only.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<OperatorOutcome<Operator>> CreateAsync(
        string name, OperatorRole role, AccountId? account, string? password, CancellationToken cancel)
    {
        if (!Operator.TryFoldName(name, out var folded))
        {
            return new OperatorProblem.BadName(name);
        }

        var problem = (password is null ? null : OperatorPasswords.ProblemWith(password, folded)) ?? await ProblemWithAsync(account, cancel);
        if (problem is not null)
        {
            return problem;
        }

        var hash = password is null ? null : await passwords.HashAsync(password, cancel);
        var added = new Operator(folded, role, account, NewStamp(), hash is not null, clock.GetUtcNow(), null);
        return await store.AddAsync(added, hash, cancel)
            ? new OperatorOutcome<Operator>.Done(added)
            : new OperatorProblem.OperatorExists(folded);
    }

    /// <summary>Changes role or reach. If either becomes another, all sessions end.</summary>
    public async Task<OperatorOutcome<Operator>> ChangeAsync(string name, OperatorChange change, CancellationToken cancel)
    {
        if (!Operator.TryFoldName(name, out var folded))
        {
            return new OperatorProblem.NoSuchOperator(name);
        }

        if (await ProblemWithAsync(change.Reach?.Account, cancel) is { } problem)
        {
            return problem;
        }

        var stamp = NewStamp();
        return await store.ChangeAsync(
            folded,
            (now, all) => change.ApplyTo(now) is var changed && changed == now ? new OperatorOutcome<Operator>.Done(now)
                : !changed.AdministersServer && IsLastAdministrator(now, all) ? new OperatorProblem.LastAdministrator(folded)
                : new OperatorOutcome<Operator>.Done(changed with { Stamp = stamp }),
            null,
            cancel);
    }

    /// <summary>Deletes an operator and returns what it was; all sessions end.</summary>
    public async Task<OperatorOutcome<Operator>> DeleteAsync(string name, CancellationToken cancel) =>
        Operator.TryFoldName(name, out var folded)
            ? await store.DeleteAsync(
                folded, (now, all) => IsLastAdministrator(now, all) ? new OperatorProblem.LastAdministrator(folded) : null, cancel)
            : new OperatorProblem.NoSuchOperator(name);

    /// <summary>Gives an operator a password, or another one. All sessions end, and so do the waits of the name.</summary>
    public async Task<OperatorOutcome<Operator>> SetPasswordAsync(string name, string password, CancellationToken cancel)
    {
        // Before the hash is made, which takes time.
        if (await FindAsync(name, cancel) is not { } found)
        {
            return new OperatorProblem.NoSuchOperator(name);
        }

        if (OperatorPasswords.ProblemWith(password, found.Name) is { } problem)
        {
            return problem;
        }

        var (hash, stamp) = (await passwords.HashAsync(password, cancel), NewStamp());
        return await store.ChangeAsync(
            found.Name, (now, _) => new OperatorOutcome<Operator>.Done(now with { Stamp = stamp, HasPassword = true }), hash, cancel);
    }

    /// <summary>
    /// Gives an operator another password who knows the one there is. Guessing it is slowed down as at signing in, and counts there.
    /// All sessions end.
    /// </summary>
    /// <param name="name">Who has the session in which it is asked for.</param>
    /// <param name="current">The password that is said to be the operator's.</param>
    /// <param name="next">The one to come.</param>
    /// <param name="client">See <see cref="SignInAsync"/>.</param>
    /// <param name="cancel">Stops waiting; the attempt counts as a wrong one then.</param>
    public async Task<OperatorOutcome<Operator>> ChangeOwnPasswordAsync(
        string name, string current, string next, IPAddress client, CancellationToken cancel) =>
        Operator.TryFoldName(name, out var folded) && OperatorPasswords.ProblemWith(next, folded) is { } problem
            ? problem
            : await SignInAsync(name, current, client, cancel) switch
            {
                SignInOutcome.Done => await SetPasswordAsync(name, next, cancel),
                SignInOutcome.Locked locked => new OperatorProblem.TooManyWrongPasswords(locked.Until),
                _ => new OperatorProblem.WrongPassword(),
            };

    /// <summary>Ends all sessions of an operator.</summary>
    public async Task<OperatorOutcome<Operator>> SignOutEverywhereAsync(string name, CancellationToken cancel)
    {
        if (!Operator.TryFoldName(name, out var folded))
        {
            return new OperatorProblem.NoSuchOperator(name);
        }

        var stamp = NewStamp();
        return await store.ChangeAsync(folded, (now, _) => new OperatorOutcome<Operator>.Done(now with { Stamp = stamp }), null, cancel);
    }

    /// <summary>
    /// Signs an operator in with a password. A name that nobody has takes the same time and gets the same answers as one that
    /// somebody has. For the waits see <see cref="SignInWaits"/>.
    /// </summary>
    /// <param name="name">As it was typed.</param>
    /// <param name="password">As it was typed.</param>
    /// <param name="client">Where the attempt comes from: the person's address, not that of a proxy in between.</param>
    /// <param name="cancel">Stops waiting; the attempt counts as a wrong one then.</param>
    public async Task<SignInOutcome> SignInAsync(string name, string password, IPAddress client, CancellationToken cancel)
    {
        // These can never be right: a quick answer tells nothing about who there is.
        if (!Operator.TryFoldName(name, out var folded) || password.Length > OperatorPasswords.MaxLength)
        {
            return new SignInOutcome.Wrong();
        }

        var (key, at) = (ClientNetwork.Of(client), clock.GetUtcNow());
        var wait = await store.ChangeTalliesAsync(
            folded, key, at, tallies => SignInWaits.Begin(tallies, IPAddress.IsLoopback(client), at), cancel);
        if (wait is { } until)
        {
            return new SignInOutcome.Locked(until);
        }

        var found = await store.FindWithPasswordAsync(folded, cancel);
        var match = await passwords.CompareAsync(found?.Hash, password, cancel);
        if (found is not { } known || match == PasswordMatch.Wrong)
        {
            return new SignInOutcome.Wrong();
        }

        var signIn = new SignIn(folded, known.Operator.Stamp, clock.GetUtcNow())
        {
            Counted = (key, SignInWaits.Succeed(clock.GetUtcNow())),
            PasswordHash = match == PasswordMatch.RightButHashedWeakly ? await passwords.HashAsync(password, cancel) : null,
        };
        return await store.RecordSignInAsync(signIn, cancel) is { } signedIn ? new SignInOutcome.Done(signedIn) : new SignInOutcome.Wrong();
    }

    /// <summary>
    /// Signs in an operator who was authenticated by an identity provider, and records the time; null if there is no such operator. The
    /// caller has checked that the provider may assert the name.
    /// </summary>
    public async Task<Operator?> SignInVouchedForAsync(string name, CancellationToken cancel) =>
        await FindAsync(name, cancel) is { } found
            ? await store.RecordSignInAsync(new SignIn(found.Name, found.Stamp, clock.GetUtcNow()), cancel)
            : null;

    private static bool IsLastAdministrator(Operator one, IReadOnlyList<Operator> all) =>
        one.AdministersServer && all.Count(o => o.AdministersServer) == 1;

    private async Task<OperatorProblem?> ProblemWithAsync(AccountId? account, CancellationToken cancel) =>
        account is { } id && await accounts.FindAccountAsync(id, cancel) is null ? new OperatorProblem.NoSuchAccount(id) : null;

    private static string NewStamp() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
