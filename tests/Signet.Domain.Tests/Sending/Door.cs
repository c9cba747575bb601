using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Accounts;
using Signet.Addresses;
using Signet.Identities;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;
using Signet.Queue;
using Signet.Sending;
using Signet.Sending.Limits;
using Signet.Tests.Fakes;

namespace Signet.Tests.Sending;

/// <summary>
/// The door with everything behind it in memory: the owner 111122223333 has the verified domain shop.test, and the delegate
/// 444455556666 with its user mailer has nothing.
/// </summary>
internal sealed class Door
{
    public static readonly Region Region = Region.Default;
    public static readonly AccountRegion Owner = new(AccountId.Parse("111122223333"), Region);
    public static readonly AccountRegion Delegate = new(AccountId.Parse("444455556666"), Region);
    public static readonly AccountRegion Stranger = new(AccountId.Parse("777788889999"), Region);
    public static readonly IdentityArn Domain = Arn("shop.test");
    public static readonly IdentityArn Address = Arn("info@shop.test");

    private readonly InMemoryIdentityStore _identities = new();
    private readonly InMemoryPolicyStore _policies = new();

    private Door(RefusalLimit? refusals)
    {
        Registry = new IdentityRegistry(
            _identities,
            new VerificationOptions
            {
                AtOnce = true,
                Hostname = DomainName.Parse("signet.test"),
                ConfirmationUrl = new Uri("http://signet.test/confirm"),
            },
            (_, _) => Task.CompletedTask,
            (_, _) => Task.FromResult(false),
            Time,
            NullLogger<IdentityRegistry>.Instance);
        var registry = new AccountRegistry(Accounts, AccountRules.Dev, Time);
        Authorization = new SendAuthorization(Registry, _identities, _policies, registry, new PolicyLibrary());
        Past = new PastDecisions(_policies, registry, new PolicyLibrary());
        Submission = new Submission(
            Authorization, registry, new SendRate(new AliveNodes(), Time), new RefusalLog(History, refusals, null, RefusalLog), Queue, Suspensions, Window, new Node("node", TimeSpan.FromMinutes(5)), _ => [],
            new SendingOptions(DomainName.Parse("signet.test"), SendingOptions.DefaultMaxMessageBytes), Time, new Random(1),
            Log);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2015, 9, 15, 12, 0, 0, TimeSpan.Zero));

    public InMemoryAccountStore Accounts { get; } = new();

    public RecordingQueue Queue { get; } = new();

    public StubSuspensions Suspensions { get; } = new();

    public RecordingHistory History { get; } = new();

    public RecordingLogger<Submission> Log { get; } = new();

    public RecordingLogger<RefusalLog> RefusalLog { get; } = new();

    public ActiveQueue Window { get; } = new(10);

    public IdentityRegistry Registry { get; }

    public SendAuthorization Authorization { get; }

    public Submission Submission { get; }

    public PastDecisions Past { get; }

    public InMemoryPolicyStore Policies => _policies;

    public static async Task<Door> OpenAsync(RefusalLimit? refusals = null)
    {
        var door = new Door(refusals);
        await door.VerifyAsync(Owner, "shop.test");
        return door;
    }

    public static IdentityArn Arn(string name) => new(Owner, IdentityName.Parse(name));

    public static Caller Root(AccountRegion account) =>
        new(new Principal(account.Account, null), account.Region, null, null, true, "1");

    public static Caller User(AccountRegion account, string name) =>
        new(new Principal(account.Account, name), account.Region, null, null, true, "1");

    public static Mailbox Mailbox(string text) =>
        Signet.Addresses.Mailbox.TryParse(text, out var mailbox, out var problem) ? mailbox : throw new FormatException(problem);

    /// <summary>A SendEmail by the delegate's root through the domain, as most examples have it.</summary>
    public static SendAttempt Attempt(string source = "news@shop.test", IdentityArn? arn = null, Caller? caller = null) => new()
    {
        Caller = caller ?? Root(Delegate),
        Action = "ses:SendEmail",
        Time = new DateTimeOffset(2015, 9, 15, 12, 0, 0, TimeSpan.Zero),
        Source = Mailbox(source),
        Recipients = [Mailbox("c@client.test")],
        SourceArn = new NamedArn("SourceArn", arn ?? Domain),
    };

    public static SubmissionRequest Parts(Caller? caller = null, string source = "news@shop.test", string to = "c@client.test") => new()
    {
        Caller = caller ?? Root(Owner),
        Action = "ses:SendEmail",
        Source = Mailbox(source),
        Content = new SubmissionContent.Parts([Mailbox(to)], [], [], [], new TextPart("Hello", null), new TextPart("Text", null), null),
    };

    public static SubmissionRequest Raw(string message, Caller? caller = null, string? source = null, params string[] destinations) => new()
    {
        Caller = caller ?? Root(Owner),
        Action = "ses:SendRawEmail",
        Source = source is null ? null : Mailbox(source),
        Content = new SubmissionContent.Raw(
            Encoding.UTF8.GetBytes(message.ReplaceLineEndings("\r\n")), [.. destinations.Select(Mailbox)]),
    };

    public async Task VerifyAsync(AccountRegion owner, string name)
    {
        var cancel = TestContext.Current.CancellationToken;
        switch (IdentityName.Parse(name))
        {
            case IdentityName.OfAddress address:
                await Registry.VerifyEmailAsync(owner, address.Address, cancel);
                break;
            case IdentityName.OfDomain domain:
                await Registry.VerifyDomainAsync(owner, domain.Name, cancel);
                break;
        }
    }

    /// <summary>Gives the identity another status.</summary>
    public Task SetStatusAsync(IdentityArn identity, VerificationStatus status) =>
        _identities.ChangeAsync(identity, i => i! with { Status = status }, TestContext.Current.CancellationToken);

    /// <summary>Hangs a policy on one of the owner's identities; <c>D</c> in the statement stands for that identity's ARN.</summary>
    public Task PutPolicyAsync(IdentityArn identity, string statement, string name = "p") =>
        _policies.PutAsync(
            identity,
            PolicyName.Parse(name),
            $$"""{"Version":"2012-10-17","Statement":{{statement.Replace("\"D\"", $"\"{identity}\"", StringComparison.Ordinal)}}}""",
            TestContext.Current.CancellationToken);

    public async Task AddUserAsync(AccountRegion account, string name, string statement)
    {
        var cancel = TestContext.Current.CancellationToken;
        var policy = new NamedPolicy(PolicyName.Parse("own"), $$"""{"Statement":{{statement}}}""");
        await Accounts.AddAccountAsync(new Account(account.Account, "", Time.GetUtcNow()), cancel);
        Assert.True(await Accounts.AddUserAsync(new User(account.Account, name, Time.GetUtcNow()), [policy], cancel));
    }

    public Task<SendDecision> DecideAsync(SendAttempt attempt) =>
        Authorization.DecideAsync(attempt, TestContext.Current.CancellationToken);

    public Task<SubmissionResult> AcceptAsync(SubmissionRequest request) =>
        Submission.AcceptAsync(request, TestContext.Current.CancellationToken);

    /// <summary>Sends, and gives the refusal's text; fails when the message was accepted.</summary>
    public async Task<string> RefusalOfAsync(SubmissionRequest request) =>
        Assert.IsType<SubmissionResult.Refused>(await AcceptAsync(request)).Refusal.Text;

    /// <summary>Sends, and gives the stored message; fails when it was refused.</summary>
    public async Task<NewMessage> StoredAsync(SubmissionRequest request)
    {
        var result = await AcceptAsync(request);
        Assert.True(result is SubmissionResult.Accepted, (result as SubmissionResult.Refused)?.Refusal.Text);
        return Queue.Stored[^1].Message;
    }
}
