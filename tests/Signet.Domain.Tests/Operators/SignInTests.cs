using System.Net;
using Microsoft.Extensions.Time.Testing;
using Signet.Operators;
using Signet.Tests.Fakes;

namespace Signet.Tests.Operators;

public sealed class SignInTests
{
    private const string Password = "correct horse battery";

    private static readonly IPAddress Home = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Elsewhere = IPAddress.Parse("198.51.100.7");

    private readonly InMemoryOperatorStore _store = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly OperatorRegistry _registry;

    public SignInTests() => _registry = Registry(iterations: 1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_right_password_signs_in_and_is_dated()
    {
        var made = await CreateAsync("ann");
        _clock.Advance(TimeSpan.FromHours(1));

        var outcome = await SignInAsync("ANN", Password, Home);

        var signedIn = Assert.IsType<SignInOutcome.Done>(outcome).Operator;
        Assert.Equal(made with { LastSignInAt = _clock.GetUtcNow() }, signedIn);
        Assert.Equal(signedIn, await _registry.FindOfSessionAsync("ann", signedIn.Stamp, Cancel));
    }

    [Theory]
    [InlineData("ann", "wrong")]
    [InlineData("ann", "Correct horse battery")]
    [InlineData("ann", "")]
    [InlineData("nobody", Password)]
    [InlineData("no name", Password)]
    [InlineData("external", Password)]
    [InlineData("external", "")]
    public async Task Whatever_is_wrong_the_answer_is_the_same(string name, string password)
    {
        await CreateAsync("ann");
        await _registry.CreateAsync("external", OperatorRole.Read, null, null, Cancel);

        Assert.IsType<SignInOutcome.Wrong>(await SignInAsync(name, password, Home));
    }

    // A cancelled attempt ends where it waits for its turn to hash: whoever gets there takes the time of a hash.
    [Theory]
    [InlineData("ann")]
    [InlineData("nobody")]
    [InlineData("external")]
    public async Task A_password_is_hashed_whoever_has_the_name(string name)
    {
        await CreateAsync("ann");
        await _registry.CreateAsync("external", OperatorRole.Read, null, null, Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _registry.SignInAsync(name, Password, Home, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_password_that_is_too_long_is_wrong_without_being_hashed()
    {
        await CreateAsync("ann");

        Assert.IsType<SignInOutcome.Wrong>(await Registry(int.MaxValue).SignInAsync("ann", new string('x', 257), Home, Cancel));
    }

    [Theory]
    [InlineData("ann")]
    [InlineData("nobody")]
    public async Task After_five_wrong_ones_comes_a_wait_that_doubles_up_to_a_quarter_of_an_hour(string name)
    {
        await CreateAsync("ann");
        await FailAsync(name, Home, 5);

        foreach (var seconds in (int[])[30, 60, 120, 240, 480, 900, 900])
        {
            var until = _clock.GetUtcNow().AddSeconds(seconds);
            Assert.Equal(new SignInOutcome.Locked(until), await SignInAsync(name, Password, Home));
            _clock.SetUtcNow(until.AddMilliseconds(-1));
            Assert.Equal(new SignInOutcome.Locked(until), await SignInAsync(name, Password, Home));
            _clock.SetUtcNow(until);
            await FailAsync(name, Home, 1);
        }
    }

    [Fact]
    public async Task The_right_password_after_the_wait_begins_the_count_anew()
    {
        await CreateAsync("ann");
        await FailAsync("ann", Home, 5);
        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.IsType<SignInOutcome.Done>(await SignInAsync("ann", Password, Home));

        await FailAsync("ann", Home, 5);
        Assert.Equal(new SignInOutcome.Locked(_clock.GetUtcNow().AddSeconds(30)), await SignInAsync("ann", Password, Home));
    }

    [Fact]
    public async Task Wrong_ones_are_forgotten_after_a_day()
    {
        await CreateAsync("ann");
        await FailAsync("ann", Home, 4);
        _clock.Advance(TimeSpan.FromDays(1));

        await FailAsync("ann", Home, 4);

        Assert.IsType<SignInOutcome.Done>(await SignInAsync("ann", Password, Home));
    }

    [Fact]
    public async Task One_clients_wait_is_not_anothers_nor_another_names()
    {
        await CreateAsync("ann");
        await CreateAsync("bob");
        await FailAsync("ann", Elsewhere, 5);

        Assert.IsType<SignInOutcome.Locked>(await SignInAsync("ann", Password, Elsewhere));
        Assert.IsType<SignInOutcome.Done>(await SignInAsync("ann", Password, Home));
        Assert.IsType<SignInOutcome.Done>(await SignInAsync("bob", Password, Elsewhere));
    }

    [Fact]
    public async Task Many_at_once_do_not_pass_before_the_first_is_counted()
    {
        await CreateAsync("ann");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => SignInAsync("ann", "wrong", Home)));

        Assert.Equal(5, outcomes.Count(o => o is SignInOutcome.Wrong));
        Assert.Equal(35, outcomes.Count(o => o is SignInOutcome.Locked));
    }

    [Fact]
    public async Task Strangers_together_wait_too_and_lock_out_nobody_who_comes_from_a_known_address()
    {
        await CreateAsync("ann");
        await SignInAsync("ann", Password, Home);

        await AttackAsync("ann");

        Assert.Equal(new SignInOutcome.Locked(_clock.GetUtcNow().AddSeconds(30)), await SignInAsync("ann", Password, Elsewhere));
        Assert.IsType<SignInOutcome.Done>(await SignInAsync("ann", Password, Home));
    }

    [Fact]
    public async Task A_known_address_is_a_strangers_again_after_ninety_days()
    {
        await CreateAsync("ann");
        await SignInAsync("ann", Password, Home);
        _clock.Advance(TimeSpan.FromDays(90));

        await AttackAsync("ann");

        Assert.IsType<SignInOutcome.Locked>(await SignInAsync("ann", Password, Home));
    }

    [Fact]
    public async Task A_tunnel_to_the_machine_leads_in_whatever_strangers_do()
    {
        await CreateAsync("ann");

        await AttackAsync("ann");

        Assert.IsType<SignInOutcome.Done>(await SignInAsync("ann", Password, IPAddress.IPv6Loopback));
    }

    [Fact]
    public async Task A_new_password_ends_all_waits_of_its_name()
    {
        await CreateAsync("ann");
        await AttackAsync("ann");
        await FailAsync("ann", IPAddress.Loopback, 5);

        await _registry.SetPasswordAsync("ann", "another long password", Cancel);

        Assert.IsType<SignInOutcome.Done>(await SignInAsync("ann", "another long password", Elsewhere));
        Assert.IsType<SignInOutcome.Wrong>(await SignInAsync("ann", Password, IPAddress.Loopback));
    }

    [Theory]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:ffff::1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public async Task A_client_is_an_IPv4_address_or_an_IPv6_network(string one, string other, bool isOne)
    {
        await CreateAsync("ann");
        await FailAsync("ann", IPAddress.Parse(one), 5);

        Assert.Equal(isOne, await SignInAsync("ann", Password, IPAddress.Parse(other)) is SignInOutcome.Locked);
    }

    [Fact]
    public async Task A_password_hashed_with_fewer_iterations_is_hashed_anew_when_it_is_used()
    {
        await CreateAsync("ann");
        var weak = (await _store.FindWithPasswordAsync("ann", Cancel))?.Hash;
        var registry = Registry(iterations: 2);

        var signedIn = Assert.IsType<SignInOutcome.Done>(await registry.SignInAsync("ann", Password, Home, Cancel)).Operator;

        var strong = (await _store.FindWithPasswordAsync("ann", Cancel))?.Hash;
        Assert.NotEqual(weak, strong);
        Assert.IsType<SignInOutcome.Done>(await registry.SignInAsync("ann", Password, Home, Cancel));
        Assert.Equal(strong, (await _store.FindWithPasswordAsync("ann", Cancel))?.Hash);
        Assert.NotNull(await registry.FindOfSessionAsync("ann", signedIn.Stamp, Cancel));
    }

    [Fact]
    public async Task Hashes_say_600000_iterations_of_HMAC_SHA512()
    {
        var hash = Convert.FromBase64String(await new OperatorPasswords().HashAsync(Password, Cancel));

        // Format 1, then the function (2 is HMAC-SHA512) and the iterations, as big-endian 32-bit numbers.
        Assert.Equal(Convert.FromHexString("01" + "00000002" + "000927C0"), hash[..9]);
    }

    private OperatorRegistry Registry(int iterations) =>
        new(_store, new InMemoryAccountStore(), new OperatorPasswords(iterations), _clock);

    private async Task<Operator> CreateAsync(string name) => Assert.IsType<OperatorOutcome<Operator>.Done>(
        await _registry.CreateAsync(name, OperatorRole.Administer, null, Password, Cancel)).Value;

    private Task<SignInOutcome> SignInAsync(string name, string password, IPAddress client) =>
        _registry.SignInAsync(name, password, client, Cancel);

    private async Task FailAsync(string name, IPAddress client, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.IsType<SignInOutcome.Wrong>(await SignInAsync(name, "wrong", client));
        }
    }

    // One attempt each from as many addresses as strangers have together before they wait.
    private async Task AttackAsync(string name)
    {
        for (var i = 1; i <= 50; i++)
        {
            await FailAsync(name, IPAddress.Parse($"203.0.113.{i}"), 1);
        }
    }
}
