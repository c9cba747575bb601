using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Addresses;
using Signet.Identities;
using Signet.Names;
using Signet.Tests.Fakes;

namespace Signet.Tests.Identities;

/// <summary>How often confirmation mails go to one mailbox.</summary>
public sealed class ConfirmationPaceTests
{
    private static readonly AccountRegion One = new(AccountId.Parse("111122223333"), Region.Default);
    private static readonly AccountRegion OneElsewhere = new(One.Account, Region.Parse("eu-west-1"));
    private static readonly AccountRegion Other = new(AccountId.Parse("444455556666"), Region.Default);

    private readonly InMemoryIdentityStore _store = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly List<ConfirmationMail> _mails = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("111122223333", "us-east-1")]
    [InlineData("111122223333", "eu-west-1")]
    [InlineData("444455556666", "us-east-1")]
    public async Task A_mailbox_gets_one_mail_in_five_minutes_whoever_asks_from_whatever_region(string account, string region)
    {
        var owner = new AccountRegion(AccountId.Parse(account), Region.Parse(region));
        await VerifyAsync(One);

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new VerificationStart.TooSoon(TimeSpan.FromMinutes(4)), await VerifyAsync(owner));
        _clock.Advance(TimeSpan.FromMinutes(4) - TimeSpan.FromMilliseconds(1));
        Assert.IsType<VerificationStart.TooSoon>(await VerifyAsync(owner));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.IsType<VerificationStart.Known>(await VerifyAsync(owner));

        Assert.Equal(2, _mails.Count);
    }

    [Theory]
    [InlineData("boss+1@bank.test")]
    [InlineData("BOSS@bank.test")]
    [InlineData("Boss+x+y@BANK.test")]
    [InlineData("\"boss\"@bank.test")]
    [InlineData("\"bo\\ss+x\"@bank.test")]
    public async Task Another_spelling_is_the_same_mailbox(string address)
    {
        await VerifyAsync(One, "boss@bank.test");

        Assert.IsType<VerificationStart.TooSoon>(await VerifyAsync(Other, address));
        Assert.IsType<VerificationStart.Known>(await VerifyAsync(Other, "boss@sub.bank.test"));
        Assert.IsType<VerificationStart.Known>(await VerifyAsync(Other, "+boss@bank.test"));
    }

    [Fact]
    public async Task A_call_that_comes_too_soon_changes_nothing()
    {
        await VerifyAsync(One);
        var before = await FindAsync(One);
        _clock.Advance(TimeSpan.FromMinutes(1));

        await VerifyAsync(One);
        await VerifyAsync(Other);

        Assert.Equal(before, await FindAsync(One));
        Assert.Null(await FindAsync(Other));
        Assert.Single(_mails);
    }

    [Fact]
    public async Task The_account_that_asks_again_waits_twice_as_long_each_time_up_to_a_day()
    {
        List<double> waits = [];
        for (var i = 0; i < 12; i++)
        {
            // In turn from two regions: the account counts.
            await VerifyAsync(i % 2 == 0 ? One : OneElsewhere);
            var soon = Assert.IsType<VerificationStart.TooSoon>(await VerifyAsync(One));
            waits.Add(soon.Wait.TotalMinutes);
            _clock.Advance(soon.Wait);
        }

        Assert.Equal([5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440, 1440], waits);
        Assert.Equal(12, _mails.Count);
    }

    [Fact]
    public async Task An_account_that_always_asks_does_not_keep_the_others_from_the_address()
    {
        await VerifyAsync(One);
        _clock.Advance(TimeSpan.FromMinutes(5));
        await VerifyAsync(One);
        _clock.Advance(TimeSpan.FromMinutes(5));

        Assert.IsType<VerificationStart.TooSoon>(await VerifyAsync(One));
        Assert.IsType<VerificationStart.Known>(await VerifyAsync(Other));
    }

    [Fact]
    public async Task Deleting_the_identity_does_not_make_the_wait_shorter()
    {
        await VerifyAsync(One);
        await Registry().DeleteAsync(One, IdentityName.Parse("boss@bank.test"), Cancel);

        Assert.IsType<VerificationStart.TooSoon>(await VerifyAsync(One));
        Assert.Null(await FindAsync(One));
    }

    [Fact]
    public async Task Who_has_not_asked_for_a_day_longer_than_needed_begins_again_with_the_shortest_wait()
    {
        await VerifyAsync(One);
        _clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromDays(1));
        await VerifyAsync(One);

        Assert.Equal(new VerificationStart.TooSoon(TimeSpan.FromMinutes(5)), await VerifyAsync(One));
    }

    [Fact]
    public async Task Two_hundred_calls_at_once_send_one_mail()
    {
        var started = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => VerifyAsync(i % 2 == 0 ? One : Other))));

        Assert.Single(started.OfType<VerificationStart.Known>());
        Assert.Single(_mails);
    }

    [Fact]
    public async Task An_account_sends_50_mails_an_hour_over_all_regions_whatever_the_addresses()
    {
        for (var i = 0; i < 50; i++)
        {
            Assert.IsType<VerificationStart.Known>(await VerifyAsync(i % 2 == 0 ? One : OneElsewhere, $"boss{i}@bank{i}.test"));
            _clock.Advance(TimeSpan.FromSeconds(6));
        }

        // The first was sent five minutes ago.
        Assert.Equal(new VerificationStart.TooSoon(TimeSpan.FromMinutes(55), IsOfAccount: true), await VerifyAsync(OneElsewhere, "new@client.test"));
        Assert.Equal(new VerificationStart.TooSoon(TimeSpan.FromMinutes(55), IsOfAccount: true), await VerifyAsync(One, "boss0@bank0.test"));
        Assert.Equal(50, _mails.Count);
        Assert.IsType<VerificationStart.Known>(await VerifyAsync(Other, "new@client.test"));

        _clock.Advance(TimeSpan.FromMinutes(55));
        Assert.IsType<VerificationStart.Known>(await VerifyAsync(One, "new@client.org.test"));
        Assert.Equal(new VerificationStart.TooSoon(TimeSpan.FromSeconds(6), IsOfAccount: true), await VerifyAsync(One, "newer@client.org.test"));
    }

    [Fact]
    public async Task Mails_to_the_same_mailboxes_count_each()
    {
        // 13 mailboxes at 0, 5, 15 and 35 minutes, as their waits allow: 52 would be sent.
        int[] times = [0, 5, 10, 20];
        foreach (var minutes in times)
        {
            _clock.Advance(TimeSpan.FromMinutes(minutes));
            for (var i = 0; i < 13; i++)
            {
                await VerifyAsync(One, $"boss{i}@bank.test");
            }
        }

        Assert.Equal(50, _mails.Count);
        Assert.Equal(new VerificationStart.TooSoon(TimeSpan.FromMinutes(25), IsOfAccount: true), await VerifyAsync(One, "new@client.test"));
    }

    [Fact]
    public async Task Calls_at_once_for_different_mailboxes_send_no_more_than_the_account_may()
    {
        var started = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => VerifyAsync(One, $"boss{i}@bank.test"))));

        Assert.Equal(50, started.OfType<VerificationStart.Known>().Count());
        Assert.Equal(50, _mails.Count);
    }

    [Fact]
    public async Task A_verified_address_is_not_limited()
    {
        await VerifyAsync(One);
        await Registry().ConfirmAsync(_mails.Single().Link.Segments[^1], Cancel);

        Assert.IsType<VerificationStart.Known>(await VerifyAsync(One));
        Assert.Single(_mails);
    }

    [Fact]
    public async Task Where_addresses_are_verified_at_once_nothing_is_mailed_and_nothing_limited()
    {
        for (var i = 0; i < 60; i++)
        {
            Assert.IsType<VerificationStart.Known>(await VerifyAsync(i % 3 == 0 ? One : Other, $"boss{i / 3}@bank.test", atOnce: true));
        }

        Assert.Empty(_mails);
    }

    [Theory]
    [InlineData("0:00:00.001", "1 second")]
    [InlineData("0:00:59.5", "60 seconds")]
    [InlineData("0:01:00", "60 seconds")]
    [InlineData("0:01:00.1", "2 minutes")]
    [InlineData("0:05:00", "5 minutes")]
    [InlineData("0:59:00.1", "1 hour")]
    [InlineData("1:01:00", "1 hour and 1 minute")]
    [InlineData("10:40:00", "10 hours and 40 minutes")]
    [InlineData("1.00:00:00", "24 hours")]
    public void A_wait_is_said_in_words_and_never_shorter_than_it_is(string wait, string words) =>
        Assert.Equal(words, new VerificationStart.TooSoon(TimeSpan.Parse(wait, System.Globalization.CultureInfo.InvariantCulture)).WaitInWords);

    private async Task<Identity?> FindAsync(AccountRegion owner) =>
        await _store.FindAsync(new IdentityArn(owner, IdentityName.Parse("boss@bank.test")), Cancel);

    private Task<VerificationStart> VerifyAsync(AccountRegion owner, string address = "boss@bank.test", bool atOnce = false) =>
        Registry(atOnce).VerifyEmailAsync(owner, EmailAddress.Parse(address), Cancel);

    // Each time another one, as on another node: the store holds the pace.
    private IdentityRegistry Registry(bool atOnce = false) => new(
        _store,
        new VerificationOptions
        {
            AtOnce = atOnce,
            Hostname = DomainName.Parse("signet.test"),
            ConfirmationUrl = new Uri("https://signet.test/confirm/"),
        },
        (mail, _) =>
        {
            lock (_mails)
            {
                _mails.Add(mail);
            }

            return Task.CompletedTask;
        },
        (_, _) => Task.FromResult(false),
        _clock,
        NullLogger<IdentityRegistry>.Instance);
}
