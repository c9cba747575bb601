namespace Signet.Operators;

/// <summary>
/// Where operators are kept, their password hashes beside them, and what is remembered of attempts to sign in. Names come folded.
/// What a task that ended has changed is on stable storage, and no two changes of operators overlap, on whatever node.
/// </summary>
public interface IOperatorStore
{
    Task<Operator?> FindAsync(string name, CancellationToken cancel);

    /// <summary>An operator and the hash of its password; null if there is none, or it has no password.</summary>
    Task<(Operator Operator, string Hash)?> FindWithPasswordAsync(string name, CancellationToken cancel);

    /// <summary>All operators by name (ordinal); there are few.</summary>
    Task<IReadOnlyList<Operator>> ListAsync(CancellationToken cancel);

    /// <summary>False if there is an operator of that name already.</summary>
    /// <param name="added">The operator to add.</param>
    /// <param name="passwordHash">Null for no password.</param>
    /// <param name="cancel">Heeded until the change begins.</param>
    Task<bool> AddAsync(Operator added, string? passwordHash, CancellationToken cancel);

    /// <summary>Shows an operator, and all there are, to <paramref name="change"/>, and writes what it returns in the same transaction.</summary>
    /// <param name="name">Whose record it is; its name and the time it was made stay.</param>
    /// <param name="change">May be called again.</param>
    /// <param name="passwordHash">Replaces the password's, and ends the waits of the name; null leaves both.</param>
    /// <param name="cancel">Heeded until the change begins.</param>
    Task<OperatorOutcome<Operator>> ChangeAsync(
        string name,
        Func<Operator, IReadOnlyList<Operator>, OperatorOutcome<Operator>> change,
        string? passwordHash,
        CancellationToken cancel);

    /// <summary>Deletes an operator, with all that is remembered of its name, unless <paramref name="objection"/> has one.</summary>
    Task<OperatorOutcome<Operator>> DeleteAsync(
        string name, Func<Operator, IReadOnlyList<Operator>, OperatorProblem?> objection, CancellationToken cancel);

    /// <summary>
    /// Reads the tallies of a name, which may be nobody's, and a client, and writes what <paramref name="change"/> returns, in one
    /// transaction; forgets what has expired by <paramref name="now"/>.
    /// </summary>
    Task<T> ChangeTalliesAsync<T>(
        string name, string client, DateTimeOffset now, Func<SignInTallies, (SignInTallies Tallies, T Result)> change, CancellationToken cancel);

    /// <summary>
    /// Dates an operator's last sign-in and writes what goes with it. Null, and nothing is written, if there is no operator any more with
    /// the stamp that was looked at.
    /// </summary>
    Task<Operator?> RecordSignInAsync(SignIn signIn, CancellationToken cancel);
}

/// <summary>A sign-in that was right.</summary>
/// <param name="Name">The operator's.</param>
/// <param name="Stamp">The operator's when the password was compared.</param>
/// <param name="At">When it was.</param>
public sealed record SignIn(string Name, string Stamp, DateTimeOffset At)
{
    /// <summary>From where, and the tallies from now on; null where the password was not asked for.</summary>
    public (string Client, SignInTallies Tallies)? Counted { get; init; }

    /// <summary>The password hashed again; null if the old hash is current.</summary>
    public string? PasswordHash { get; init; }
}
