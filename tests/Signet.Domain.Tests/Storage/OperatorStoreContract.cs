using Signet.Operators;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

public abstract class OperatorStoreContract(TestStore? store) : StoreContract(store)
{
    private const string Client = "192.0.2.1";

    protected static readonly Operator Ann = new("ann@example.com", OperatorRole.Administer, null, "stamp-1", true, Noon, null);
    protected static readonly Operator Bob = new("bob", OperatorRole.Read, Owner.Account, "stamp-2", false, Noon.AddDays(1), null);

    private static readonly SignInTally Wrong = new(3, Noon, Noon.AddMinutes(1), Noon.AddDays(-1));

    protected virtual IOperatorStore Operators => new SqlOperatorStore(Database);

    [Fact]
    public async Task An_operator_is_added_once()
    {
        Assert.True(await Operators.AddAsync(Bob, null, Cancel));
        Assert.True(await Operators.AddAsync(Ann, "hash", Cancel));
        Assert.False(await Operators.AddAsync(Ann with { Role = OperatorRole.Read }, "other", Cancel));

        Assert.Equal(Ann, await Operators.FindAsync(Ann.Name, Cancel));
        Assert.Equal([Ann, Bob], await Operators.ListAsync(Cancel));
        Assert.Equal((Ann, "hash"), await Operators.FindWithPasswordAsync(Ann.Name, Cancel));
        Assert.Null(await Operators.FindWithPasswordAsync(Bob.Name, Cancel));
        Assert.Null(await Operators.FindAsync("nobody", Cancel));
        Assert.Null(await Operators.FindWithPasswordAsync("nobody", Cancel));
    }

    [Fact]
    public async Task A_change_sees_all_operators_and_keeps_name_and_birth()
    {
        await Operators.AddAsync(Ann, "hash", Cancel);
        await Operators.AddAsync(Bob, null, Cancel);

        var changed = Bob with { Role = OperatorRole.Operate, Account = null, Stamp = "stamp-3" };
        var outcome = await Operators.ChangeAsync(
            Bob.Name,
            (now, all) =>
            {
                Assert.Equal(Bob, now);
                Assert.Equal([Ann, Bob], all);
                return new OperatorOutcome<Operator>.Done(changed);
            },
            null,
            Cancel);

        Assert.Equal(new OperatorOutcome<Operator>.Done(changed), outcome);
        Assert.Equal([Ann, changed], await Operators.ListAsync(Cancel));
        Assert.Equal("hash", (await Operators.FindWithPasswordAsync(Ann.Name, Cancel))?.Hash);
    }

    [Fact]
    public async Task A_change_that_is_refused_writes_nothing()
    {
        await Operators.AddAsync(Ann, "hash", Cancel);
        var problem = new OperatorProblem.LastAdministrator(Ann.Name);

        Assert.Equal(
            new OperatorOutcome<Operator>.Refused(problem), await Operators.ChangeAsync(Ann.Name, (_, _) => problem, "other", Cancel));
        Assert.Equal(new OperatorOutcome<Operator>.Refused(problem), await Operators.DeleteAsync(Ann.Name, (_, _) => problem, Cancel));
        Assert.Equal(
            new OperatorOutcome<Operator>.Refused(new OperatorProblem.NoSuchOperator("nobody")),
            await Operators.DeleteAsync("nobody", (_, _) => null, Cancel));

        Assert.Equal((Ann, "hash"), await Operators.FindWithPasswordAsync(Ann.Name, Cancel));
    }

    [Fact]
    public async Task Of_many_who_lower_each_other_at_once_one_stays()
    {
        var names = Enumerable.Range(0, 8).Select(i => $"operator-{i}").ToList();
        foreach (var name in names)
        {
            await Operators.AddAsync(Ann with { Name = name }, null, Cancel);
        }

        await Task.WhenAll(names.Select((name, i) => i % 2 == 0
            ? Operators.DeleteAsync(name, (_, all) => OnlyOne(all, name), Cancel)
            : Operators.ChangeAsync(
                name,
                (now, all) => OnlyOne(all, name) is { } problem ? problem
                    : new OperatorOutcome<Operator>.Done(now with { Role = OperatorRole.Read }),
                null,
                Cancel)));

        Assert.Single(await Operators.ListAsync(Cancel), o => o.AdministersServer);
    }

    [Fact]
    public async Task A_new_password_ends_the_waits_of_its_name_and_leaves_known_clients_known()
    {
        await Operators.AddAsync(Bob, null, Cancel);
        await SetTalliesAsync(Bob.Name, Wrong, Wrong);
        await SetTalliesAsync(Ann.Name, Wrong, Wrong);

        await Operators.ChangeAsync(
            Bob.Name, (now, _) => new OperatorOutcome<Operator>.Done(now with { HasPassword = true }), "hash", Cancel);

        Assert.Equal((Bob with { HasPassword = true }, "hash"), await Operators.FindWithPasswordAsync(Bob.Name, Cancel));
        var calm = SignInTally.None with { SucceededAt = Wrong.SucceededAt };
        Assert.Equal(new SignInTallies(calm, calm), await TalliesAsync(Bob.Name, Client));
        Assert.Equal(new SignInTallies(Wrong, Wrong), await TalliesAsync(Ann.Name, Client));
    }

    [Fact]
    public async Task A_change_without_a_password_leaves_the_waits()
    {
        await Operators.AddAsync(Bob, null, Cancel);
        await SetTalliesAsync(Bob.Name, Wrong, Wrong);

        await Operators.ChangeAsync(Bob.Name, (now, _) => new OperatorOutcome<Operator>.Done(now with { Stamp = "new" }), null, Cancel);

        Assert.Equal(new SignInTallies(Wrong, Wrong), await TalliesAsync(Bob.Name, Client));
    }

    [Fact]
    public async Task Who_is_deleted_leaves_nothing_behind()
    {
        await Operators.AddAsync(Ann, "hash", Cancel);
        await Operators.AddAsync(Bob, null, Cancel);
        await SetTalliesAsync(Ann.Name, Wrong, Wrong);

        Assert.Equal(new OperatorOutcome<Operator>.Done(Ann), await Operators.DeleteAsync(Ann.Name, (_, _) => null, Cancel));

        Assert.Equal([Bob], await Operators.ListAsync(Cancel));
        Assert.Equal(new SignInTallies(SignInTally.None, SignInTally.None), await TalliesAsync(Ann.Name, Client));
    }

    [Fact]
    public async Task Tallies_are_of_one_client_and_of_the_name()
    {
        await SetTalliesAsync(Ann.Name, Wrong, Wrong with { Failures = 7, SucceededAt = null });

        Assert.Equal(new SignInTallies(Wrong, Wrong with { Failures = 7, SucceededAt = null }), await TalliesAsync(Ann.Name, Client));
        Assert.Equal(
            new SignInTallies(SignInTally.None, Wrong with { Failures = 7, SucceededAt = null }), await TalliesAsync(Ann.Name, "192.0.2.2"));
        Assert.Equal(new SignInTallies(SignInTally.None, SignInTally.None), await TalliesAsync("nobody", Client));
    }

    [Fact]
    public async Task No_attempt_is_lost_when_many_come_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Operators.ChangeTalliesAsync(
            Ann.Name,
            $"192.0.2.{i % 4}",
            Noon,
            t => (new SignInTallies(More(t.Client), More(t.Strangers)), 0),
            Cancel)));

        var tallies = await TalliesAsync(Ann.Name, "192.0.2.3");
        Assert.Equal((5, 20), (tallies.Client.Failures, tallies.Strangers.Failures));
    }

    [Fact]
    public async Task Old_tallies_are_forgotten()
    {
        await SetTalliesAsync("old", Wrong with { SucceededAt = null }, SignInTally.None);
        await SetTalliesAsync("known", Wrong, SignInTally.None);

        await Operators.ChangeTalliesAsync("another", Client, Noon.AddDays(1), t => (t, 0), Cancel);

        Assert.Equal(SignInTally.None, (await TalliesAsync("old", Client)).Client);
        Assert.Equal(Wrong, (await TalliesAsync("known", Client)).Client);
    }

    [Fact]
    public async Task A_sign_in_is_dated_and_what_goes_with_it_is_written()
    {
        await Operators.AddAsync(Ann, "hash", Cancel);
        await SetTalliesAsync(Ann.Name, Wrong, Wrong);
        var after = new SignInTallies(SignInTally.None with { SucceededAt = Noon }, SignInTally.None);

        var signedIn = await Operators.RecordSignInAsync(
            new SignIn(Ann.Name, Ann.Stamp, Noon) { Counted = (Client, after), PasswordHash = "stronger" }, Cancel);

        Assert.Equal(Ann with { LastSignInAt = Noon }, signedIn);
        Assert.Equal((Ann with { LastSignInAt = Noon }, "stronger"), await Operators.FindWithPasswordAsync(Ann.Name, Cancel));
        Assert.Equal(after, await TalliesAsync(Ann.Name, Client));
    }

    [Fact]
    public async Task Who_was_changed_while_signing_in_is_not_signed_in()
    {
        await Operators.AddAsync(Ann, "hash", Cancel);
        await SetTalliesAsync(Ann.Name, Wrong, Wrong);

        var signIn = new SignIn(Ann.Name, "another stamp", Noon)
        {
            Counted = (Client, new SignInTallies(SignInTally.None, SignInTally.None)),
            PasswordHash = "stronger",
        };

        Assert.Null(await Operators.RecordSignInAsync(signIn, Cancel));
        Assert.Null(await Operators.RecordSignInAsync(signIn with { Name = "nobody" }, Cancel));
        Assert.Equal((Ann, "hash"), await Operators.FindWithPasswordAsync(Ann.Name, Cancel));
        Assert.Equal(new SignInTallies(Wrong, Wrong), await TalliesAsync(Ann.Name, Client));
    }

    private static OperatorProblem.LastAdministrator? OnlyOne(IReadOnlyList<Operator> all, string name) =>
        all.Count(o => o.AdministersServer) == 1 ? new OperatorProblem.LastAdministrator(name) : null;

    private static SignInTally More(SignInTally tally) => tally with { Failures = tally.Failures + 1, FailedAt = Noon };

    private Task<int> SetTalliesAsync(string name, SignInTally client, SignInTally strangers) =>
        Operators.ChangeTalliesAsync(name, Client, Noon, _ => (new SignInTallies(client, strangers), 0), Cancel);

    private Task<SignInTallies> TalliesAsync(string name, string client) =>
        Operators.ChangeTalliesAsync(name, client, Noon, t => (t, t), Cancel);
}
