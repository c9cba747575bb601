using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Accounts;
using Signet.Addresses;
using Signet.Archive;
using Signet.Identities;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;
using Signet.Queue;
using Signet.Sending;
using Signet.Server.Aws;
using Signet.Server.Ses;
using Signet.Server.Tests.Fakes;
using Signet.Storage;
using Signet.Tests.Fakes;

namespace Signet.Server.Tests.Ses;

/// <summary>
/// The SES API on a real socket, over stores in memory and with a door that takes everything. It starts with one world, which every
/// wire case knows: account 111122223333 owns <c>shop.test</c> with the policy <c>partner</c>, <c>info@shop.test</c>, the pending
/// <c>pending.test</c> and <c>new@shop.test</c> in us-east-1, and <c>abroad.test</c> in eu-west-1; its user <c>mailer</c> may call
/// <c>ses:Get*</c> and nothing else; account 444455556666 owns nothing.
/// </summary>
internal sealed class SesTestServer : IAsyncDisposable
{
    public const string MessageIdText = "0100019bc18e4e00-11111111-2222-4333-8444-555555555555-000000";

    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private SesTestServer(bool limitRequests, int maxMessageBytes, long bodyMemory)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(Log);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        Meters = _app.Services.GetRequiredService<IMeterFactory>();
        var registry = new AccountRegistry(Accounts, AccountRules.Serve, Time);
        var options = new MailSystemOptions
        {
            Store = new StoreSettings("nowhere", null, null, null),
            MachineName = DomainName.Parse("signet.example.com"),
            MaxMessageSize = maxMessageBytes,
        };
        var domain = new FakeDomain().Over(options, new ArrivalSignal()) with
        {
            Identities = new IdentityRegistry(
                Identities,
                new VerificationOptions
                {
                    AtOnce = false,
                    Hostname = DomainName.Parse("signet.example.com"),
                    ConfirmationUrl = new Uri("https://signet.example.com/confirm"),
                },
                (_, _) => Task.CompletedTask,
                registry.IsPausedAsync,
                Time,
                NullLogger<IdentityRegistry>.Instance),
            IdentityStore = Identities,
            PolicyStore = Policies,
            IdentityPolicies = new IdentityPolicies(Identities, Policies),
            Accounts = registry,
            History = new FixedSendingHistory(17, new SendStatistics(Time.GetUtcNow().AddMinutes(-15), 12, 1, 0, 2)),
            AcceptAsync = async (request, token) =>
            {
                await (BeforeDoor?.Invoke(token) ?? Task.CompletedTask);
                return Door(request);
            },
            Refusals = new RefusalLog(Refusals, null, null, NullLogger<RefusalLog>.Instance),
            Time = Time,
        };
        var ses = new SesService(domain, new SesOptions { LimitRequests = limitRequests, MaxMessageBytes = maxMessageBytes });
        var signatures = new SigV4(new AccessKeys(Accounts, DevKeys.None).FindAsync, RegionSet.Aws, Time);
        Bodies = new BodyBudget(bodyMemory, ses.BodyLimit, Time);
        Endpoint = new AwsEndpoint(
            new CallSteps(signatures, new UserPermissions(registry, new PolicyLibrary(), Time), Bodies, Time),
            new RefusedRequests(domain.Refusals, signatures, Time),
            new AwsMetrics(Meters),
            new StoreOutageLog(NullLogger<StoreOutageLog>.Instance, Time),
            Time,
            _app.Services.GetRequiredService<ILogger<AwsEndpoint>>());
        SesRoutes.UseForTheRest(_app, Endpoint, ses, _ => true);
        _http = new HttpClient();
    }

    public static TestSigner Owner { get; } = new("AKIAEXAMPLEOWNER0001", "owner/secret+key");

    public static TestSigner Mailer { get; } = new("AKIAEXAMPLEMAILER001", "mailer-secret");

    public static TestSigner Stranger { get; } = new("AKIAEXAMPLESTRANGER1", "stranger-secret");

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero));

    public InMemoryIdentityStore Identities { get; } = new();

    public InMemoryPolicyStore Policies { get; } = new();

    public InMemoryAccountStore Accounts { get; } = new();

    /// <summary>What made this server's meters, and is their scope.</summary>
    public IMeterFactory Meters { get; }

    /// <summary>What answers, for requests that need no socket.</summary>
    public AwsEndpoint Endpoint { get; }

    /// <summary>What the bodies of requests hold.</summary>
    public BodyBudget Bodies { get; }

    /// <summary>What the web server and the API warn of.</summary>
    public RecordedLog Log { get; } = new();

    /// <summary>Where refusals are recorded.</summary>
    public RecordingHistory Refusals { get; } = new();

    /// <summary>What came to the door.</summary>
    public List<SubmissionRequest> Submitted { get; } = [];

    /// <summary>What the door answers; accepts everything unless told otherwise.</summary>
    public Func<SubmissionRequest, SubmissionResult>? Answer { get; set; }

    /// <summary>What the door waits for before it answers; nothing unless told otherwise.</summary>
    public Func<CancellationToken, Task>? BeforeDoor { get; set; }

    public Uri Address { get; private set; } = null!;

    public static async Task<SesTestServer> StartAsync(
        CancellationToken cancel, bool limitRequests = false, int maxMessageBytes = 10_485_760, long bodyMemory = 256L * 1024 * 1024)
    {
        var server = new SesTestServer(limitRequests, maxMessageBytes, bodyMemory);
        await server.PopulateAsync(cancel);
        await server._app.StartAsync(cancel);
        server.Address = new Uri(server._app.Urls.Single());
        return server;
    }

    /// <summary>Sends a signed form; returns status and body, with the request id masked once it was found equal to the header's.</summary>
    public Task<SesTestReply> PostAsync(TestSigner signer, string form, CancellationToken cancel) =>
        PostAsync(signer, Encoding.UTF8.GetBytes(form), null, cancel);

    public async Task<SesTestReply> PostAsync(TestSigner signer, byte[] body, string? contentEncoding, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.Add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
        if (contentEncoding is not null)
        {
            request.Content.Headers.Add("Content-Encoding", contentEncoding);
        }

        Sign(request, signer, "", body);
        return await SendAsync(request, cancel);
    }

    /// <summary>Adds date and signature.</summary>
    public void Sign(HttpRequestMessage request, TestSigner signer, string query, byte[] body)
    {
        var date = TestSigner.Stamp(Time.GetUtcNow());
        request.Headers.TryAddWithoutValidation("X-Amz-Date", date);
        request.Headers.TryAddWithoutValidation("Authorization", signer.Authorization(
            request.Method.Method, query, [("host", Address.Authority), ("x-amz-date", date)], body, Time.GetUtcNow()));
    }

    public async Task<SesTestReply> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        using var response = await _http.SendAsync(request, cancel);
        var body = await response.Content.ReadAsStringAsync(cancel);
        var id = response.Headers.TryGetValues("x-amzn-RequestId", out var ids) ? Assert.Single(ids) : "";
        Assert.Contains($"<RequestId>{id}</RequestId>", body, StringComparison.Ordinal);
        Assert.Equal("text/xml", response.Content.Headers.ContentType?.ToString());
        return new SesTestReply(response.StatusCode, body.Replace(id, "REQUEST-ID", StringComparison.Ordinal));
    }

    /// <summary>Stops to listen, and waits for the requests under way.</summary>
    public Task StopAsync(CancellationToken cancel) => _app.StopAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    private SubmissionResult Door(SubmissionRequest request)
    {
        Submitted.Add(request);
        return Answer?.Invoke(request) ?? new SubmissionResult.Accepted(
            MessageId.Parse(MessageIdText),
            new SendDecision(true, "the tests allow all", request.Caller.Principal.Arn, request.Action, request.Caller.Region.Value, []));
    }

    private async Task PopulateAsync(CancellationToken cancel)
    {
        var owner = new AccountRegion(AccountId.Parse("111122223333"), Region.Default);
        var mailer = new User(owner.Account, "mailer", Time.GetUtcNow());
        await Accounts.AddAccountAsync(new Account(owner.Account, "", Time.GetUtcNow()), cancel);
        await Accounts.AddAccountAsync(new Account(AccountId.Parse("444455556666"), "", Time.GetUtcNow()), cancel);
        await Accounts.AddUserAsync(
            mailer,
            [new NamedPolicy(PolicyName.Parse("reader"), """{"Statement":{"Effect":"Allow","Action":"ses:Get*","Resource":"*"}}""")],
            cancel);
        await Accounts.AddKeyAsync(Key(Owner, new Principal(owner.Account, null)), cancel);
        await Accounts.AddKeyAsync(Key(Mailer, mailer.Principal), cancel);
        await Accounts.AddKeyAsync(Key(Stranger, new Principal(AccountId.Parse("444455556666"), null)), cancel);

        var shop = new IdentityArn(owner, IdentityName.Parse("shop.test"));
        await AddAsync(NewIdentity(shop, VerificationStatus.Success), cancel);
        await AddAsync(NewIdentity(new IdentityArn(owner, IdentityName.Parse("pending.test")), VerificationStatus.Pending), cancel);
        await AddAsync(NewIdentity(new IdentityArn(owner, IdentityName.Parse("info@shop.test")), VerificationStatus.Success), cancel);
        await AddAsync(NewIdentity(new IdentityArn(owner, IdentityName.Parse("new@shop.test")), VerificationStatus.Pending), cancel);
        var abroad = owner with { Region = Region.Parse("eu-west-1") };
        await AddAsync(NewIdentity(new IdentityArn(abroad, IdentityName.Parse("abroad.test")), VerificationStatus.Success), cancel);
        await Policies.PutAsync(shop, PolicyName.Parse("partner"), """{"Statement":"as stored <here>"}""", cancel);
    }

    public Identity NewIdentity(IdentityArn arn, VerificationStatus status) => new(
        arn,
        status,
        arn.Name is IdentityName.OfDomain ? "QTKknzFg2J4ygwa+XvHAxUl1hyHoY0gVfZdfjIedHZ0=" : null,
        Time.GetUtcNow(),
        null,
        null,
        DkimState.NotStarted);

    private Task<Identity?> AddAsync(Identity identity, CancellationToken cancel) =>
        Identities.ChangeAsync(identity.Arn, _ => identity, cancel);

    private AccessKey Key(TestSigner signer, Principal owner) => new(signer.KeyId, owner, signer.Secret, Time.GetUtcNow(), null);
}

/// <summary>An answer of the API with its request id masked.</summary>
internal sealed partial record SesTestReply(HttpStatusCode Status, string Body)
{
    /// <summary>The error code, or empty.</summary>
    public string Code => CodeElement().Match(Body).Groups[1].Value;

    /// <summary>The error's text as a client reads it, or empty.</summary>
    public string Message => WebUtility.HtmlDecode(MessageElement().Match(Body).Groups[1].Value);

    [GeneratedRegex("<Code>(.*)</Code>")]
    private static partial Regex CodeElement();

    [GeneratedRegex("<Message>(.*)</Message>", RegexOptions.Singleline)]
    private static partial Regex MessageElement();
}
