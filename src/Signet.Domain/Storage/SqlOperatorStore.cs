using System.Data.Common;
using System.Text;
using Signet.Names;
using Signet.Operators;

namespace Signet.Storage;

/// <inheritdoc cref="IOperatorStore"/>
public sealed class SqlOperatorStore(Database database) : IOperatorStore
{
    private const string PasswordKind = "operator password";
    private const string Strangers = "";

    // The rule about the last administrator is about all operators: changes wait for each other.
    private const string AllOperators = "operators";

    private const string Select =
        "SELECT name, role, account, stamp, password_hash, created_at, last_sign_in_at FROM console_operator";

    /// <inheritdoc/>
    public Task<Operator?> FindAsync(string name, CancellationToken cancel) =>
        database.ReadAsync(session => FindAsync(session, name), cancel);

    /// <inheritdoc/>
    public async Task<(Operator Operator, string Hash)?> FindWithPasswordAsync(string name, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(
            session => session.QueryReadableAsync(
                $"{Select} WHERE name = @name AND password_hash IS NOT NULL",
                r => Tuple.Create(Read(r), r.Bytes(4)),
                ("name", name)),
            cancel);
        return rows is [var (found, hash)] ? (found, Encoding.UTF8.GetString(database.Secrets.Open(PasswordKind, name, hash))) : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Operator>> ListAsync(CancellationToken cancel) => await database.ReadAsync(ListAsync, cancel);

    /// <inheritdoc/>
    public Task<bool> AddAsync(Operator added, string? passwordHash, CancellationToken cancel) => database.WriteAsync(
        async session => await session.ExecuteAsync(
            """
            INSERT INTO console_operator (name, role, account, stamp, password_hash, created_at, last_sign_in_at)
            VALUES (@name, @role, @account, @stamp, @hash, @created, @last_sign_in)
            ON CONFLICT (name) DO NOTHING
            """,
            ("name", added.Name), ("role", added.Role), ("account", added.Account?.Value), ("stamp", added.Stamp),
            ("hash", Seal(added.Name, passwordHash)), ("created", added.CreatedAt), ("last_sign_in", added.LastSignInAt)) > 0,
        cancel);

    /// <inheritdoc/>
    public Task<OperatorOutcome<Operator>> ChangeAsync(
        string name,
        Func<Operator, IReadOnlyList<Operator>, OperatorOutcome<Operator>> change,
        string? passwordHash,
        CancellationToken cancel) => database.WriteAsync(
        async session =>
        {
            await LockAsync(session, name);
            var all = await ListAsync(session);
            if (all.FirstOrDefault(o => o.Name == name) is not { } now)
            {
                return new OperatorProblem.NoSuchOperator(name);
            }

            var outcome = change(now, all);
            if (outcome is OperatorOutcome<Operator>.Done(var changed))
            {
                await session.ExecuteAsync(
                    "UPDATE console_operator SET role = @role, account = @account, stamp = @stamp WHERE name = @name",
                    ("role", changed.Role), ("account", changed.Account?.Value), ("stamp", changed.Stamp), ("name", name));
                if (passwordHash is not null)
                {
                    await PutPasswordAsync(session, name, passwordHash);
                    await session.ExecuteAsync(
                        "UPDATE operator_sign_in SET failures = 0, failed_at = NULL, wait_until = NULL WHERE name = @name", ("name", name));
                }
            }

            return outcome;
        },
        cancel);

    /// <inheritdoc/>
    public Task<OperatorOutcome<Operator>> DeleteAsync(
        string name, Func<Operator, IReadOnlyList<Operator>, OperatorProblem?> objection, CancellationToken cancel) =>
        database.WriteAsync<OperatorOutcome<Operator>>(
            async session =>
            {
                await LockAsync(session, name);
                var all = await ListAsync(session);
                if (all.FirstOrDefault(o => o.Name == name) is not { } now)
                {
                    return new OperatorProblem.NoSuchOperator(name);
                }

                if (objection(now, all) is { } problem)
                {
                    return problem;
                }

                await session.ExecuteAllAsync(
                [
                    new("DELETE FROM operator_sign_in WHERE name = @name", ("name", name)),
                    new("DELETE FROM console_operator WHERE name = @name", ("name", name)),
                ]);
                return new OperatorOutcome<Operator>.Done(now);
            },
            cancel);

    /// <inheritdoc/>
    public Task<T> ChangeTalliesAsync<T>(
        string name,
        string client,
        DateTimeOffset now,
        Func<SignInTallies, (SignInTallies Tallies, T Result)> change,
        CancellationToken cancel) => database.WriteAsync(
        async session =>
        {
            await LockSignInsAsync(session, name);
            var (tallies, result) = change(new SignInTallies(
                await TallyAsync(session, name, client), await TallyAsync(session, name, Strangers)));
            await PutAsync(session, name, client, tallies);
            await session.ExecuteAsync(
                $"""
                DELETE FROM operator_sign_in WHERE (name, client) IN (
                    SELECT name, client FROM operator_sign_in WHERE forgotten_at <= @now {session.Dialect.SkipLocked})
                """,
                ("now", now));
            return result;
        },
        cancel);

    /// <inheritdoc/>
    public Task<Operator?> RecordSignInAsync(SignIn signIn, CancellationToken cancel) => database.WriteAsync(
        async session =>
        {
            await LockSignInsAsync(session, signIn.Name);
            var found = await session.ExecuteAsync(
                "UPDATE console_operator SET last_sign_in_at = @at WHERE name = @name AND stamp = @stamp",
                ("at", signIn.At), ("name", signIn.Name), ("stamp", signIn.Stamp));
            if (found == 0)
            {
                return null;
            }

            if (signIn.PasswordHash is { } hash)
            {
                await PutPasswordAsync(session, signIn.Name, hash);
            }

            if (signIn.Counted is var (client, tallies))
            {
                await PutAsync(session, signIn.Name, client, tallies);
            }

            return await FindAsync(session, signIn.Name);
        },
        cancel);

    // Always in this order, so that two units never wait for each other.
    private static async Task LockAsync(Session session, string name)
    {
        await session.LockAsync(AllOperators);
        await LockSignInsAsync(session, name);
    }

    private static Task LockSignInsAsync(Session session, string name) => session.LockAsync($"sign-in {name}");

    // Whose row cannot be read is nobody: they cannot sign in, and do not count as an administrator.
    private static async Task<Operator?> FindAsync(Session session, string name) =>
        (await session.QueryReadableAsync($"{Select} WHERE name = @name", Read, ("name", name))).SingleOrDefault();

    private static Task<List<Operator>> ListAsync(Session session) => session.QueryReadableAsync($"{Select} ORDER BY name", Read);

    private static async Task<SignInTally> TallyAsync(Session session, string name, string client) => await session.FindAsync(
        "SELECT failures, failed_at, wait_until, succeeded_at FROM operator_sign_in WHERE name = @name AND client = @client",
        r => new SignInTally(r.Int(0), r.TimeOrNull(1), r.TimeOrNull(2), r.TimeOrNull(3)),
        ("name", name), ("client", client)) ?? SignInTally.None;

    private static async Task PutAsync(Session session, string name, string client, SignInTallies tallies) =>
        await session.ExecuteAllAsync([Put(name, client, tallies.Client), Put(name, Strangers, tallies.Strangers)]);

    private static SqlStatement Put(string name, string client, SignInTally tally) => tally.ForgottenAt is not { } forgottenAt
        ? new SqlStatement("DELETE FROM operator_sign_in WHERE name = @name AND client = @client", ("name", name), ("client", client))
        : new SqlStatement(
            """
            INSERT INTO operator_sign_in (name, client, failures, failed_at, wait_until, succeeded_at, forgotten_at)
            VALUES (@name, @client, @failures, @failed, @wait, @succeeded, @forgotten)
            ON CONFLICT (name, client) DO UPDATE SET
                failures = excluded.failures, failed_at = excluded.failed_at, wait_until = excluded.wait_until,
                succeeded_at = excluded.succeeded_at, forgotten_at = excluded.forgotten_at
            """,
            ("name", name), ("client", client), ("failures", tally.Failures), ("failed", tally.FailedAt), ("wait", tally.WaitUntil),
            ("succeeded", tally.SucceededAt), ("forgotten", forgottenAt));

    private static Operator Read(DbDataReader row) => new(
        row.GetString(0), row.Name<OperatorRole>(1), row.TextOrNull(2) is { } account ? AccountId.Parse(account) : null, row.GetString(3),
        !row.IsDBNull(4), row.Time(5), row.TimeOrNull(6));

    private Task<int> PutPasswordAsync(Session session, string name, string hash) => session.ExecuteAsync(
        "UPDATE console_operator SET password_hash = @hash WHERE name = @name", ("hash", Seal(name, hash)), ("name", name));

    private byte[]? Seal(string name, string? hash) =>
        hash is null ? null : database.Secrets.Seal(PasswordKind, name, Encoding.UTF8.GetBytes(hash));
}
