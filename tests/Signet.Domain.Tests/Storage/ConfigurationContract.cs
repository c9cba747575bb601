using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Accounts;
using Signet.Addresses;
using Signet.Archive;
using Signet.Dkim;
using Signet.Identities;
using Signet.Names;
using Signet.Policies;
using Signet.Queue;
using Signet.Sending;
using Signet.Storage;
using Signet.Telemetry;
using Signet.Tests.Sending;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

/// <summary>What a send reads is kept by version: two nodes over one store, or a server and a command beside it.</summary>
public abstract class ConfigurationContract(TestStore store) : IAsyncLifetime
{
    private const string KeyId = "AKIA0000000000000001";
    private const string UserName = "mailer";

    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(500);
    private static readonly IdentityArn Domain = new(Owner, IdentityName.Parse("example.com"));
    private static readonly IdentityArn Missing = new(Owner, IdentityName.Parse("news@example.com"));
    private static readonly PolicyName Policy = PolicyName.Parse("p");

    private readonly FakeTimeProvider _time = new(Noon);
    private Database _here = null!;
    private Database _there = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Whatever changes the configuration, by name.</summary>
    public static TheoryData<string> Changes => [.. AllChanges.Keys];

    /// <summary>Statements by which somebody changes it by hand.</summary>
    public static TheoryData<string> Statements =>
    [
        "UPDATE account SET paused_at = 1", "UPDATE account SET name = 'x'", "DELETE FROM account",
        "UPDATE account_settings SET max_send_rate = 99", "DELETE FROM account_settings",
        "UPDATE account_user SET created_at = 99", "DELETE FROM account_user",
        "UPDATE user_policy SET document = '99'", "DELETE FROM user_policy",
        "UPDATE access_key SET revoked_at = 99", "DELETE FROM access_key",
        "UPDATE identity SET status = 'Failed'", "UPDATE identity SET dkim_enabled = 0", "UPDATE identity SET verification_token = 'x'",
        "DELETE FROM identity",
        "UPDATE identity_policy SET document = '99'", "DELETE FROM identity_policy",
        "UPDATE dkim_key SET selector = 'x' WHERE position = 0", "DELETE FROM dkim_key",
    ];

    private static Dictionary<string, Func<Database, Task>> AllChanges { get; } = new()
    {
        ["a key is revoked"] = d => Accounts(d).RevokeKeyAsync(KeyId, Noon, Cancel),
        ["a key is made"] = d => Accounts(d).AddKeyAsync(new AccessKey("AKIA0000000000000002", new Principal(Owner.Account, null), "s", Noon, null), Cancel),
        ["an account is paused"] = d => Accounts(d).SetPauseAsync(Owner.Account, new AccountPause(Noon, ""), Cancel),
        ["settings change"] = d => Accounts(d).ChangeSettingsAsync(Owner, s => s! with { SendingEnabled = false }, Cancel),
        ["a user's policy is replaced"] = d => Accounts(d).PutUserPolicyAsync(Owner.Account, UserName, new NamedPolicy(Policy, "2"), Cancel),
        ["a user's policy is deleted"] = d => Accounts(d).DeleteUserPolicyAsync(Owner.Account, UserName, Policy, Cancel),
        ["an identity is made"] = d => Identities(d).ChangeAsync(Missing, _ => Verified(Missing), Cancel),
        ["an identity's status changes"] = d => Identities(d).ChangeAsync(Domain, i => i! with { Status = VerificationStatus.Failed }, Cancel),
        ["an identity is deleted"] = d => Identities(d).DeleteAsync(Domain, Cancel),
        ["an identity's policy is replaced"] = d => Policies(d).PutAsync(Domain, Policy, "2", Cancel),
        ["an identity's policy is deleted"] = d => Policies(d).DeleteAsync(Domain, Policy, Cancel),
        ["an account is reset"] = d => new SqlMessageArchive(d).ResetAsync(Owner.Account, Cancel),
        ["everything is reset"] = d => new SqlMessageArchive(d).ResetAsync(null, Cancel),
    };

    /// <summary>How often the store is read for a message whose configuration is kept, of a user and with a DKIM key.</summary>
    protected abstract int ReadsOfASend { get; }

    private protected Database Here => _here;

    private protected FakeTimeProvider Time => _time;

    public async ValueTask InitializeAsync()
    {
        var options = new DatabaseOptions { Time = _time };
        _here = await store.OpenAsync(options, Cancel);
        _there = await store.OpenAsync(options, Cancel);
        await Accounts(_here).AddAccountAsync(new Account(Owner.Account, "", Noon), Cancel);
        await Accounts(_here).ChangeSettingsAsync(Owner, _ => AccountSettings.Production, Cancel);
        await Accounts(_here).AddUserAsync(new User(Owner.Account, UserName, Noon), [new NamedPolicy(Policy, "1")], Cancel);
        await Accounts(_here).AddKeyAsync(new AccessKey(KeyId, new Principal(Owner.Account, UserName), "secret", Noon, null), Cancel);
        await Identities(_here).ChangeAsync(Domain, _ => Verified(Domain), Cancel);
        await Identities(_here).AddDkimKeysAsync(Domain, [new DkimKey("a", [1], [2]), new DkimKey("b", [1], [2])], Cancel);
        await Policies(_here).PutAsync(Domain, Policy, "1", Cancel);
        _time.Advance(Freshness);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _here.DisposeAsync();
        await _there.DisposeAsync();
        await store.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_change_is_seen_at_once_where_it_was_made_and_within_half_a_second_elsewhere(string name)
    {
        var before = await FactsAsync(_here);
        Assert.Equal(before, await FactsAsync(_there));

        await AllChanges[name](_there);

        var after = await FactsAsync(_there);
        Assert.NotEqual(before, after);
        _time.Advance(Freshness);
        Assert.Equal(after, await FactsAsync(_here));
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task A_change_by_hand_counts_too_unless_it_changes_nothing(string sql)
    {
        var before = await VersionAsync();

        Assert.NotEqual(0, await _there.WriteAsync(s => s.ExecuteAsync(sql), Cancel));
        var after = await VersionAsync();
        Assert.NotEqual(before, after);

        await _there.WriteAsync(s => s.ExecuteAsync(sql), Cancel);
        Assert.Equal(after, await VersionAsync());
    }

    [Fact]
    public async Task What_does_not_change_what_a_send_reads_leaves_the_version()
    {
        var before = await VersionAsync();
        var queue = new SqlMessageQueue(_here);
        var message = Message(Noon);

        await queue.EnqueueAsync(message, 1_000, "n", Cancel);
        await queue.StoreResultsAsync("n", [Delivered(message.Id, 0, Noon)], Cancel);
        await queue.ClaimAsync("n", new ClaimRequest(Noon, 10), Cancel);
        await Accounts(_here).AddAccountAsync(new Account(Owner.Account, "", Noon), Cancel);
        await Accounts(_here).ChangeSettingsAsync(Owner, s => s!, Cancel);
        await Policies(_here).PutAsync(Domain, Policy, "1", Cancel);

        // As the background checks do with a domain whose records are still there.
        await Identities(_here).ChangeAsync(Domain, i => i! with { NextCheckAt = Noon.AddHours(1) }, Cancel);
        Assert.Equal(Noon.AddHours(1), (await Identities(_here).FindAsync(Domain, Cancel))!.NextCheckAt);

        Assert.Equal(before, await VersionAsync());
        await queue.DisposeAsync();
    }

    [Fact]
    public async Task What_is_read_while_it_changes_is_not_kept_for_longer_than_the_version()
    {
        var reads = 0;
        _here.BeforeRead = async () =>
        {
            // Between the version and the policies.
            if (++reads == 2)
            {
                await Policies(_there).PutAsync(Domain, Policy, "2", Cancel);
            }
        };
        await Policies(_here).ListForSendAsync(Domain, Cancel);
        _here.BeforeRead = null;
        await Policies(_there).PutAsync(Domain, Policy, "3", Cancel);
        _time.Advance(Freshness);

        Assert.Equal(["3"], (await Policies(_here).ListForSendAsync(Domain, Cancel)).Select(p => p.Document));
    }

    [Fact]
    public async Task Keys_that_are_not_there_are_not_kept()
    {
        Assert.Null(await Accounts(_here).FindKeyAsync("AKIA0000000000000009", Cancel));
        var reads = 0;
        _here.BeforeRead = () => Task.FromResult(reads++);

        Assert.Null(await Accounts(_here).FindKeyAsync("AKIA0000000000000009", Cancel));
        var unknown = reads;
        await Accounts(_here).FindKeyAsync(KeyId, Cancel);
        reads = 0;
        await Accounts(_here).FindKeyAsync(KeyId, Cancel);

        Assert.Equal(1, unknown - reads);
    }

    [Fact]
    public async Task A_send_reads_nothing_but_the_version_and_writes_once()
    {
        var user = new Principal(Owner.Account, UserName);
        await Accounts(_here).PutUserPolicyAsync(
            Owner.Account, UserName, new NamedPolicy(Policy, """{"Statement":{"Effect":"Allow","Action":"ses:*","Resource":"*"}}"""), Cancel);
        await Policies(_here).PutAsync(
            Domain, Policy,
            $$"""{"Statement":{"Effect":"Allow","Principal":"*","Action":"ses:SendEmail","Resource":"{{Domain}}"} }""", Cancel);
        var database = await store.OpenAsync(new DatabaseOptions { Time = _time }, Cancel);
        var mail = new OpenedStore(
            database, new ServerNames(DomainName.Parse("mail.test"), DomainName.Parse("dkim.mail.test")), AccountRules.Serve, RegionSet.Aws,
            new Node("n", TimeSpan.FromMinutes(5)));
        var options = new MailSystemOptions
        {
            Store = new StoreSettings("", null, null, null),
            MachineName = mail.Names.Hostname,
            MaxMessageSize = 1_000_000,
        };
        using var metrics = new SignetMetrics();
        await using var services = MailServices.Register(
            options, mail, new ArrivalSignal(), metrics, NullLoggerFactory.Instance, _time).BuildServiceProvider();
        var submission = services.GetRequiredService<Submission>();
        var keys = services.GetRequiredService<AccessKeys>();
        var find = services.GetRequiredService<FindDomainKey>();
        await SendAsync();
        await SendAsync();
        var (reads, commits) = (0, 0);
        database.BeforeRead = () => Task.FromResult(reads++);
        database.BeforeStatement = sql => commits += sql == "COMMIT" ? 1 : 0;

        await SendAsync();

        Assert.Equal((ReadsOfASend, 1), (reads, commits));

        async Task SendAsync()
        {
            Assert.NotNull(await keys.FindAsync(KeyId, Cancel));
            var request = Door.Parts(new Caller(user, Owner.Region, null, null, true, "1"), "News <news@example.com>", "you@client.test");
            Assert.IsType<SubmissionResult.Accepted>(await submission.AcceptAsync(request, Cancel));
            Assert.NotNull(await find(new SendingIdentity(Owner, Address("news")), Cancel));
        }
    }

    [Fact]
    public async Task What_is_managed_is_read_from_the_store_whichever_node_changed_it()
    {
        await FactsAsync(_here);
        await Identities(_there).ChangeAsync(Missing, _ => Verified(Missing), Cancel);
        await Policies(_there).PutAsync(Domain, Policy, "2", Cancel);

        Assert.Single(await Identities(_here).FindAllAsync(Owner, [Missing.Name], Cancel));
        Assert.Equal(["2"], (await Policies(_here).ListAsync(Domain, Cancel)).Select(p => p.Document));
    }

    private static SqlAccountStore Accounts(Database database) => new(database);

    private static SqlIdentityStore Identities(Database database) => new(database);

    private static SqlPolicyStore Policies(Database database) => new(database);

    private static Identity Verified(IdentityArn arn) => new(
        arn, VerificationStatus.Success, null, Noon, null, Noon.AddMinutes(1), new DkimState(true, VerificationStatus.Success, ["a", "b"], null));

    /// <summary>All that sends read of this store, as text.</summary>
    private static async Task<string> FactsAsync(Database database)
    {
        var (settings, pause) = await Accounts(database).FindStandingAsync(Owner, Cancel);
        var identities = await Identities(database).FindAllForSendAsync(Owner, [Missing.Name, Domain.Name], Cancel);
        return string.Join('\n', (IEnumerable<object?>)
        [
            await KeyAsync(KeyId), await KeyAsync("AKIA0000000000000002"), settings, pause,
            .. await Accounts(database).GetUserPoliciesAsync(Owner.Account, UserName, Cancel),
            .. identities.Select(i => $"{i.Arn} {i.Status}"),
            .. await Policies(database).ListForSendAsync(Domain, Cancel),
            .. (await Identities(database).GetDkimKeysAsync(Domain, Cancel)).Select(k => k.Selector),
        ]);

        async Task<string?> KeyAsync(string id) =>
            await Accounts(database).FindKeyAsync(id, Cancel) is { } key ? $"{key} {key.Secret} {key.RevokedAt}" : null;
    }

    private Task<long> VersionAsync() => _there.ReadAsync(s => s.CountAsync("SELECT version FROM configuration_version"), Cancel);
}
