using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Addresses;
using Signet.Identities;
using Signet.Names;
using Signet.Tests.Fakes;

namespace Signet.Tests.Identities;

public sealed class ConfirmationTests
{
    private static readonly AccountRegion Owner = new(AccountId.Parse("111122223333"), Region.Default);
    private static readonly EmailAddress Sender = new("sender", DomainName.Parse("example.com"));
    private static readonly IdentityArn Arn = new(Owner, new IdentityName.OfAddress(Sender));

    private readonly InMemoryIdentityStore _store = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly List<ConfirmationMail> _mails = [];
    private readonly IdentityRegistry _registry;
    private Exception? _doorIsShut;
    private AccountId? _paused;

    public ConfirmationTests() => _registry = new IdentityRegistry(
        _store,
        new VerificationOptions
        {
            AtOnce = false,
            Hostname = DomainName.Parse("signet.test"),
            ConfirmationUrl = new Uri("https://signet.test/confirm/"),
        },
        (mail, _) =>
        {
            if (_doorIsShut is not null)
            {
                return Task.FromException(_doorIsShut);
            }

            _mails.Add(mail);
            return Task.CompletedTask;
        },
        (account, _) => Task.FromResult(account == _paused),
        _clock,
        NullLogger<IdentityRegistry>.Instance);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_is_mailed_for_a_paused_account_and_nothing_is_made()
    {
        _paused = Arn.Owner.Account;
        Assert.IsType<VerificationStart.AccountPaused>(await _registry.VerifyEmailAsync(Owner, Sender, Cancel));
        Assert.Null(await _store.FindAsync(Arn, Cancel));
        Assert.Empty(_mails);

        _paused = null;
        await VerifyAsync();
        await ConfirmAsync(_mails.Single());
        _paused = Arn.Owner.Account;
        Assert.IsType<VerificationStart.Known>(await _registry.VerifyEmailAsync(Owner, Sender, Cancel));
        Assert.Single(_mails);
    }

    [Fact]
    public async Task An_address_is_verified_by_the_link_in_its_mail()
    {
        await VerifyAsync();

        Assert.Equal((Arn, ConfirmationState.Fresh), await ConfirmAsync(_mails.Single()));

        Assert.Equal((VerificationStatus.Success, null), await StatusAsync());
    }

    [Fact]
    public async Task The_mail_says_who_asks_for_what_where_and_what_to_do_otherwise()
    {
        await VerifyAsync();

        var mail = _mails.Single();
        Assert.Equal((Owner, Sender), (mail.Owner, mail.To));
        Assert.Equal("Confirm sender@example.com for sending mail with Signet in region us-east-1", mail.Subject);
        Assert.All(
            ["111122223333", "us-east-1", "sender@example.com", "signet.test", "If you did not ask for this, do nothing", mail.Link.AbsoluteUri],
            part => Assert.All([mail.Text, mail.Html], body => Assert.Contains(part, body, StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_put_into_HTML_is_escaped()
    {
        var arn = new IdentityArn(Owner, new IdentityName.OfAddress(new EmailAddress("\"<b>&\"", DomainName.Parse("example.com"))));

        var mail = ConfirmationMail.For(arn, DomainName.Parse("signet.test"), new Uri("https://signet.test/confirm/x?a=1&b=2"));

        Assert.Contains("&quot;&lt;b&gt;&amp;&quot;@example.com", mail.Html, StringComparison.Ordinal);
        Assert.Contains("href=\"https://signet.test/confirm/x?a=1&amp;b=2\"", mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_link_is_a_secret_of_256_bits_and_only_its_hash_is_stored()
    {
        await VerifyAsync();

        var token = TokenOf(_mails.Single());
        Assert.Matches("^https://signet\\.test/confirm/[0-9a-f]{64}$", _mails.Single().Link.AbsoluteUri);
        Assert.Null(await _store.TakeConfirmationAsync(token, _clock.GetUtcNow(), Cancel));
        Assert.NotNull(await _store.TakeConfirmationAsync(ConfirmationToken.HashOf(token), _clock.GetUtcNow(), Cancel));
    }

    [Fact]
    public async Task A_mail_does_not_print_its_link()
    {
        await VerifyAsync();

        Assert.Equal("confirmation mail of 111122223333/us-east-1", _mails.Single().ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task A_token_nobody_issued_confirms_nothing(string token)
    {
        await VerifyAsync();

        Assert.Null(await _registry.ConfirmAsync(token, Cancel));
        Assert.Equal(VerificationStatus.Pending, (await StatusAsync()).Status);
    }

    [Fact]
    public async Task A_second_click_finds_the_address_verified()
    {
        await VerifyAsync();
        await ConfirmAsync(_mails.Single());

        Assert.Equal((Arn, ConfirmationState.Used), await ConfirmAsync(_mails.Single()));
        Assert.Equal(VerificationStatus.Success, (await StatusAsync()).Status);
    }

    [Fact]
    public async Task A_link_taken_by_a_process_that_died_still_confirms()
    {
        await VerifyAsync();
        await _store.TakeConfirmationAsync(ConfirmationToken.HashOf(TokenOf(_mails.Single())), _clock.GetUtcNow(), Cancel);

        await ConfirmAsync(_mails.Single());

        Assert.Equal(VerificationStatus.Success, (await StatusAsync()).Status);
    }

    [Fact]
    public async Task A_link_works_for_24_hours()
    {
        await VerifyAsync();
        _clock.Advance(TimeSpan.FromHours(24));

        Assert.Equal((Arn, ConfirmationState.Expired), await ConfirmAsync(_mails.Single()));
        Assert.Equal(VerificationStatus.Pending, (await StatusAsync()).Status);
    }

    [Fact]
    public async Task A_used_link_verifies_nothing_after_24_hours()
    {
        await VerifyAsync();
        await ConfirmAsync(_mails.Single());
        await _store.ChangeAsync(Arn, now => now! with { Status = VerificationStatus.Pending }, Cancel);
        _clock.Advance(TimeSpan.FromHours(24));

        await ConfirmAsync(_mails.Single());

        Assert.Equal(VerificationStatus.Pending, (await StatusAsync()).Status);
    }

    [Fact]
    public async Task Asking_again_sends_a_fresh_mail_and_the_first_link_still_works()
    {
        await VerifyAsync();
        _clock.Advance(TimeSpan.FromHours(20));
        await VerifyAsync();

        Assert.NotEqual(_mails[0].Link, _mails[1].Link);
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromHours(24), (await StatusAsync()).Deadline);
        Assert.Equal(ConfirmationState.Fresh, (await ConfirmAsync(_mails[0]))?.State);
    }

    [Fact]
    public async Task A_verified_address_gets_no_further_mail()
    {
        await VerifyAsync();
        await ConfirmAsync(_mails.Single());

        await VerifyAsync();

        Assert.Single(_mails);
    }

    [Fact]
    public async Task The_link_of_a_deleted_identity_does_not_verify_the_next_of_that_name()
    {
        await VerifyAsync();
        await _registry.DeleteAsync(Owner, Arn.Name, Cancel);
        _clock.Advance(ConfirmationPace.Shortest);
        await VerifyAsync();

        Assert.Equal(2, _mails.Count);
        Assert.Null(await ConfirmAsync(_mails[0]));
        Assert.Equal(VerificationStatus.Pending, (await StatusAsync()).Status);
    }

    [Fact]
    public async Task A_mail_that_cannot_be_handed_in_is_the_callers_failure()
    {
        _doorIsShut = new InvalidOperationException("full");

        await Assert.ThrowsAsync<InvalidOperationException>(VerifyAsync);
    }

    private static string TokenOf(ConfirmationMail mail) => mail.Link.Segments[^1];

    private Task<VerificationStart> VerifyAsync() => _registry.VerifyEmailAsync(Owner, Sender, Cancel);

    private Task<(IdentityArn Arn, ConfirmationState State)?> ConfirmAsync(ConfirmationMail mail) =>
        _registry.ConfirmAsync(TokenOf(mail), Cancel);

    private async Task<(VerificationStatus Status, DateTimeOffset? Deadline)> StatusAsync() =>
        await _store.FindAsync(Arn, Cancel) is { } identity ? (identity.Status, identity.Deadline) : throw new InvalidOperationException("gone");
}
