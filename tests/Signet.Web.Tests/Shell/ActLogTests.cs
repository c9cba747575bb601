using System.Text.Json;
using Signet.Addresses;
using Signet.Names;
using Signet.Operators;
using Signet.Queue;
using Signet.Web.Accounts;
using Signet.Web.Identities;
using Signet.Web.Messages;
using Signet.Web.Operators;
using Signet.Web.Sending;
using Signet.Web.Shell;
using Signet.Web.Tests.Browser;
using Signet.Web.Tests.SignIn;

namespace Signet.Web.Tests.Shell;

/// <summary>Who did what on which account, and who came in: to the letter, for people and scripts look for the fields.</summary>
public sealed class ActLogTests
{
    private const string Policy = """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ses:*","Resource":"*"}}""";

    private static readonly AccountId Own = AccountId.Parse("111122223333");
    private static readonly Viewer Ann = new("ann", OperatorRole.Administer, null);
    private static readonly Viewer Reader = new("rob", OperatorRole.Read, null);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_done_to_accounts_users_and_keys_has_a_line_each()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var desk = new AccountDesk(system.Console, Ann);

        await desk.CreateAccountAsync(Own.Value, "Shop", Region.Default, null, Cancel);
        await desk.PauseAsync(Own, "spam", Cancel);
        await desk.ResumeAsync(Own, Cancel);
        await desk.CreateUserAsync(Own, "mailer", Policy, Cancel);
        var (key, _) = await desk.CreateKeyAsync(new Principal(Own, "mailer"), Cancel);
        await desk.RevokeKeyAsync(Own, key!.Id, Cancel);
        await new AccountDesk(system.Console, Reader).RevokeKeyAsync(Own, key.Id, Cancel);

        Assert.Equal(
            [
                "operator=ann, act=account-create, on=111122223333, account=111122223333, result=done",
                "operator=ann, act=account-pause, on=111122223333, account=111122223333, result=done",
                "operator=ann, act=account-resume, on=111122223333, account=111122223333, result=done",
                "operator=ann, act=user-create, on=mailer, account=111122223333, result=done",
                $"operator=ann, act=key-create, on={key.Id} of arn:aws:iam::111122223333:user/mailer, account=111122223333, result=done",
                $"operator=ann, act=key-revoke, on={key.Id}, account=111122223333, result=done",
                $"operator=rob, act=key-revoke, on={key.Id}, account=111122223333, result=refused (only administrators of the account may do this)",
            ],
            await system.Log.FindAsync("act=", 7));
        Assert.DoesNotContain(key.Secret, system.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Effect", system.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_done_to_identities_and_their_policies_has_a_line_each()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var desk = new IdentityDesk(system.Console, Ann);
        var arn = new IdentityArn(ConsoleSystem.Owner, IdentityName.Parse("shop.test"));

        await desk.BeginAsync(arn, Cancel);
        await desk.PutPolicyAsync(arn, "partner", "{", Cancel);
        await desk.SetDkimEnabledAsync(arn, enabled: true, Cancel);
        await desk.DeletePolicyAsync(arn, Policies.PolicyName.Parse("partner"), Cancel);
        await desk.DeleteAsync(arn, Cancel);

        Assert.Equal(
            ["identity-verify", "policy-put", "dkim-enable", "policy-delete", "identity-delete"],
            (await system.Log.FindAsync("act=", 5)).Select(l => l.Split("act=")[1].Split(',')[0]));
        Assert.All(await system.Log.FindAsync("act=", 5), l => Assert.Contains($"on={arn}", l, StringComparison.Ordinal));
        Assert.Contains($"act=policy-put, on={arn} partner, account=000000000000, result=refused (", system.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_done_to_the_queue_says_to_which_deliveries_and_what_came_of_it()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var desk = new QueueDesk(system.Console, Ann);
        var filter = new DeliveryFilter { Domain = DomainName.Parse("client.test"), State = DeliveryState.Deferred };

        await desk.RunAsync(QueueAction.Hold, filter, TimeProvider.System.GetUtcNow(), null, Cancel);
        await desk.RunAsync(QueueAction.Drop, new DeliveryFilter { Account = Own }, TimeProvider.System.GetUtcNow(), null, Cancel);
        await new QueueDesk(system.Console, Reader).RunAsync(QueueAction.Retry, filter, TimeProvider.System.GetUtcNow(), null, Cancel);

        Assert.Equal(
            [
                "operator=ann, act=queue-hold, on=domain client.test, state Deferred, account=all, result=0 changed, 0 pending, 0 left alone",
                "operator=ann, act=queue-drop, on=everything, account=111122223333, result=0 changed, 0 pending, 0 left alone",
                "operator=rob, act=queue-retry, on=domain client.test, state Deferred, account=all, result=refused (only operators may change the queue)",
            ],
            await system.Log.FindAsync("act=", 3));
    }

    [Fact]
    public async Task What_the_store_breaks_off_has_a_line_too()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var console = system.Console with { Domain = system.Mail with { QueueControl = new LostStore() } };
        var message = (await system.Mail.Archive.GetAsync(await system.SendAsync("Hello"), Cancel))!;

        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            new QueueDesk(console, Ann).RunAsync(QueueAction.Hold, new DeliveryFilter(), TimeProvider.System.GetUtcNow(), null, Cancel));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => new MessageDesk(console, Ann, message).HoldAsync(Cancel));

        Assert.Equal(
            [
                "operator=ann, act=queue-hold, on=everything, account=all, result=stopped because the store failed; changes already made are kept",
                $"operator=ann, act=queue-hold, on={message.Id}, account=000000000000, result=stopped because the store failed; changes already made are kept",
            ],
            await system.Log.FindAsync("act=", 2));
    }

    [Fact]
    public async Task What_is_done_to_a_message_names_it_and_a_release_names_the_copy()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var id = await system.SendAsync("A subject that is nobody's business");
        var message = (await system.Mail.Archive.GetAsync(id, Cancel))!;
        var desk = new MessageDesk(system.Console, Ann, message);
        Assert.True(Mailbox.TryParse("real@client.test", out var to, out _));

        await desk.HoldAsync(Cancel);
        await desk.ReleaseAsync(to, Cancel);
        await desk.DeleteAsync(Cancel);

        var acts = await system.Log.FindAsync("act=", 3);
        Assert.Equal($"operator=ann, act=queue-hold, on={id}, account=000000000000, result=0 changed, 0 pending, 0 left alone", acts[0]);
        Assert.Matches($"^operator=ann, act=message-release, on={id} to real@client\\.test, account=000000000000, result=done \\(as [0-9a-f-]+\\)$", acts[1]);
        Assert.Equal($"operator=ann, act=message-delete, on={id}, account=000000000000, result=done", acts[2]);
        Assert.DoesNotContain("nobody's business", system.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_done_to_operators_has_a_line_without_their_passwords()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var desk = new OperatorDesk(system.Console, Ann);

        await desk.CreateAsync("cleo", OperatorRole.Read, "", ConsoleSystem.Password, ConsoleSystem.Password, Cancel);
        await desk.ChangeAsync("cleo", OperatorRole.Operate, "", Cancel);
        await desk.SetPasswordAsync("cleo", "staple correct horse", "staple correct horse", Cancel);
        await desk.SignOutEverywhereAsync("cleo", Cancel);
        await desk.DeleteAsync("cleo", Cancel);

        Assert.Equal(
            ((string[])["create", "change", "password", "sign-out", "delete"]).Select(a => $"operator=ann, act=operator-{a}, on=cleo, account=all, result=done"),
            await system.Log.FindAsync("act=", 5));
        Assert.DoesNotContain("correct horse", system.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_in_has_a_line_with_name_and_client_and_never_a_password()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        await system.AddOperatorAsync("ana", OperatorRole.Read);
        using var browser = new PlainBrowser(system.Url);

        (await browser.SignInAsync("ana")).Dispose();
        await TryAsync(browser, "ana", "not the password");
        await TryAsync(browser, "hunter2-in-the-wrong-field", "ana");

        Assert.Equal(
            [
                "sign-in: operator=ana, method=password, client=127.0.0.1, result=done",
                "sign-in: operator=ana, method=password, client=127.0.0.1, result=refused (the name or the password is wrong)",
                "sign-in: operator=unknown, method=password, client=127.0.0.1, result=refused (the name or the password is wrong)",
            ],
            await system.Log.FindAsync("sign-in: ", 3));
        Assert.DoesNotContain("hunter2", system.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("not the password", system.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(ConsoleSystem.Password, system.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_passwords_in_a_row_end_in_a_line_that_says_that_nothing_is_tried()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        await system.AddOperatorAsync("ana", OperatorRole.Read);
        using var browser = new PlainBrowser(system.Url);

        for (var i = 0; i < 6; i++)
        {
            await TryAsync(browser, "ana", "not the password");
        }

        Assert.Single(await system.Log.FindAsync("refused (too many wrong passwords: nothing is tried now)"));
    }

    [Fact]
    public async Task Signing_out_has_a_line()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        await system.AddOperatorAsync("ana", OperatorRole.Read);
        using var browser = new PlainBrowser(system.Url);
        (await browser.SignInAsync("ana")).Dispose();

        (await browser.PostAsync("sign-out", new() { ["_handler"] = "sign-out", ["everywhere"] = "false" })).Dispose();

        Assert.Equal(["operator=ana, act=sign-out, on=ana, account=all, result=done"], await system.Log.FindAsync("act="));
    }

    [Fact]
    public async Task Dev_says_one_line_for_a_captured_mail()
    {
        await using var system = await ConsoleSystem.DevAsync();

        var id = await system.SendAsync("Hello");

        Assert.Matches(
            $"^{id}: from=app@example\\.com, to=you@example\\.net \\(captured, {system.Url}console/messages/{id}\\)$",
            Assert.Single(await system.Log.FindAsync($"{id}")));
        Assert.Single(system.Log.Lines);
    }

    [Fact]
    public async Task In_JSON_every_line_is_an_object_with_the_fields_of_the_act()
    {
        await using var system = await ConsoleSystem.DevAsync(("log-format", "json"));

        await new OperatorDesk(system.Console, Ann).DeleteAsync("\"nobody\"\n\u001b[2J", Cancel);

        await system.Log.FindAsync("operator-delete");
        using var json = JsonDocument.Parse(Assert.Single(system.Log.Lines));
        Assert.Equal(
            ("ann", "operator-delete", "\"nobody\"\n\u001b[2J", "all", 1411),
            (Text("operator"), Text("act"), Text("on"), Text("account"), json.RootElement.GetProperty("event").GetInt32()));

        string? Text(string name) => json.RootElement.GetProperty(name).GetString();
    }

    private static async Task TryAsync(PlainBrowser browser, string name, string password)
    {
        using var answer = await browser.PostAsync("sign-in", new() { ["_handler"] = "sign-in", ["name"] = name, ["password"] = password });
    }

    private sealed class LostStore : IQueueControl
    {
        public Task<QueuedDestinations> ListDestinationsAsync(DeliveryFilter filter, int limit, CancellationToken cancel) => throw Lost();

        public Task<IReadOnlyList<WaitingDelivery>> ListAsync(
            DeliveryFilter filter, DeliveryOrder order, WaitingDelivery? after, int limit, CancellationToken cancel) => throw Lost();

        public Task<QueueChange> RetryAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) => throw Lost();

        public Task<QueueChange> HoldAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) => throw Lost();

        public Task<QueueChange> DropAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) => throw Lost();

        public Task<QueueChange> RerouteAsync(
            DeliveryFilter filter, string? target, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) => throw Lost();

        private static StoreUnavailableException Lost() => new("the store is away");
    }
}
