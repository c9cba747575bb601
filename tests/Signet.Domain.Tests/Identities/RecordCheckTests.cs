using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Addresses;
using Signet.Dkim;
using Signet.Identities;
using Signet.Names;
using Signet.Queue;
using Signet.Tests.Fakes;

namespace Signet.Tests.Identities;

/// <summary>The look at an identity's records that somebody asked for.</summary>
public sealed class RecordCheckTests
{
    private static readonly AccountRegion Owner = new(AccountId.Parse("111122223333"), Region.Default);
    private static readonly DomainName Domain = DomainName.Parse("example.com");
    private static readonly IdentityArn Arn = new(Owner, new IdentityName.OfDomain(Domain));

    private readonly InMemoryIdentityStore _store = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeDns _dns = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_record_is_told_of_by_itself_whoever_is_to_publish_it()
    {
        await BeginAsync();
        var keys = await _store.GetDkimKeysAsync(Arn, Cancel);
        _dns.Zone = Zone.Parse($"""
            _amazonses.example.com TXT "another"
            {keys[0].Selector}._domainkey.example.com CNAME {keys[0].Selector}.dkim.signet.test.
            {keys[1].Selector}._domainkey.example.com CNAME elsewhere.test.
            {keys[2].Selector}._domainkey.example.com FAIL
            {keys[0].Selector}.dkim.signet.test TXT {EasyDkimKeys.ZoneFileText(keys[0].RecordText)}
            {keys[1].Selector}.dkim.signet.test TXT "v=DKIM1; p="
            """);

        var check = await CheckAsync();

        Assert.Equal(
            [
                RecordState.Different, RecordState.Present, RecordState.Different, RecordState.Unknown,
                RecordState.Present, RecordState.Different, RecordState.Missing,
            ],
            check.Records.Select(r => r.State));
        Assert.Equal(["another"], check.Records[0].Found);
        Assert.Equal(["elsewhere.test"], check.Records[2].Found);
        Assert.Contains("the zone says so", check.Records[3].Problem, StringComparison.Ordinal);
        Assert.Equal(VerificationStatus.Pending, check.Identity!.Status);
    }

    [Fact]
    public async Task An_alias_that_leads_to_no_key_or_another_one_is_told_apart()
    {
        await BeginAsync();
        var keys = await _store.GetDkimKeysAsync(Arn, Cancel);
        _dns.Zone = Zone.Parse($"""
            {keys[0].Selector}._domainkey.example.com CNAME {keys[0].Selector}.dkim.signet.test.
            {keys[1].Selector}._domainkey.example.com CNAME {keys[1].Selector}.dkim.signet.test.
            {keys[1].Selector}.dkim.signet.test TXT "v=DKIM1; k=rsa; p="
            {keys[2].Selector}._domainkey.example.com CNAME keys.example.net.
            keys.example.net TXT {EasyDkimKeys.ZoneFileText(keys[2].RecordText)}
            """);

        var records = (await CheckAsync()).Records;

        Assert.Equal([RecordState.KeyMissing, RecordState.KeyMissing, RecordState.Present], records.Skip(1).Take(3).Select(r => r.State));
        Assert.Empty(records[1].Found);
        Assert.Equal(["v=DKIM1; k=rsa; p="], records[2].Found);
    }

    [Fact]
    public async Task What_else_stands_at_the_domain_itself_is_not_in_the_way_of_its_token()
    {
        await BeginAsync();
        _dns.Zone = Zone.Parse("""example.com TXT "v=spf1 -all" """);

        var token = (await CheckAsync()).Records[0];

        Assert.Equal((RecordState.Missing, 0), (token.State, token.Found.Count));
    }

    [Fact]
    public async Task A_key_published_in_place_of_its_alias_is_present()
    {
        await BeginAsync();
        var key = (await _store.GetDkimKeysAsync(Arn, Cancel))[0];
        _dns.Zone = Zone.Parse($"{key.Selector}._domainkey.example.com TXT {EasyDkimKeys.ZoneFileText(key.RecordText)}");

        Assert.Equal(RecordState.Present, (await CheckAsync()).Records[1].State);
    }

    [Fact]
    public async Task A_key_beside_another_record_is_none_that_receivers_are_sure_to_take()
    {
        await BeginAsync();
        var key = (await _store.GetDkimKeysAsync(Arn, Cancel))[0];
        var name = $"{key.Selector}._domainkey.example.com";
        _dns.Zone = Zone.Parse($"{name} TXT {EasyDkimKeys.ZoneFileText(key.RecordText)}\n{name} TXT \"v=DKIM1; p=AAAA\"");

        var check = await CheckAsync();

        Assert.Equal((RecordState.Different, 2), (check.Records[1].State, check.Records[1].Found.Count));
        Assert.Equal(VerificationStatus.Pending, check.Identity!.Dkim.Status);
    }

    [Fact]
    public async Task A_look_moves_the_status_before_it_is_due()
    {
        await BeginAsync();
        await CheckAsync();
        var token = (await _store.FindAsync(Arn, Cancel))!.VerificationToken;
        _dns.Zone = Zone.Parse($"_amazonses.example.com TXT \"{token}\"");

        var check = await CheckAsync();

        Assert.Equal(VerificationStatus.Success, check.Identity!.Status);
        Assert.Equal(VerificationStatus.Success, (await _store.FindAsync(Arn, Cancel))!.Status);
        Assert.Equal(VerificationStatus.Pending, check.Identity.Dkim.Status);
    }

    [Fact]
    public async Task A_failed_identity_is_looked_up_and_stays_failed_until_its_owner_begins_again()
    {
        await BeginAsync();
        _clock.Advance(TimeSpan.FromHours(72));
        await CheckAsync();
        var token = (await _store.FindAsync(Arn, Cancel))!.VerificationToken;
        _dns.Zone = Zone.Parse($"_amazonses.example.com TXT \"{token}\"");

        var check = await CheckAsync();

        Assert.Equal((RecordState.Present, VerificationStatus.Failed), (check.Records[0].State, check.Identity!.Status));
    }

    [Fact]
    public async Task Where_identities_are_verified_at_once_records_are_looked_up_and_cost_nothing()
    {
        await BeginAsync(atOnce: true);

        var check = await CheckAsync(atOnce: true);

        Assert.All(check.Records, r => Assert.Equal(RecordState.Missing, r.State));
        Assert.Equal(7, check.Records.Count);
        Assert.Equal(VerificationStatus.Success, (await _store.FindAsync(Arn, Cancel))!.Status);
    }

    [Fact]
    public async Task An_address_has_no_records()
    {
        var address = new EmailAddress("sender", Domain);
        await Registry(false).VerifyEmailAsync(Owner, address, Cancel);
        using var checks = Checks(false);

        var check = await checks.CheckAsync((await _store.FindAsync(new IdentityArn(Owner, new IdentityName.OfAddress(address)), Cancel))!, settles: true, Cancel);

        Assert.Empty(check.Records);
        Assert.Equal(VerificationStatus.Pending, check.Identity!.Status);
    }

    [Fact]
    public async Task A_look_that_settles_nothing_leaves_the_status_as_it_is()
    {
        await BeginAsync(atOnce: true);

        var check = await CheckAsync(settles: false);

        Assert.All(check.Records, r => Assert.Equal(RecordState.Missing, r.State));
        Assert.Equal(VerificationStatus.Success, check.Identity!.Status);
        Assert.Equal(check.Identity, await _store.FindAsync(Arn, Cancel));
    }

    [Fact]
    public async Task An_identity_that_was_deleted_during_the_look_is_gone()
    {
        await BeginAsync();
        _dns.BeforeAnswer = () => _store.DeleteAsync(Arn, Cancel);

        Assert.Null((await CheckAsync()).Identity);
    }

    private async Task BeginAsync(bool atOnce = false)
    {
        await Registry(atOnce).VerifyDomainAsync(Owner, Domain, Cancel);
        await SomeDkimKeys.GiveAsync(_store, Owner, Arn.Name, Cancel);
        await Registry(atOnce).VerifyDkimAsync(Owner, Domain, Cancel);
    }

    private async Task<IdentityCheck> CheckAsync(bool atOnce = false, bool settles = true)
    {
        using var checks = Checks(atOnce);
        return await checks.CheckAsync((await _store.FindAsync(Arn, Cancel))!, settles, Cancel);
    }

    private IdentityRegistry Registry(bool atOnce) =>
        new(_store, Options(atOnce), (_, _) => Task.CompletedTask, (_, _) => Task.FromResult(false), _clock, NullLogger<IdentityRegistry>.Instance);

    private IdentityChecks Checks(bool atOnce) => new(_store, _dns, Options(atOnce), Duties.Alone, _clock, NullLogger<IdentityChecks>.Instance);

    private static VerificationOptions Options(bool atOnce) => new()
    {
        AtOnce = atOnce,
        Hostname = DomainName.Parse("signet.test"),
        ConfirmationUrl = new Uri("https://signet.test/confirm"),
    };
}
