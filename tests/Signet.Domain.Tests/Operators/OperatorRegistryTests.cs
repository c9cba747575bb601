using Microsoft.Extensions.Time.Testing;
using Signet.Accounts;
using Signet.Names;
using Signet.Operators;
using Signet.Tests.Fakes;

namespace Signet.Tests.Operators;

public sealed class OperatorRegistryTests
{
    private const string Password = "correct horse battery";

    private static readonly AccountId Shop = AccountId.Parse("111122223333");
    private static readonly AccountId OtherAccount = AccountId.Parse("444455556666");

    private readonly InMemoryAccountStore _accounts = new();
    private readonly InMemoryOperatorStore _store = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly OperatorRegistry _registry;

    public OperatorRegistryTests() => _registry = new OperatorRegistry(_store, _accounts, new OperatorPasswords(iterations: 1), _clock);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operator_is_made_and_found_whatever_the_case_of_its_name()
    {
        var made = await CreateAsync("Ann.Example+1@Example.COM");

        Assert.Equal("ann.example+1@example.com", made.Name);
        Assert.True(made.HasPassword);
        Assert.Equal(_clock.GetUtcNow(), made.CreatedAt);
        Assert.Null(made.LastSignInAt);
        Assert.Equal(made, await _registry.FindAsync("ANN.example+1@example.com", Cancel));
        Assert.Equal([made], await _registry.ListAsync(Cancel));
        Assert.Equal(
            "operator `ann.example+1@example.com` exists already",
            await RefusedAsync(_registry.CreateAsync("ANN.example+1@example.com", OperatorRole.Read, null, Password, Cancel)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("ann\n")]
    [InlineData("änn")]
    [InlineData("a/b")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task What_is_no_name_makes_no_operator(string name)
    {
        Assert.Equal(
            $"`{name}` is not an operator's name: 1 to 64 letters, digits and `+=,.@_-`",
            await RefusedAsync(_registry.CreateAsync(name, OperatorRole.Read, null, Password, Cancel)));
        Assert.Null(await _registry.FindAsync(name, Cancel));
    }

    [Theory]
    [InlineData("elevenchars", "a password has 12 to 256 characters")]
    [InlineData("Ann@Example.com", "a password must not be the operator's name")]
    public async Task A_bad_password_is_refused(string password, string problem)
    {
        Assert.Equal(problem, await RefusedAsync(_registry.CreateAsync("ann@example.com", OperatorRole.Read, null, password, Cancel)));
        await CreateAsync("ann@example.com");
        Assert.Equal(problem, await RefusedAsync(_registry.SetPasswordAsync("ann@example.com", password, Cancel)));
    }

    [Fact]
    public async Task A_password_has_12_to_256_characters()
    {
        await CreateAsync("a", password: new string('x', 12));
        await CreateAsync("b", password: new string('x', 256));

        Assert.Equal(
            "a password has 12 to 256 characters",
            await RefusedAsync(_registry.CreateAsync("c", OperatorRole.Read, null, new string('x', 257), Cancel)));
    }

    [Fact]
    public async Task An_operator_belongs_to_an_account_that_exists()
    {
        Assert.Equal(
            "there is no account `111122223333`", await RefusedAsync(_registry.CreateAsync("ann", OperatorRole.Read, Shop, Password, Cancel)));
        await CreateAsync("ann");
        Assert.Equal(
            "there is no account `111122223333`",
            await RefusedAsync(_registry.ChangeAsync("ann", new OperatorChange(Reach: new OperatorReach(Shop)), Cancel)));

        await _accounts.AddAccountAsync(new Account(Shop, "", _clock.GetUtcNow()), Cancel);

        Assert.Equal(Shop, (await CreateAsync("bob", account: Shop)).Account);
    }

    [Fact]
    public async Task Who_belongs_to_an_account_may_do_things_there_only()
    {
        await _accounts.AddAccountAsync(new Account(Shop, "", _clock.GetUtcNow()), Cancel);
        var (local, all) = (await CreateAsync("local", account: Shop), await CreateAsync("all", OperatorRole.Operate));

        Assert.True(local.May(OperatorRole.Administer, Shop));
        Assert.False(local.May(OperatorRole.Read, OtherAccount));
        Assert.False(local.May(OperatorRole.Read, null));
        Assert.True(all.May(OperatorRole.Read, OtherAccount));
        Assert.True(all.May(OperatorRole.Operate, null));
        Assert.False(all.May(OperatorRole.Administer, Shop));
    }

    [Fact]
    public async Task A_session_ends_with_every_change_of_role_account_or_password_and_when_told()
    {
        await _accounts.AddAccountAsync(new Account(Shop, "", _clock.GetUtcNow()), Cancel);
        await CreateAsync("admin");
        var ann = await CreateAsync("ann");

        foreach (var change in (Func<Task<OperatorOutcome<Operator>>>[])
        [
            () => _registry.ChangeAsync("ANN", new OperatorChange(Role: OperatorRole.Operate), Cancel),
            () => _registry.ChangeAsync("ANN", new OperatorChange(Reach: new OperatorReach(Shop)), Cancel),
            () => _registry.ChangeAsync("ANN", new OperatorChange(Reach: new OperatorReach(null)), Cancel),
            () => _registry.SetPasswordAsync("ANN", "another long password", Cancel),
            () => _registry.SignOutEverywhereAsync("ANN", Cancel),
        ])
        {
            Assert.Equal(ann, await _registry.FindOfSessionAsync("ann", ann.Stamp, Cancel));
            var changed = Done(await change());
            Assert.Null(await _registry.FindOfSessionAsync("ann", ann.Stamp, Cancel));
            ann = changed;
        }

        Assert.Equal((OperatorRole.Operate, (AccountId?)null), (ann.Role, ann.Account));
        await _registry.DeleteAsync("ann", Cancel);
        Assert.Null(await _registry.FindOfSessionAsync("ann", ann.Stamp, Cancel));
    }

    [Fact]
    public async Task A_change_that_changes_nothing_ends_no_session()
    {
        var ann = await CreateAsync("ann");

        Assert.Equal(ann, Done(await _registry.ChangeAsync("ann", new OperatorChange(OperatorRole.Administer, new OperatorReach(null)), Cancel)));

        Assert.Equal(ann, await _registry.FindOfSessionAsync("ann", ann.Stamp, Cancel));
    }

    [Fact]
    public async Task The_last_administrator_of_the_whole_server_stays()
    {
        const string refusal = "`ann` is the last administrator of the whole server: make another one first";
        await _accounts.AddAccountAsync(new Account(Shop, "", _clock.GetUtcNow()), Cancel);
        await CreateAsync("ann");
        await CreateAsync("local", account: Shop);
        await CreateAsync("bob", OperatorRole.Operate);

        Assert.Equal(refusal, await RefusedAsync(_registry.DeleteAsync("Ann", Cancel)));
        Assert.Equal(refusal, await RefusedAsync(_registry.ChangeAsync("ann", new OperatorChange(Role: OperatorRole.Operate), Cancel)));
        Assert.Equal(
            refusal, await RefusedAsync(_registry.ChangeAsync("ann", new OperatorChange(Reach: new OperatorReach(Shop)), Cancel)));

        Done(await _registry.ChangeAsync("bob", new OperatorChange(Role: OperatorRole.Administer), Cancel));
        Done(await _registry.DeleteAsync("ann", Cancel));
        Assert.Equal(["bob", "local"], (await _registry.ListAsync(Cancel)).Select(o => o.Name));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("no name")]
    public async Task What_is_not_there_is_not_changed(string name)
    {
        var expected = $"there is no operator `{name}`";

        Assert.Equal(expected, await RefusedAsync(_registry.ChangeAsync(name, new OperatorChange(), Cancel)));
        Assert.Equal(expected, await RefusedAsync(_registry.DeleteAsync(name, Cancel)));
        Assert.Equal(expected, await RefusedAsync(_registry.SetPasswordAsync(name, Password, Cancel)));
        Assert.Equal(expected, await RefusedAsync(_registry.SignOutEverywhereAsync(name, Cancel)));
        Assert.Null(await _registry.SignInVouchedForAsync(name, Cancel));
    }

    [Fact]
    public async Task Who_was_vouched_for_is_signed_in_without_a_password()
    {
        var made = await CreateAsync("ann@example.com", password: null);
        _clock.Advance(TimeSpan.FromDays(1));

        var signedIn = await _registry.SignInVouchedForAsync("Ann@example.com", Cancel);

        Assert.False(made.HasPassword);
        Assert.Equal(made with { LastSignInAt = _clock.GetUtcNow() }, signedIn);
    }

    private async Task<Operator> CreateAsync(
        string name, OperatorRole role = OperatorRole.Administer, AccountId? account = null, string? password = Password) =>
        Done(await _registry.CreateAsync(name, role, account, password, Cancel));

    private static Operator Done(OperatorOutcome<Operator> outcome) => Assert.IsType<OperatorOutcome<Operator>.Done>(outcome).Value;

    private static async Task<string> RefusedAsync(Task<OperatorOutcome<Operator>> outcome) =>
        Assert.IsType<OperatorOutcome<Operator>.Refused>(await outcome).Problem.Text;
}
