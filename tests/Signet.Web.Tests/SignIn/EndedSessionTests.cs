using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Signet.Addresses;
using Signet.Archive;
using Signet.Names;
using Signet.Operators;
using Signet.Policies;
using Signet.Queue;
using Signet.Web.Accounts;
using Signet.Web.Identities;
using Signet.Web.Messages;
using Signet.Web.Operators;
using Signet.Web.Sending;
using Signet.Web.Shell;
using Signet.Web.Tests.Browser;

namespace Signet.Web.Tests.SignIn;

/// <summary>
/// What a page that is still open asks for after its session has ended, before the watch that looks every five seconds has led it away.
/// </summary>
public sealed partial class EndedSessionTests
{
    private const string Ended = "your session has ended";

    private static readonly IdentityArn Shop = new(ConsoleSystem.Owner, IdentityName.Parse("shop.test"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("everywhere")]
    [InlineData("here")]
    [InlineData("password")]
    [InlineData("role")]
    [InlineData("deleted")]
    public async Task No_desk_does_anything(string how)
    {
        await using var system = await StartAsync();
        var viewer = await system.BeginSessionAsync("ana");
        Assert.Null(await new IdentityDesk(system.Console, viewer).SetDkimEnabledAsync(Shop, true, Cancel));
        var message = await MessageAsync(system);

        await EndAsync(system, viewer, how);

        Assert.All(await AskForEverythingAsync(system, viewer, message), refusal => Assert.Equal(Ended, refusal));
        Assert.NotNull(await system.Mail.IdentityStore.FindAsync(Shop, Cancel));
        Assert.NotNull(await system.Mail.Archive.GetAsync(message.Id, Cancel));
        Assert.Equal(1, await system.Mail.Archive.CountAsync(new MessageFilter(), Cancel));
        Assert.Null(await system.Mail.Operators.FindAsync("eve", Cancel));
    }

    [Fact]
    public async Task A_session_that_goes_on_is_not_in_the_way()
    {
        await using var system = await StartAsync();
        var viewer = await system.BeginSessionAsync("ana");
        var message = await MessageAsync(system);

        Assert.DoesNotContain(Ended, await AskForEverythingAsync(system, viewer, message));
    }

    // A page that calls what a desk calls would not ask.
    [Fact]
    public void Pages_change_nothing_but_by_a_desk()
    {
        var pages = Directory.EnumerateFiles(Path.Combine(Root(), "src", "Signet.Web"), "*.razor", SearchOption.AllDirectories);

        Assert.Empty(pages.SelectMany(p => Change().Matches(File.ReadAllText(p)).Select(m => $"{Path.GetFileName(p)}: {m.Value}")));
    }

    private static async Task<List<string?>> AskForEverythingAsync(ConsoleSystem system, Viewer viewer, ArchivedMessage message)
    {
        var (console, account) = (system.Console, Shop.Owner.Account);
        var identities = new IdentityDesk(console, viewer);
        var accounts = new AccountDesk(console, viewer);
        var operators = new OperatorDesk(console, viewer);
        var queue = new QueueDesk(console, viewer);
        var messages = new MessageDesk(console, viewer, message);
        Assert.True(Mailbox.TryParse("you@example.net", out var to, out _));
        List<string?> refusals =
        [
            (await identities.BeginAsync("new.test", account.Value, "us-east-1", Cancel)).Refusal,
            await identities.BeginAsync(Shop, Cancel),
            await identities.BeginDkimAsync(Shop, Cancel),
            await identities.SetDkimEnabledAsync(Shop, false, Cancel),
            await identities.PutPolicyAsync(Shop, "p", new PolicyAnswers().WriteFor(Shop), Cancel),
            await identities.DeletePolicyAsync(Shop, PolicyName.Parse("p"), Cancel),
            (await accounts.CreateKeyAsync(new Principal(account, null), Cancel)).Refusal,
            await accounts.CreateUserAsync(account, "eve", null, Cancel),
            await accounts.PauseAsync(account, "", Cancel),
            await accounts.ResumeAsync(account, Cancel),
            (await accounts.CreateAccountAsync("", "New", Region.Default, null, Cancel)).Refusal,
            await operators.CreateAsync("eve", OperatorRole.Read, "", null, null, Cancel),
            (await messages.RetryAsync(Cancel)).Refusal,
            (await messages.HoldAsync(Cancel)).Refusal,
            (await messages.DropAsync(Cancel)).Refusal,
            (await messages.CheckLinksAsync([], Cancel)).Refusal,
            await messages.ReleaseAsync(to, Cancel),
            (await new TestMailDesk(console, viewer).SendAsync(new TestSender(Shop.Owner, EmailAddress.Parse("newsletter@shop.test")), to, Cancel)).Refusal,
        ];
        foreach (var action in QueueAction.All)
        {
            refusals.Add((await queue.RunAsync(action, new DeliveryFilter(), TimeProvider.System.GetUtcNow(), null, Cancel)).Refusal);
        }

        refusals.Add(await messages.DeleteAsync(Cancel));
        refusals.Add(await identities.DeleteAsync(Shop, Cancel));
        return refusals;
    }

    private static async Task EndAsync(ConsoleSystem system, Viewer viewer, string how)
    {
        var operators = system.Mail.Operators;
        switch (how)
        {
            case "everywhere":
                await operators.SignOutEverywhereAsync(viewer.Name, Cancel);
                break;
            case "password":
                await operators.SetPasswordAsync(viewer.Name, "staple correct horse", Cancel);
                break;
            case "role":
                await operators.ChangeAsync(viewer.Name, new OperatorChange(OperatorRole.Operate), Cancel);
                break;
            case "deleted":
                await operators.DeleteAsync(viewer.Name, Cancel);
                break;
            default:
                system.Console.LeftSessions.Add(viewer.Session!);
                break;
        }
    }

    private static async Task<ConsoleSystem> StartAsync()
    {
        var system = await ConsoleSystem.ServeAsync();
        await system.AddAccountAsync(Shop.Owner.Account);
        await system.AddOperatorAsync("root", OperatorRole.Administer);
        await system.AddOperatorAsync("ana", OperatorRole.Administer);
        await system.Mail.IdentityStore.ChangeAsync(
            Shop,
            _ => new Signet.Identities.Identity(
                Shop, Signet.Identities.VerificationStatus.Success, null, TimeProvider.System.GetUtcNow(), null, null,
                Signet.Identities.DkimState.NotStarted),
            Cancel);
        return system;
    }

    private static async Task<ArchivedMessage> MessageAsync(ConsoleSystem system) =>
        (await system.Mail.Archive.GetAsync(await system.SendAsync("An invoice"), Cancel))!;

    private static string Root([CallerFilePath] string caller = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", ".."));

    [GeneratedRegex(
        @"Domain\.(Archive\.(Delete|Reset)|QueueControl\.(Retry|Hold|Drop)|Identities\.(Verify|Delete|Set)|IdentityPolicies\.|AcceptAsync"
        + @"|Accounts\.(Create|Update|Put|Delete|Revoke|Set)|Operators\.(Create|Change(?!OwnPassword)|SetPassword|Delete))\w*|\bLinkProbe\b|\.Action\.RunAsync")]
    private static partial Regex Change();
}
