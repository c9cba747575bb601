using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Addresses;
using Signet.Dkim;
using Signet.Identities;
using Signet.Names;
using Signet.Tests.Fakes;

namespace Signet.Tests.Identities;

/// <summary>Keys are made in turn, whoever asks for how many.</summary>
public sealed class DkimKeyMakerTests : IDisposable
{
    private static readonly AccountRegion One = new(AccountId.Parse("111122223333"), Region.Default);
    private static readonly AccountRegion Other = new(AccountId.Parse("444455556666"), Region.Default);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // Each release lets the keys of one domain be made; each begin is told. A call of this store that need not wait is not left for later, so
    // calls stand in line when they have returned.
    private readonly SemaphoreSlim _gate = new(0);
    private readonly SemaphoreSlim _begun = new(0);
    private readonly FakeTimeProvider _time = new();
    private readonly IdentityRegistry _registry;
    private int _atOnce;
    private int _most;
    private int _made;

    public DkimKeyMakerTests() => _registry = new IdentityRegistry(
        new InMemoryIdentityStore(),
        new VerificationOptions
        {
            AtOnce = true,
            Hostname = DomainName.Parse("signet.test"),
            ConfirmationUrl = new Uri("https://signet.test/confirm"),
        },
        (_, _) => throw new InvalidOperationException("no mail is sent where identities are verified at once"),
        (_, _) => Task.FromResult(false),
        _time,
        NullLogger<IdentityRegistry>.Instance)
    {
        MakeKeys = Make,
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _gate.Dispose();
        _begun.Dispose();
    }

    [Fact]
    public async Task Of_many_calls_of_many_accounts_one_makes_keys_at_a_time()
    {
        _gate.Release(1000);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => VerifyAsync(i % 2 == 0 ? One : Other, $"d{i}.test"))));

        Assert.Equal((1, 40), (_most, _made));
    }

    [Fact]
    public async Task Many_calls_for_one_domain_make_its_keys_once()
    {
        _gate.Release(1000);

        var started = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => VerifyAsync(One, "shop.test"))));

        Assert.Equal(1, _made);
        Assert.Single(started.Select(s => string.Join(' ', Assert.IsType<VerificationStart.Known>(s).Identity.Dkim.Tokens)).Distinct());
    }

    [Fact]
    public async Task An_account_that_asks_for_many_is_passed_by_one_that_asks_for_one()
    {
        var many = Enumerable.Range(0, 20).Select(i => VerifyAsync(One, $"d{i}.test")).ToArray();
        Assert.True(await _begun.WaitAsync(Patience, Cancel));
        var one = VerifyAsync(Other, "other.test");

        _gate.Release(2);
        await one.WaitAsync(Patience, Cancel);

        Assert.True(many.Count(m => m.IsCompleted) <= 1);
        _gate.Release(1000);
        await Task.WhenAll(many);
    }

    [Fact]
    public async Task Who_gives_up_waiting_lets_the_others_go_on()
    {
        var first = VerifyAsync(One, "first.test");
        Assert.True(await _begun.WaitAsync(Patience, Cancel));
        using var giveUp = new CancellationTokenSource();
        var second = _registry.VerifyDkimAsync(One, DomainName.Parse("second.test"), giveUp.Token);
        var third = VerifyAsync(One, "third.test");

        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WaitAsync(Patience, Cancel));
        Assert.Equal(1, _most);
        _gate.Release(1000);

        await Task.WhenAll(first, third).WaitAsync(Patience, Cancel);
        Assert.Equal(1, _most);
    }

    [Fact]
    public async Task Whose_turn_does_not_come_in_time_is_told_so_and_the_turn_of_later_calls_comes()
    {
        var first = VerifyAsync(One, "a.test");
        Assert.True(await _begun.WaitAsync(Patience, Cancel));
        var others = new[] { "b.test", "c.test" }.Select(d => VerifyAsync(One, d)).Append(VerifyAsync(Other, "d.test")).ToArray();

        _time.Advance(DkimKeyMaker.Patience);

        Assert.All(await Task.WhenAll(others).WaitAsync(Patience, Cancel), s => Assert.IsType<VerificationStart.KeysBusy>(s));
        Assert.False(first.IsCompleted);
        _gate.Release(1000);
        Assert.IsType<VerificationStart.Known>(await first.WaitAsync(Patience, Cancel));
        Assert.IsType<VerificationStart.Known>(await VerifyAsync(One, "b.test").WaitAsync(Patience, Cancel));
        Assert.Equal(1, _most);
    }

    [Fact]
    public async Task A_failure_is_the_callers_and_the_next_one_has_its_turn()
    {
        var made = 0;
        var maker = new DkimKeyMaker(() => ++made == 1 ? throw new InvalidOperationException("no") : SomeDkimKeys.All, _time);

        await Assert.ThrowsAsync<InvalidOperationException>(() => maker.InTurnAsync(One.Account, make => make(), Cancel));

        Assert.Equal(SomeDkimKeys.All, await maker.InTurnAsync(One.Account, make => make(), Cancel));
    }

    private IReadOnlyList<DkimKey> Make()
    {
        var now = Interlocked.Increment(ref _atOnce);
        _most = Math.Max(_most, now);
        _begun.Release();
        Assert.True(_gate.Wait(Patience, Cancel));
        Interlocked.Increment(ref _made);
        Interlocked.Decrement(ref _atOnce);
        return [new DkimKey($"s{_made}", [1], [2])];
    }

    private Task<VerificationStart> VerifyAsync(AccountRegion owner, string domain) =>
        _registry.VerifyDkimAsync(owner, DomainName.Parse(domain), Cancel);
}
