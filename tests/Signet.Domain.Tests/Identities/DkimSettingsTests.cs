using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Addresses;
using Signet.Identities;
using Signet.Names;
using Signet.Tests.Fakes;

namespace Signet.Tests.Identities;

/// <summary>SetIdentityDkimEnabled and GetIdentityDkimAttributes.</summary>
public sealed class DkimSettingsTests
{
    private static readonly AccountRegion Owner = new(AccountId.Parse("111122223333"), Region.Default);
    private static readonly DomainName Parent = DomainName.Parse("example.com");
    private static readonly IdentityName ParentIdentity = new IdentityName.OfDomain(Parent);
    private static readonly DomainName Domain = DomainName.Parse("mail.example.com");
    private static readonly IdentityName DomainIdentity = new IdentityName.OfDomain(Domain);
    private static readonly EmailAddress Sender = new("sender", Domain);
    private static readonly IdentityName SenderIdentity = new IdentityName.OfAddress(Sender);

    private readonly InMemoryIdentityStore _store = new();
    private readonly IdentityRegistry _registry;

    public DkimSettingsTests() => _registry = new IdentityRegistry(
        _store,
        new VerificationOptions
        {
            AtOnce = true,
            Hostname = DomainName.Parse("signet.test"),
            ConfirmationUrl = new Uri("https://signet.test/confirm"),
        },
        (_, _) => throw new InvalidOperationException("no mail is sent where identities are verified at once"),
        (_, _) => Task.FromResult(false),
        new FakeTimeProvider(),
        NullLogger<IdentityRegistry>.Instance);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_domain_begins_with_DKIM_enabled_and_not_started()
    {
        await _registry.VerifyDomainAsync(Owner, Domain, Cancel);

        Assert.Equal(DkimState.NotStarted, await _registry.DkimOfAsync(Owner, DomainIdentity, Cancel));
    }

    [Fact]
    public async Task The_flag_of_a_domain_can_be_set_and_changes_nothing_else()
    {
        await VerifyDkimAsync(Domain);
        var before = await _registry.DkimOfAsync(Owner, DomainIdentity, Cancel);

        Assert.True(await _registry.SetDkimEnabledAsync(Owner, DomainIdentity, false, Cancel));

        Assert.Equal(before! with { Enabled = false }, await _registry.DkimOfAsync(Owner, DomainIdentity, Cancel));
    }

    [Fact]
    public async Task A_domain_nobody_knows_has_no_flag()
    {
        await _registry.VerifyDomainAsync(Owner, Parent, Cancel);

        Assert.False(await _registry.SetDkimEnabledAsync(Owner, DomainIdentity, true, Cancel));
        Assert.Null(await _registry.DkimOfAsync(Owner, DomainIdentity, Cancel));
    }

    [Fact]
    public async Task An_address_answers_with_the_tokens_and_status_of_its_nearest_domain()
    {
        await _registry.VerifyDomainAsync(Owner, Parent, Cancel);
        await VerifyDkimAsync(Domain);

        Assert.Equal(
            await _registry.DkimOfAsync(Owner, DomainIdentity, Cancel), await _registry.DkimOfAsync(Owner, SenderIdentity, Cancel));
    }

    [Fact]
    public async Task An_address_without_a_domain_of_its_own_answers_with_the_nearest_parent()
    {
        await VerifyDkimAsync(Parent);

        Assert.Equal(
            await _registry.DkimOfAsync(Owner, ParentIdentity, Cancel), await _registry.DkimOfAsync(Owner, SenderIdentity, Cancel));
    }

    [Fact]
    public async Task An_address_identity_has_a_flag_of_its_own()
    {
        await VerifyDkimAsync(Domain);
        await _registry.VerifyEmailAsync(Owner, Sender, Cancel);

        Assert.True(await _registry.SetDkimEnabledAsync(Owner, SenderIdentity, false, Cancel));

        Assert.False((await _registry.DkimOfAsync(Owner, SenderIdentity, Cancel))!.Enabled);
        Assert.True((await _registry.DkimOfAsync(Owner, DomainIdentity, Cancel))!.Enabled);
    }

    [Fact]
    public async Task Setting_the_flag_of_an_address_that_is_no_identity_changes_nothing()
    {
        await VerifyDkimAsync(Domain);

        Assert.True(await _registry.SetDkimEnabledAsync(Owner, SenderIdentity, false, Cancel));

        Assert.True((await _registry.DkimOfAsync(Owner, SenderIdentity, Cancel))!.Enabled);
        Assert.Equal(1, await _store.CountAsync(Owner, Cancel));
    }

    [Fact]
    public async Task An_address_identity_without_a_known_domain_has_DKIM_off_for_good()
    {
        await _registry.VerifyEmailAsync(Owner, Sender, Cancel);

        Assert.False(await _registry.SetDkimEnabledAsync(Owner, SenderIdentity, true, Cancel));

        Assert.Equal(DkimState.NotStarted with { Enabled = false }, await _registry.DkimOfAsync(Owner, SenderIdentity, Cancel));
    }

    [Fact]
    public async Task Of_an_unknown_address_in_an_unknown_domain_there_is_nothing_to_say()
    {
        Assert.False(await _registry.SetDkimEnabledAsync(Owner, SenderIdentity, true, Cancel));
        Assert.Null(await _registry.DkimOfAsync(Owner, SenderIdentity, Cancel));
    }

    private async Task VerifyDkimAsync(DomainName domain)
    {
        await SomeDkimKeys.GiveAsync(_store, Owner, new IdentityName.OfDomain(domain), Cancel);
        await _registry.VerifyDkimAsync(Owner, domain, Cancel);
    }
}
