using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Addresses;
using Signet.Dkim;
using Signet.Identities;
using Signet.Names;
using Signet.Queue;
using Signet.Tests.Fakes;

namespace Signet.Tests.Identities;

public sealed class IdentityChecksTests : IDisposable
{
    private static readonly AccountRegion Owner = new(AccountId.Parse("111122223333"), Region.Default);
    private static readonly DomainName Domain = DomainName.Parse("example.com");
    private static readonly IdentityArn Arn = new(Owner, new IdentityName.OfDomain(Domain));
    private static readonly VerificationOptions Options = new()
    {
        AtOnce = false,
        Hostname = DomainName.Parse("signet.test"),
        ConfirmationUrl = new Uri("https://signet.test/confirm"),
    };

    private const string Aliases = """
        {s1}._domainkey.example.com CNAME {s1}.dkim.signet.test.
        {s2}._domainkey.example.com CNAME {s2}.dkim.signet.test.
        {s3}._domainkey.example.com CNAME {s3}.dkim.signet.test.
        """;

    /// <summary>What the operator publishes.</summary>
    private const string Keys = """
        {s1}.dkim.signet.test TXT {key1}
        {s2}.dkim.signet.test TXT {key2}
        {s3}.dkim.signet.test TXT {key3}
        """;

    private readonly InMemoryIdentityStore _store = new();
    private int _dkimLosses;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeDns _dns = new();
    private readonly RecordingLogger _log = new();
    private readonly IdentityRegistry _registry;
    private readonly IdentityChecks _checks;

    public IdentityChecksTests()
    {
        _registry = new IdentityRegistry(_store, Options, (_, _) => Task.CompletedTask, (_, _) => Task.FromResult(false), _clock, NullLogger<IdentityRegistry>.Instance);
        _checks = new IdentityChecks(_store, _dns, Options, Duties.Alone, _clock, _log, () => _dkimLosses++);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _checks.Dispose();

    [Theory]
    [InlineData("_amazonses.example.com TXT \"{token}\"")]
    [InlineData("example.com TXT \"{token}\"")]
    [InlineData("example.com TXT \"amazonses:{token}\"")]
    [InlineData("_amazonses.example.com TXT \"{first half}\" \"{second half}\"")]
    [InlineData("_amazonses.example.com TXT \"another\"\n_amazonses.example.com TXT \"{token}\"")]
    [InlineData("_amazonses.example.com CNAME tokens.example.net.\ntokens.example.net TXT \"{token}\"")]
    [InlineData("_amazonses.example.com FAIL\nexample.com TXT \"{token}\"")]
    public async Task A_domain_is_verified_by_its_token_wherever_it_may_stand(string zone)
    {
        await _registry.VerifyDomainAsync(Owner, Domain, Cancel);
        await PublishAsync(zone);

        await _checks.CheckDueAsync(Cancel);

        Assert.Equal(VerificationStatus.Success, (await IdentityAsync()).Status);
        Assert.Equal([1300], _log.Events);
    }

    [Theory]
    [InlineData("")]
    [InlineData("example.com A 192.0.2.1")]
    [InlineData("_amazonses.example.com TXT \"{token} \"")]
    [InlineData("_amazonses.example.com TXT \"{token without case}\"")]
    [InlineData("_amazonses.example.com TXT \"amazonses:{token}\"")]
    [InlineData("amazonses.example.com TXT \"{token}\"")]
    [InlineData("_amazonses.example.com FAIL")]
    public async Task A_domain_waits_on_for_anything_else(string zone)
    {
        await _registry.VerifyDomainAsync(Owner, Domain, Cancel);
        await PublishAsync(zone);

        await _checks.CheckDueAsync(Cancel);

        var identity = await IdentityAsync();
        Assert.Equal((VerificationStatus.Pending, _clock.GetUtcNow() + TimeSpan.FromMinutes(1)), (identity.Status, identity.NextCheckAt));
    }

    [Theory]
    [InlineData("{s1}._domainkey.example.com CNAME {s1}.dkim.signet.test.")]
    [InlineData("{s1}._domainkey.example.com CNAME {s1}.DKIM.Signet.TEST")]
    [InlineData("{s1}._domainkey.example.com TXT {key1}")]
    [InlineData("{s1}._domainkey.example.com CNAME key.example.net.\nkey.example.net TXT {key1}")]
    public async Task DKIM_is_verified_by_an_alias_into_our_zone_or_by_the_key_itself(string first)
    {
        await VerifyDkimAsync();
        await PublishAsync($$"""
            {{first}}
            {s2}._domainkey.example.com CNAME {s2}.dkim.signet.test.
            {s3}._domainkey.example.com CNAME {s3}.dkim.signet.test.
            {{Keys}}
            """);

        await _checks.CheckDueAsync(Cancel);

        var identity = await IdentityAsync();
        Assert.Equal((VerificationStatus.Success, VerificationStatus.Success), (identity.Dkim.Status, identity.Status));
        Assert.Equal([1300, 1310], _log.Events);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{s1}._domainkey.example.com CNAME {s2}.dkim.signet.test.")]
    [InlineData("{s1}._domainkey.example.com TXT {key2}")]
    [InlineData("{s1}._domainkey.example.com FAIL")]
    public async Task DKIM_needs_all_three(string first)
    {
        await VerifyDkimAsync();
        await PublishAsync($$"""
            {{first}}
            {s2}._domainkey.example.com CNAME {s2}.dkim.signet.test.
            {s3}._domainkey.example.com CNAME {s3}.dkim.signet.test.
            {{Keys}}
            """);

        await _checks.CheckDueAsync(Cancel);

        var identity = await IdentityAsync();
        Assert.Equal((VerificationStatus.Pending, VerificationStatus.NotStarted), (identity.Dkim.Status, identity.Status));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{s1}.dkim.signet.test TXT {key1}\n{s2}.dkim.signet.test TXT {key2}")]
    [InlineData("{s1}.dkim.signet.test TXT {key1}\n{s2}.dkim.signet.test TXT {key2}\n{s3}.dkim.signet.test TXT {key1}")]
    [InlineData("{s1}.dkim.signet.test TXT {key1}\n{s2}.dkim.signet.test TXT {key2}\n{s3}.dkim.signet.test TXT \"v=DKIM1; k=rsa; p=\"")]
    [InlineData("{s1}.dkim.signet.test TXT {key1}\n{s2}.dkim.signet.test TXT {key2}\n{s3}.dkim.signet.test A 192.0.2.1")]
    [InlineData("{s1}.dkim.signet.test TXT {key1}\n{s2}.dkim.signet.test TXT {key2}\n{s3}.dkim.signet.test FAIL")]
    public async Task Aliases_do_not_verify_DKIM_without_the_keys_that_they_lead_to(string keys)
    {
        await VerifyDkimAsync();
        await PublishAsync($"{Aliases}\n{keys}");

        await _checks.CheckDueAsync(Cancel);

        Assert.Equal(VerificationStatus.Pending, (await IdentityAsync()).Dkim.Status);
        Assert.Null(await SigningKeyAsync());
    }

    [Fact]
    public async Task Keys_that_vanish_end_the_signing_within_an_hour_and_are_told_and_counted()
    {
        await VerifyDkimAsync();
        await PublishAsync($"{Aliases}\n{Keys}");
        await _checks.CheckDueAsync(Cancel);
        Assert.NotNull(await SigningKeyAsync());
        await PublishAsync(Aliases);

        await PassAsync(TimeSpan.FromHours(1));

        Assert.Equal(VerificationStatus.TemporaryFailure, (await IdentityAsync()).Dkim.Status);
        Assert.Null(await SigningKeyAsync());
        Assert.Equal([1300, 1310, 1302, 1312], _log.Events);
        Assert.Equal(1, _dkimLosses);

        await PublishAsync($"{Aliases}\n{Keys}");
        await PassAsync(TimeSpan.FromHours(1));

        Assert.NotNull(await SigningKeyAsync());
        Assert.Equal((1, 1313), (_dkimLosses, _log.Events[^1]));
    }

    [Fact]
    public async Task Keys_that_do_not_come_back_in_five_days_cost_DKIM()
    {
        await VerifyDkimAsync();
        await PublishAsync($"{Aliases}\n{Keys}");
        await _checks.CheckDueAsync(Cancel);
        await PublishAsync(Aliases);
        await PassAsync(TimeSpan.FromHours(1));

        await PassAsync(TimeSpan.FromDays(5));

        Assert.Equal(VerificationStatus.Failed, (await IdentityAsync()).Dkim.Status);
        Assert.Equal(1, _dkimLosses);
    }

    [Fact]
    public async Task A_DNS_that_does_not_answer_for_the_keys_does_not_end_the_signing()
    {
        await VerifyDkimAsync();
        await PublishAsync($"{Aliases}\n{Keys}");
        await _checks.CheckDueAsync(Cancel);
        _dns.Zone = Zone.Parse(string.Join('\n', (await _store.GetDkimKeysAsync(Arn, Cancel)).Select(k => $"{k.Selector}._domainkey.example.com FAIL")));

        await PassAsync(TimeSpan.FromHours(1));

        Assert.NotNull(await SigningKeyAsync());
        Assert.Equal(0, _dkimLosses);
    }

    [Fact]
    public async Task The_token_of_DKIM_alone_is_not_looked_for()
    {
        await VerifyDkimAsync();

        await _checks.CheckDueAsync(Cancel);

        Assert.DoesNotContain(_dns.Asked, question => question.Contains("_amazonses", StringComparison.Ordinal));
        Assert.Equal(6, _dns.Asked.Count);
    }

    [Fact]
    public async Task The_keys_that_RecordsAsync_shows_verify_when_published()
    {
        await _registry.VerifyDomainAsync(Owner, Domain, Cancel);
        await VerifyDkimAsync();
        var records = await _registry.RecordsAsync(await IdentityAsync(), Cancel);
        _dns.Zone = Zone.Parse(string.Join(
            '\n', records.Select(r => $"{r.Name} {r.Type} {(r.Type == "TXT" ? EasyDkimKeys.ZoneFileText(r.Value) : r.Value)}")));

        await _checks.CheckDueAsync(Cancel);

        var identity = await IdentityAsync();
        Assert.Equal((VerificationStatus.Success, VerificationStatus.Success), (identity.Status, identity.Dkim.Status));
    }

    [Fact]
    public async Task Records_that_are_gone_cost_the_verification_after_72_hours_and_not_before()
    {
        await VerifyByTokenAsync();
        _dns.Zone = Zone.Parse(string.Empty);

        await PassAsync(TimeSpan.FromHours(24));
        Assert.Equal(VerificationStatus.TemporaryFailure, (await IdentityAsync()).Status);
        await PassAsync(TimeSpan.FromHours(72) - TimeSpan.FromMinutes(1));
        Assert.True((await IdentityAsync()).MaySend);
        await PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal((VerificationStatus.Failed, null), ((await IdentityAsync()).Status, (await IdentityAsync()).NextCheckAt));
        Assert.Equal([1300, 1302, 1304], _log.Events);
    }

    [Fact]
    public async Task Records_that_come_back_in_time_save_the_verification()
    {
        await VerifyByTokenAsync();
        var published = _dns.Zone;
        _dns.Zone = Zone.Parse(string.Empty);
        await PassAsync(TimeSpan.FromHours(24));
        _dns.Zone = published;

        await PassAsync(TimeSpan.FromHours(1));

        Assert.Equal(VerificationStatus.Success, (await IdentityAsync()).Status);
        Assert.Equal([1300, 1302, 1303], _log.Events);
    }

    [Fact]
    public async Task A_DNS_that_fails_for_days_costs_nothing()
    {
        await VerifyByTokenAsync();
        _dns.Zone = Zone.Parse("_amazonses.example.com FAIL");

        for (var day = 0; day < 10; day++)
        {
            await PassAsync(TimeSpan.FromDays(1));
        }

        Assert.Equal(VerificationStatus.Success, (await IdentityAsync()).Status);
    }

    [Fact]
    public async Task A_domain_that_the_operator_vouched_for_stays_verified_and_its_DKIM_needs_its_keys()
    {
        await SomeDkimKeys.GiveAsync(_store, Owner, Arn.Name, Cancel);
        var vouching = new IdentityRegistry(
            _store, Options with { IsVouched = true }, (_, _) => Task.CompletedTask, (_, _) => Task.FromResult(false), _clock,
            NullLogger<IdentityRegistry>.Instance);
        await vouching.VerifyDomainAsync(Owner, Domain, Cancel);
        await vouching.VerifyDkimAsync(Owner, Domain, Cancel);
        var begun = await IdentityAsync();
        Assert.Equal((VerificationStatus.Success, VerificationStatus.Pending), (begun.Status, begun.Dkim.Status));

        await PassAsync(TimeSpan.FromHours(1));
        Assert.Null(await SigningKeyAsync());
        await PublishAsync($"{Aliases}\n{Keys}");
        await PassAsync(TimeSpan.FromHours(1));
        Assert.NotNull(await SigningKeyAsync());
        _dns.Zone = Zone.Parse(string.Empty);
        for (var day = 0; day < 7; day++)
        {
            await PassAsync(TimeSpan.FromDays(1));
        }

        var later = await IdentityAsync();
        Assert.Equal((VerificationStatus.Success, VerificationStatus.Failed), (later.Status, later.Dkim.Status));
        Assert.Null(later.NextCheckAt);
    }

    [Fact]
    public async Task An_identity_that_is_not_due_is_left_in_peace()
    {
        await VerifyByTokenAsync();
        _dns.Asked.Clear();

        await PassAsync(TimeSpan.FromHours(23));

        Assert.Empty(_dns.Asked);
    }

    [Fact]
    public async Task An_address_nobody_confirmed_fails_after_24_hours()
    {
        var sender = new EmailAddress("sender", Domain);
        await _registry.VerifyEmailAsync(Owner, sender, Cancel);

        await PassAsync(TimeSpan.FromHours(24));

        var identity = await _store.FindAsync(new IdentityArn(Owner, new IdentityName.OfAddress(sender)), Cancel);
        Assert.Equal(VerificationStatus.Failed, identity?.Status);
        Assert.Empty(_dns.Asked);
        Assert.DoesNotContain(_log.Texts, text => text.Contains("sender", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_domain_begun_anew_during_the_look_is_not_verified_by_its_old_token()
    {
        await _registry.VerifyDomainAsync(Owner, Domain, Cancel);
        await PublishAsync("_amazonses.example.com TXT \"{token}\"");
        _dns.BeforeAnswer = async () =>
        {
            await _registry.DeleteAsync(Owner, Arn.Name, Cancel);
            await _registry.VerifyDomainAsync(Owner, Domain, Cancel);
        };

        await _checks.CheckDueAsync(Cancel);

        Assert.Equal(VerificationStatus.Pending, (await IdentityAsync()).Status);
    }

    [Fact]
    public async Task A_domain_deleted_during_the_look_stays_deleted()
    {
        await _registry.VerifyDomainAsync(Owner, Domain, Cancel);
        await PublishAsync("_amazonses.example.com TXT \"{token}\"");
        _dns.BeforeAnswer = () => _registry.DeleteAsync(Owner, Arn.Name, Cancel);

        await _checks.CheckDueAsync(Cancel);

        Assert.Null(await _store.FindAsync(Arn, Cancel));
        Assert.Empty(_log.Events);
    }

    [Fact]
    public async Task A_name_too_long_for_a_record_below_it_waits_like_any_other()
    {
        var longest = DomainName.Parse(string.Join('.', Enumerable.Repeat(new string('a', 62), 4)));
        await _registry.VerifyDomainAsync(Owner, longest, Cancel);

        await _checks.CheckDueAsync(Cancel);

        Assert.Equal([$"TXT {longest}"], _dns.Asked);
    }

    [Fact]
    public async Task More_identities_than_a_turn_takes_are_checked_in_the_next()
    {
        for (var i = 0; i < 150; i++)
        {
            await _registry.VerifyDomainAsync(Owner, DomainName.Parse($"d{i}.example.com"), Cancel);
        }

        Assert.Equal(100, await _checks.CheckDueAsync(Cancel));
        Assert.Equal(50, await _checks.CheckDueAsync(Cancel));
        Assert.Equal(0, await _checks.CheckDueAsync(Cancel));
    }

    [Fact]
    public async Task An_identity_whose_check_breaks_stops_no_other_and_is_tried_again_later()
    {
        await _registry.VerifyDomainAsync(Owner, DomainName.Parse("broken.example.com"), Cancel);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _registry.VerifyDomainAsync(Owner, Domain, Cancel);
        await PublishAsync("_amazonses.example.com TXT \"{token}\"");
        _dns.BeforeAnswer = () => throw new InvalidOperationException("an answer makes no sense");

        Assert.Equal(2, await _checks.CheckDueAsync(Cancel));

        Assert.Equal(1, _log.Events.Count(e => e == 1332));
        Assert.Equal(0, await _checks.CheckDueAsync(Cancel));
        await PassAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(VerificationStatus.Success, (await IdentityAsync()).Status);
    }

    [Fact]
    public async Task A_turn_that_breaks_off_is_told_and_the_next_goes_on()
    {
        await _registry.VerifyDomainAsync(Owner, Domain, Cancel);
        await PublishAsync("_amazonses.example.com TXT \"{token}\"");
        _store.FailNext = new InvalidOperationException("the store is away");

        await _checks.StartAsync(Cancel);
        await PassPausesUntilAsync(1331);
        await PassPausesUntilAsync(1300);
        await _checks.StopAsync(Cancel);

        Assert.Equal(VerificationStatus.Success, (await IdentityAsync()).Status);
    }

    private Task<DomainKey?> SigningKeyAsync() =>
        _registry.FindSigningKeyAsync(new SendingIdentity(Owner, new EmailAddress("sender", Domain)), Cancel);

    private async Task<Identity> IdentityAsync() => await _store.FindAsync(Arn, Cancel) ?? throw new InvalidOperationException("no identity");

    private async Task VerifyByTokenAsync()
    {
        await _registry.VerifyDomainAsync(Owner, Domain, Cancel);
        await PublishAsync("_amazonses.example.com TXT \"{token}\"");
        await _checks.CheckDueAsync(Cancel);
    }

    private async Task VerifyDkimAsync()
    {
        await SomeDkimKeys.GiveAsync(_store, Owner, Arn.Name, Cancel);
        await _registry.VerifyDkimAsync(Owner, Domain, Cancel);
    }

    private async Task PassAsync(TimeSpan time)
    {
        _clock.Advance(time);
        await _checks.CheckDueAsync(Cancel);
    }

    /// <summary>Lets the loop's pauses pass until the event was logged.</summary>
    private Task PassPausesUntilAsync(int wanted) =>
        Eventually.TrueAsync(() => _log.Events.Contains(wanted), () => _clock.Advance(TimeSpan.FromSeconds(5)), $"event {wanted}");

    /// <summary>Puts the identity's token, selectors and keys where the zone has names in braces.</summary>
    private async Task PublishAsync(string zone)
    {
        var token = (await IdentityAsync()).VerificationToken ?? string.Empty;
        var swapped = new string([.. token.Select(c => char.IsAsciiLetterLower(c) ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c))]);
        zone = zone
            .Replace("{token}", token, StringComparison.Ordinal)
            .Replace("{token without case}", swapped, StringComparison.Ordinal)
            .Replace("{first half}", token[..(token.Length / 2)], StringComparison.Ordinal)
            .Replace("{second half}", token[(token.Length / 2)..], StringComparison.Ordinal);
        foreach (var (key, number) in (await _store.GetDkimKeysAsync(Arn, Cancel)).Select((key, i) => (key, i + 1)))
        {
            zone = zone
                .Replace($"{{s{number}}}", key.Selector, StringComparison.Ordinal)
                .Replace($"{{key{number}}}", EasyDkimKeys.ZoneFileText(key.RecordText), StringComparison.Ordinal);
        }

        _dns.Zone = Zone.Parse(zone);
    }

    /// <summary>Keeps what was logged above Debug.</summary>
    private sealed class RecordingLogger : ILogger<IdentityChecks>
    {
        private readonly Lock _lock = new();
        private readonly List<(int Event, string Text)> _entries = [];

        public IReadOnlyList<int> Events => [.. Entries.Select(e => e.Event)];

        public IReadOnlyList<string> Texts => [.. Entries.Select(e => e.Text)];

        private List<(int Event, string Text)> Entries
        {
            get
            {
                lock (_lock)
                {
                    return [.. _entries];
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel > LogLevel.Debug;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lock)
            {
                _entries.Add((eventId.Id, formatter(state, exception)));
            }
        }
    }
}
