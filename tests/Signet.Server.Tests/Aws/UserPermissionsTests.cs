using System.Net;
using Microsoft.Extensions.Time.Testing;
using Signet.Accounts;
using Signet.Names;
using Signet.Policies;
using Signet.Sending;
using Signet.Server.Aws;
using Signet.Tests.Fakes;

namespace Signet.Server.Tests.Aws;

public sealed class UserPermissionsTests
{
    private const string AllowAll = """{"Statement":{"Effect":"Allow","Action":"ses:*","Resource":"*"}}""";

    private static readonly AccountId Account = AccountId.Parse("111122223333");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task An_accounts_root_needs_no_policy() => Assert.Null(await ErrorAsync(null));

    [Fact]
    public async Task A_user_without_a_policy_may_nothing()
    {
        var error = await ErrorAsync("mailer");

        Assert.Equal(("AccessDenied", 403), (error?.Code, error?.Status));
        Assert.Equal("User: arn:aws:iam::111122223333:user/mailer is not authorized to perform: ses:ListIdentities", error?.Message);
    }

    [Fact]
    public async Task A_policy_that_allows_the_action_is_enough() => Assert.Null(await ErrorAsync("mailer", AllowAll));

    [Theory]
    [InlineData("""{"Statement":{"Effect":"Deny","Action":"ses:List*","Resource":"*"}}""")]
    [InlineData("""{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}}""")]
    [InlineData("""{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}}}}""")]
    [InlineData("""{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}}""")]
    [InlineData("a document that cannot be read any more might have denied")]
    public async Task A_denial_or_an_unreadable_policy_beats_what_allows(string second) =>
        Assert.Equal("AccessDenied", (await ErrorAsync("mailer", AllowAll, second))?.Code);

    private async Task<AwsError?> ErrorAsync(string? user, params IReadOnlyList<string> documents)
    {
        var store = new InMemoryAccountStore();
        var policies = documents.Select((text, i) => new NamedPolicy(PolicyName.Parse($"p{i}"), text)).ToList();
        await store.AddAccountAsync(new Account(Account, "", _time.GetUtcNow()), TestContext.Current.CancellationToken);
        await store.AddUserAsync(new User(Account, "mailer", _time.GetUtcNow()), policies, TestContext.Current.CancellationToken);
        var registry = new AccountRegistry(store, AccountRules.Serve, _time);
        var caller = new Caller(new Principal(Account, user), Region.Default, IPAddress.Parse("192.0.2.9"), null, false, "1");

        var thrown = await Record.ExceptionAsync(() => new UserPermissions(registry, new PolicyLibrary(), _time)
            .DemandAsync(caller, "ses:ListIdentities", TestContext.Current.CancellationToken));
        return thrown is null ? null : Assert.IsType<AwsException>(thrown).Error;
    }
}
