using Microsoft.Extensions.Logging;
using Signet.Accounts;
using Signet.Addresses;
using Signet.Identities;
using Signet.Messages;
using Signet.Names;
using Signet.Operators;
using Signet.Sending;
using Signet.Server;
using Signet.Server.Hosting;
using Signet.Web.Messages;
using Signet.Web.Shell;
using Signet.Web.SignIn;

namespace Signet.Web.Tests.Browser;

/// <summary>A whole Signet in this process, on a free port, with a data directory of its own.</summary>
internal sealed class ConsoleSystem : IAsyncDisposable
{
    /// <summary>The account of <c>signet dev</c>'s key <c>test</c>, in the region of a request that names none.</summary>
    public static readonly AccountRegion Owner = new(AccountId.Parse("000000000000"), Region.Default);

    /// <summary>Of every operator that tests make.</summary>
    public const string Password = "correct horse battery";

    private readonly ServerHost host;
    private readonly string directory;

    private ConsoleSystem(ServerHost host, string directory, MailSystem mail, ConsoleContext console, RecordedLog log)
    {
        Log = log;
        this.host = host;
        this.directory = directory;
        Mail = mail;
        Console = console;
    }

    /// <summary>What it wrote to standard error.</summary>
    public RecordedLog Log { get; }

    /// <summary>The domain that the pages show, to put things there and to look for them.</summary>
    public MailSystem Mail { get; }

    /// <summary>As the pages have it, for what decides behind them.</summary>
    public ConsoleContext Console { get; }

    /// <summary>Where everything answers.</summary>
    public Uri Url => host.Urls[0].Url;

    public static Task<ConsoleSystem> DevAsync(params (string Name, string Value)[] settings) => StartAsync(true, settings);

    public static Task<ConsoleSystem> ServeAsync(params (string Name, string Value)[] settings) =>
        StartAsync(false, [("inspection", "127.0.0.1:0"), ("route", "capture"), .. settings]);

    /// <summary>Somebody who can sign in with <see cref="Password"/>.</summary>
    public async Task<Operator> AddOperatorAsync(string name, OperatorRole role, AccountId? account = null) =>
        Assert.IsType<OperatorOutcome<Operator>.Done>(
            await Mail.Operators.CreateAsync(name, role, account, Password, TestContext.Current.CancellationToken)).Value;

    /// <summary>An operator who has just signed in, as the pages see them.</summary>
    public async Task<Viewer> BeginSessionAsync(string name) => Viewer.Of(Sessions.Of(
        (await Mail.Operators.FindAsync(name, TestContext.Current.CancellationToken))!, TimeProvider.System.GetUtcNow()));

    /// <summary>An account that may send to everybody.</summary>
    public async Task AddAccountAsync(AccountId account) =>
        Assert.IsType<AccountOutcome<Account>.Done>(await Mail.Accounts.CreateAccountAsync(
            account, "", Region.Default, new SettingsChange(Sandbox: false), TestContext.Current.CancellationToken));

    /// <summary>Sends a message through Submission, as the API does; its sender is verified first.</summary>
    public async Task<MessageId> SendAsync(
        string subject, string text = "Hello", string? html = null, string to = "you@example.net", string from = "app@example.com")
    {
        await VerifyAsync(from);
        return await SendAsync(new SubmissionContent.Parts(
            [Mailbox(to)], [], [], [], new TextPart(subject, null), new TextPart(text, null), html is null ? null : new TextPart(html, null)), from);
    }

    /// <summary>Sends the bytes of a message.</summary>
    public async Task<MessageId> SendRawAsync(ReadOnlyMemory<byte> content, string to = "you@example.net", string from = "app@example.com")
    {
        await VerifyAsync(from);
        return await SendAsync(new SubmissionContent.Raw(content, [Mailbox(to)]), from);
    }

    public async Task<SubmissionResult> TryAsync(SubmissionContent content, string from, Principal? principal = null, string? sourceArn = null) =>
        await Mail.AcceptAsync(
            new SubmissionRequest
            {
                Caller = new Caller(principal ?? new Principal(Owner.Account, null), Owner.Region, null, "tests", null, "1"),
                Action = content is SubmissionContent.Raw ? "ses:SendRawEmail" : "ses:SendEmail",
                Source = Mailbox(from),
                SourceArn = sourceArn is null ? null : new ArnText(sourceArn),
                Content = content,
            },
            TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    // Verified whatever the server's rules are: this is not what the tests of pages are about.
    private async Task VerifyAsync(string address)
    {
        var cancel = TestContext.Current.CancellationToken;
        await Mail.AccountStore.ChangeSettingsAsync(Owner, now => now ?? AccountSettings.Unlimited, cancel);
        var arn = new IdentityArn(Owner, new IdentityName.OfAddress(Mailbox(address).Address));
        await Mail.IdentityStore.ChangeAsync(
            arn, now => now ?? new Identity(arn, VerificationStatus.Success, null, TimeProvider.System.GetUtcNow(), null, null, DkimState.NotStarted), cancel);
    }

    private async Task<MessageId> SendAsync(SubmissionContent content, string from) =>
        Assert.IsType<SubmissionResult.Accepted>(await TryAsync(content, from)).Id;

    private static Mailbox Mailbox(string text) => Addresses.Mailbox.TryParse(text, out var mailbox, out var problem)
        ? mailbox
        : throw new FormatException(problem);

    private static async Task<ConsoleSystem> StartAsync(bool isDev, (string Name, string Value)[] settings)
    {
        var directory = Directory.CreateTempSubdirectory("signet-test-").FullName;
        var log = new RecordedLog();
        var surroundings = new SettingsSurroundings(_ => null, directory, "mail.example.com") { OpenLog = () => log };
        Dictionary<string, IReadOnlyList<string>> given = new() { ["http"] = ["127.0.0.1:0"], ["smtp"] = ["none"] };
        foreach (var group in settings.GroupBy(s => s.Name, s => s.Value))
        {
            given[group.Key] = [.. group];
        }

        (MailSystem Mail, ConsoleContext Console)? opened = null;
        var read = SettingsReader.Read(isDev, given, surroundings);
        var host = await ServerHost.StartAsync(
            read,
            surroundings,
            async (options, arrivals, metrics, loggers, cancel) =>
            {
                var mail = await Composition.OpenAsync(options, arrivals, metrics, loggers, cancel);
                var console = new ConsoleContext(
                    mail,
                    new ConsoleFacts(read.IsDev, read.Hostname, read.Routes, read.AllowsPrivateHosts),
                    new ActLog(loggers.CreateLogger<ActLog>()),
                    new LeftSessions(mail.Time),
                    new ContentTurns(),
                    CancellationToken.None);
                opened = (mail, console);
                return mail;
            },
            TimeProvider.System,
            TestContext.Current.CancellationToken);
        return new ConsoleSystem(host, directory, opened!.Value.Mail, opened.Value.Console, log);
    }
}
