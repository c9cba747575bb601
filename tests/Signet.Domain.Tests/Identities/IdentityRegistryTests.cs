using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Addresses;
using Signet.Identities;
using Signet.Names;
using Signet.Tests.Fakes;

namespace Signet.Tests.Identities;

public sealed class IdentityRegistryTests
{
    private static readonly AccountRegion Owner = new(AccountId.Parse("111122223333"), Region.Default);
    private static readonly DomainName Domain = DomainName.Parse("example.com");
    private static readonly IdentityName DomainIdentity = new IdentityName.OfDomain(Domain);
    private static readonly EmailAddress Sender = new("sender", Domain);
    private static readonly IdentityName SenderIdentity = new IdentityName.OfAddress(Sender);

    private readonly InMemoryIdentityStore _store = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly List<ConfirmationMail> _mails = [];
    private readonly IdentityRegistry _registry;
    private readonly IdentityRegistry _dev;

    public IdentityRegistryTests() => (_registry, _dev) = (Registry(atOnce: false), Registry(atOnce: true));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_domain_gets_a_token_that_never_changes()
    {
        var first = Known(await _registry.VerifyDomainAsync(Owner, Domain, Cancel));
        _clock.Advance(TimeSpan.FromHours(100));
        var again = Known(await _registry.VerifyDomainAsync(Owner, Domain, Cancel));

        Assert.Equal(32, Convert.FromBase64String(first.VerificationToken!).Length);
        Assert.Equal(44, first.VerificationToken!.Length);
        Assert.Equal(first.VerificationToken, again.VerificationToken);
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromHours(72), again.Deadline);
    }

    [Fact]
    public async Task Tokens_differ_from_region_to_region()
    {
        var here = Known(await _registry.VerifyDomainAsync(Owner, Domain, Cancel));
        var there = Known(await _registry.VerifyDomainAsync(Owner with { Region = Region.Parse("eu-west-1") }, Domain, Cancel));

        Assert.NotEqual(here.VerificationToken, there.VerificationToken);
    }

    [Fact]
    public async Task DKIM_of_a_new_domain_makes_the_identity_with_three_keys()
    {
        var identity = Known(await _registry.VerifyDkimAsync(Owner, Domain, Cancel));

        Assert.Equal((VerificationStatus.NotStarted, VerificationStatus.Pending), (identity.Status, identity.Dkim.Status));
        Assert.Null(identity.VerificationToken);
        Assert.Equal(3, identity.Dkim.Tokens.Count);
        Assert.Equal(identity.Dkim.Tokens, (await _store.GetDkimKeysAsync(identity.Arn, Cancel)).Select(key => key.Selector));
    }

    [Fact]
    public async Task DKIM_keys_are_made_once_even_if_two_ask_at_once()
    {
        var identities = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => _registry.VerifyDkimAsync(Owner, Domain, Cancel)));

        var keys = await _store.GetDkimKeysAsync(new IdentityArn(Owner, DomainIdentity), Cancel);
        Assert.All(identities, identity => Assert.Equal(keys.Select(key => key.Selector), Known(identity).Dkim.Tokens));
    }

    [Fact]
    public async Task In_dev_everything_is_verified_at_once_and_no_mail_is_sent()
    {
        var address = Known(await _dev.VerifyEmailAsync(Owner, Sender, Cancel));
        var domain = Known(await _dev.VerifyDomainAsync(Owner, Domain, Cancel));
        var signing = Known(await _dev.VerifyDkimAsync(Owner, DomainName.Parse("example.net"), Cancel));

        Assert.All([address, domain, signing], identity => Assert.Equal(VerificationStatus.Success, identity.Status));
        Assert.Equal(VerificationStatus.Success, signing.Dkim.Status);
        Assert.Empty(_mails);
    }

    [Fact]
    public async Task In_dev_an_identity_left_pending_is_verified_by_asking_again()
    {
        await _registry.VerifyEmailAsync(Owner, Sender, Cancel);

        Assert.Equal(VerificationStatus.Success, Known(await _dev.VerifyEmailAsync(Owner, Sender, Cancel)).Status);
    }

    [Fact]
    public async Task The_ten_thousandth_identity_is_the_last_but_known_ones_may_be_asked_for_again()
    {
        for (var i = 1; i < IdentityRegistry.MaxPerRegion; i++)
        {
            var arn = new IdentityArn(Owner, new IdentityName.OfDomain(DomainName.Parse($"d{i}.example.com")));
            await _store.ChangeAsync(arn, _ => VerificationRules.New(arn, _clock.GetUtcNow()), Cancel);
        }

        Known(await _registry.VerifyDomainAsync(Owner, Domain, Cancel));

        Assert.Equal(new VerificationStart.TooMany(10_000), await _registry.VerifyEmailAsync(Owner, Sender, Cancel));
        Assert.Equal(new VerificationStart.TooMany(10_000), await _registry.VerifyDkimAsync(Owner, DomainName.Parse("example.net"), Cancel));
        Assert.Equal(10_000, await _store.CountAsync(Owner, Cancel));
        Assert.Empty(_mails);
        Known(await _registry.VerifyDomainAsync(Owner, Domain, Cancel));
        Known(await _registry.VerifyEmailAsync(Owner with { Region = Region.Parse("eu-west-1") }, Sender, Cancel));
    }

    [Fact]
    public async Task Deleting_ends_the_right_to_send_and_forgets_the_token()
    {
        var before = Known(await _dev.VerifyDomainAsync(Owner, Domain, Cancel));

        await _registry.DeleteAsync(Owner, DomainIdentity, Cancel);
        Assert.Null(await _registry.FindCoveringAsync(Owner, Sender, Cancel));
        var after = Known(await _registry.VerifyDomainAsync(Owner, Domain, Cancel));

        Assert.Equal(VerificationStatus.Pending, after.Status);
        Assert.NotEqual(before.VerificationToken, after.VerificationToken);
    }

    [Fact]
    public async Task Deleting_what_is_not_there_is_fine()
    {
        await _registry.DeleteAsync(Owner, DomainIdentity, Cancel);

        Assert.Equal(0, await _store.CountAsync(Owner, Cancel));
    }

    [Fact]
    public async Task The_most_specific_verified_identity_covers_an_address()
    {
        await _dev.VerifyDomainAsync(Owner, Domain, Cancel);
        await _dev.VerifyEmailAsync(Owner, Sender, Cancel);

        Assert.Equal(SenderIdentity, (await _registry.FindCoveringAsync(Owner, Sender with { LocalPart = "sender+label" }, Cancel))?.Arn.Name);
        Assert.Equal(DomainIdentity, (await _registry.FindCoveringAsync(Owner, Sender with { LocalPart = "Sender" }, Cancel))?.Arn.Name);
        Assert.Equal(
            DomainIdentity,
            (await _registry.FindCoveringAsync(Owner, new EmailAddress("a", DomainName.Parse("mail.eu.example.com")), Cancel))?.Arn.Name);
    }

    [Fact]
    public async Task A_pending_address_does_not_hide_its_verified_domain()
    {
        await _dev.VerifyDomainAsync(Owner, Domain, Cancel);
        await _registry.VerifyEmailAsync(Owner, Sender, Cancel);

        Assert.Equal(DomainIdentity, (await _registry.FindCoveringAsync(Owner, Sender, Cancel))?.Arn.Name);
    }

    [Fact]
    public async Task A_domain_in_its_grace_time_still_covers()
    {
        var identity = Known(await _dev.VerifyDomainAsync(Owner, Domain, Cancel));
        await _store.ChangeAsync(identity.Arn, now => now! with { Status = VerificationStatus.TemporaryFailure }, Cancel);

        Assert.NotNull(await _registry.FindCoveringAsync(Owner, Sender, Cancel));
    }

    [Fact]
    public async Task Neither_pending_nor_foreign_identities_cover()
    {
        await _registry.VerifyDomainAsync(Owner, Domain, Cancel);
        await _dev.VerifyDomainAsync(Owner with { Account = AccountId.Parse("444455556666") }, Domain, Cancel);
        await _dev.VerifyDomainAsync(Owner with { Region = Region.Parse("eu-west-1") }, Domain, Cancel);
        await _dev.VerifyDomainAsync(Owner, DomainName.Parse("sub.example.com"), Cancel);

        Assert.Null(await _registry.FindCoveringAsync(Owner, Sender, Cancel));
    }

    [Fact]
    public async Task The_records_of_a_domain_are_its_token_its_aliases_and_the_keys_behind_them()
    {
        await _registry.VerifyDomainAsync(Owner, Domain, Cancel);
        var identity = Known(await _registry.VerifyDkimAsync(Owner, Domain, Cancel));
        var keys = await _store.GetDkimKeysAsync(identity.Arn, Cancel);
        var tokens = identity.Dkim.Tokens;

        var records = await _registry.RecordsAsync(identity, Cancel);

        Assert.Equal(
            [
                new DnsRecord("domain verification", "_amazonses.example.com", "TXT", identity.VerificationToken!),
                .. tokens.Select(t => new DnsRecord("Easy DKIM", $"{t}._domainkey.example.com", "CNAME", $"{t}.dkim.signet.test")),
                .. keys.Select(k => new DnsRecord("Easy DKIM public key", $"{k.Selector}.dkim.signet.test", "TXT", k.RecordText) { IsOperators = true }),
            ],
            records);
    }

    [Fact]
    public async Task An_address_has_no_records()
    {
        Assert.Empty(await _registry.RecordsAsync(Known(await _registry.VerifyEmailAsync(Owner, Sender, Cancel)), Cancel));
    }

    private static Identity Known(VerificationStart start) => Assert.IsType<VerificationStart.Known>(start).Identity;

    private IdentityRegistry Registry(bool atOnce) => new(
        _store,
        new VerificationOptions
        {
            AtOnce = atOnce,
            Hostname = DomainName.Parse("signet.test"),
            ConfirmationUrl = new Uri("https://signet.test/confirm"),
        },
        (mail, _) =>
        {
            _mails.Add(mail);
            return Task.CompletedTask;
        },
        (_, _) => Task.FromResult(false),
        _clock,
        NullLogger<IdentityRegistry>.Instance);
}
