using System.Net;
using Signet.Names;
using Signet.Operators;
using Signet.Web.Operators;
using Signet.Web.Shell;
using Signet.Web.Tests.Browser;

namespace Signet.Web.Tests.Operators;

/// <summary>What is refused to whom, whatever the pages show.</summary>
public sealed class OperatorDeskTests
{
    private const string Password = "correct horse battery";
    private const string NextPassword = "staple correct horse";

    private static readonly AccountId Own = AccountId.Parse("111122223333");
    private static readonly AccountId Other = AccountId.Parse("444455556666");
    private static readonly IPAddress Client = IPAddress.Parse("192.0.2.7");

    private static readonly Viewer Everybodys = new("ann", OperatorRole.Administer, null);
    private static readonly Viewer OfOne = new("bob", OperatorRole.Administer, Own);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_administrator_of_one_account_sees_and_changes_its_operators_only()
    {
        await using var system = await StartAsync();
        var desk = new OperatorDesk(system.Console, OfOne);

        Assert.Equal(["bob", "cleo"], (await desk.ListAsync(Cancel)).Select(o => o.Name));
        Assert.Null(await desk.ChangeAsync("cleo", OperatorRole.Operate, Own.Value, Cancel));
        Assert.Equal(OperatorRole.Operate, (await system.Mail.Operators.FindAsync("cleo", Cancel))!.Role);
        foreach (var name in (string[])["ann", "dora"])
        {
            var before = await system.Mail.Operators.FindAsync(name, Cancel);
            Assert.Equal($"there is no operator `{name}`", await desk.ChangeAsync(name, OperatorRole.Read, Own.Value, Cancel));
            Assert.Equal($"there is no operator `{name}`", await desk.SetPasswordAsync(name, NextPassword, NextPassword, Cancel));
            Assert.Equal($"there is no operator `{name}`", await desk.SignOutEverywhereAsync(name, Cancel));
            Assert.Equal($"there is no operator `{name}`", await desk.DeleteAsync(name, Cancel));
            Assert.Equal(before, await system.Mail.Operators.FindAsync(name, Cancel));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("444455556666")]
    public async Task An_administrator_of_one_account_gives_nobody_more_than_it(string account)
    {
        await using var system = await StartAsync();
        var desk = new OperatorDesk(system.Console, OfOne);
        var refusal = $"you may create and change operators of account `{Own}` only";

        Assert.Equal(refusal, await desk.CreateAsync("eve", OperatorRole.Administer, account, null, null, Cancel));
        Assert.Equal(refusal, await desk.ChangeAsync("bob", OperatorRole.Administer, account, Cancel));
        Assert.Null(await system.Mail.Operators.FindAsync("eve", Cancel));
        Assert.Equal(Own, (await system.Mail.Operators.FindAsync("bob", Cancel))!.Account);
    }

    [Fact]
    public async Task Who_only_operates_has_nothing_to_do_with_operators()
    {
        await using var system = await StartAsync();
        var desk = new OperatorDesk(system.Console, new Viewer("flo", OperatorRole.Operate, null));

        Assert.Empty(await desk.ListAsync(Cancel));
        Assert.Equal("only administrators may change operators", await desk.CreateAsync("eve", OperatorRole.Read, "", null, null, Cancel));
        Assert.Equal("only administrators may change operators", await desk.DeleteAsync("cleo", Cancel));
        Assert.NotNull(await system.Mail.Operators.FindAsync("cleo", Cancel));
    }

    [Fact]
    public async Task A_session_that_has_ended_lets_nobody_in()
    {
        await using var system = await StartAsync();
        var session = await system.BeginSessionAsync("ann");
        var desk = new OperatorDesk(system.Console, session);
        Assert.Null(await desk.CreateAsync("eve", OperatorRole.Read, "", null, null, Cancel));

        await system.Mail.Operators.SignOutEverywhereAsync("ann", Cancel);

        Assert.Equal("your session has ended", await desk.CreateAsync("flo", OperatorRole.Read, "", null, null, Cancel));
        Assert.Equal("your session has ended", await desk.SetPasswordAsync("cleo", NextPassword, NextPassword, Cancel));
        Assert.Equal("your session has ended", await desk.DeleteAsync("cleo", Cancel));
        Assert.Null(await system.Mail.Operators.FindAsync("flo", Cancel));
    }

    [Fact]
    public async Task The_last_administrator_is_neither_lowered_nor_deleted()
    {
        await using var system = await StartAsync();
        var desk = new OperatorDesk(system.Console, Everybodys);
        const string refusal = "`ann` is the last administrator of the whole server: make another one first";

        Assert.Equal(refusal, await desk.ChangeAsync("ann", OperatorRole.Operate, "", Cancel));
        Assert.Equal(refusal, await desk.ChangeAsync("ann", OperatorRole.Administer, Own.Value, Cancel));
        Assert.Equal(refusal, await desk.DeleteAsync("ann", Cancel));
    }

    [Fact]
    public async Task A_password_is_typed_twice_alike()
    {
        await using var system = await StartAsync();
        var desk = new OperatorDesk(system.Console, Everybodys);

        Assert.Equal("the two passwords differ", await desk.CreateAsync("eve", OperatorRole.Read, "", Password, Password + "x", Cancel));
        Assert.Null(await system.Mail.Operators.FindAsync("eve", Cancel));
        Assert.Null(await desk.CreateAsync("eve", OperatorRole.Read, "", Password, Password, Cancel));
        Assert.IsType<SignInOutcome.Done>(await system.Mail.Operators.SignInAsync("eve", Password, Client, Cancel));
    }

    [Fact]
    public async Task Ones_own_password_is_changed_by_who_knows_it()
    {
        await using var system = await StartAsync();
        var operators = system.Mail.Operators;
        await operators.SetPasswordAsync("cleo", Password, Cancel);
        var stamp = (await operators.FindAsync("cleo", Cancel))!.Stamp;

        Assert.Equal("this is not your password", Refusal(await operators.ChangeOwnPasswordAsync("cleo", "a guess that is wrong", NextPassword, Client, Cancel)));
        Assert.StartsWith("a password has ", Refusal(await operators.ChangeOwnPasswordAsync("cleo", Password, "short", Client, Cancel)), StringComparison.Ordinal);
        Assert.Equal(stamp, (await operators.FindAsync("cleo", Cancel))!.Stamp);
        Assert.IsType<OperatorOutcome<Operator>.Done>(await operators.ChangeOwnPasswordAsync("cleo", Password, NextPassword, Client, Cancel));

        Assert.NotEqual(stamp, (await operators.FindAsync("cleo", Cancel))!.Stamp);
        Assert.IsType<SignInOutcome.Done>(await operators.SignInAsync("cleo", NextPassword, Client, Cancel));
        Assert.IsType<SignInOutcome.Wrong>(await operators.SignInAsync("cleo", Password, Client, Cancel));
    }

    [Fact]
    public async Task Guessing_ones_own_password_has_to_wait_as_signing_in_has()
    {
        await using var system = await StartAsync();
        var operators = system.Mail.Operators;
        await operators.SetPasswordAsync("cleo", Password, Cancel);

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("this is not your password", Refusal(await operators.ChangeOwnPasswordAsync("cleo", $"a wrong guess {i}", NextPassword, Client, Cancel)));
        }

        Assert.StartsWith(
            "too many passwords were wrong", Refusal(await operators.ChangeOwnPasswordAsync("cleo", Password, NextPassword, Client, Cancel)), StringComparison.Ordinal);
    }

    private static string Refusal(OperatorOutcome<Operator> outcome) => Assert.IsType<OperatorOutcome<Operator>.Refused>(outcome).Problem.Text;

    // ann of the whole server, bob and cleo of one account, dora of another.
    private static async Task<ConsoleSystem> StartAsync()
    {
        var system = await ConsoleSystem.ServeAsync();
        await system.Mail.Accounts.CreateAccountAsync(Own, "Web shop", Region.Default, null, Cancel);
        await system.Mail.Accounts.CreateAccountAsync(Other, "Newsletter", Region.Default, null, Cancel);
        await system.Mail.Operators.CreateAsync("ann", OperatorRole.Administer, null, null, Cancel);
        await system.Mail.Operators.CreateAsync("bob", OperatorRole.Administer, Own, null, Cancel);
        await system.Mail.Operators.CreateAsync("cleo", OperatorRole.Read, Own, null, Cancel);
        await system.Mail.Operators.CreateAsync("dora", OperatorRole.Administer, Other, null, Cancel);
        return system;
    }
}
