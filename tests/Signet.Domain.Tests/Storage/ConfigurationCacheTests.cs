using Microsoft.Extensions.Time.Testing;
using Signet.Queue;
using Signet.Storage;

namespace Signet.Tests.Storage;

public sealed class ConfigurationCacheTests
{
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(500);

    private readonly FakeTimeProvider _time = new();
    private readonly ConfigurationCache _cache;
    private Func<Task<long>> _look;
    private long _version = 1;
    private int _looks;
    private string _stored = "old";
    private int _reads;

    public ConfigurationCacheTests()
    {
        _look = () => Task.FromResult(_version);
        _cache = new ConfigurationCache(
            _ =>
            {
                _looks++;
                return _look();
            },
            Freshness,
            _time);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_value_is_read_once_while_the_version_stays_and_the_version_twice_a_second()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("old", await GetAsync());
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal((4, 1), (_looks, _reads));
    }

    [Fact]
    public async Task A_change_is_seen_when_the_last_look_is_half_a_second_old()
    {
        await GetAsync();
        Change();

        _time.Advance(Freshness - TimeSpan.FromTicks(1));
        Assert.Equal("old", await GetAsync());
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("new", await GetAsync());
    }

    [Fact]
    public async Task A_value_that_was_read_before_a_change_is_not_kept_under_the_version_after_it()
    {
        var read = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = _cache.GetAsync("key", () => read.Task, _ => 1, Cancel);
        Change();
        _time.Advance(Freshness);
        Assert.Equal("new", await _cache.GetAsync("another key", () => Task.FromResult(_stored), _ => 1, Cancel));
        read.SetResult("old");

        Assert.Equal("old", await slow.InTimeAsync());
        Assert.Equal("new", await GetAsync());
    }

    [Fact]
    public async Task One_look_serves_all_that_come_meanwhile()
    {
        var look = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        _look = () => look.Task;

        var all = Enumerable.Range(0, 10).Select(_ => GetAsync()).ToList();
        Assert.Equal(1, _looks);
        look.SetResult(1);

        Assert.All(await Task.WhenAll(all).InTimeAsync(), v => Assert.Equal("old", v));
    }

    [Fact]
    public async Task A_look_that_takes_long_does_not_serve_those_that_come_late()
    {
        await BesideALookAsync(() => _time.Advance(Freshness));
    }

    [Fact]
    public async Task Who_comes_after_a_write_of_this_node_sees_it_whatever_look_is_under_way()
    {
        await BesideALookAsync(_cache.LookAgain);
    }

    [Fact]
    public async Task A_write_that_changed_nothing_costs_a_look_and_no_value()
    {
        await GetAsync();
        _cache.LookAgain();
        await GetAsync();

        Assert.Equal((2, 1), (_looks, _reads));
    }

    [Fact]
    public async Task Nothing_is_served_while_the_version_is_not_known()
    {
        await GetAsync();
        _look = () => Task.FromException<long>(new StoreUnavailableException("simulated"));
        Assert.Equal("old", await GetAsync());
        _time.Advance(Freshness);

        await Assert.ThrowsAsync<StoreUnavailableException>(GetAsync);
        await Assert.ThrowsAsync<StoreUnavailableException>(GetAsync);

        _look = () => Task.FromResult(_version);
        Assert.Equal("old", await GetAsync());
        Assert.Equal(1, _reads);
    }

    [Fact]
    public async Task A_caller_that_gives_up_leaves_the_look_to_the_others()
    {
        var look = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        _look = () => look.Task;
        using var cancel = new CancellationTokenSource();
        var first = _cache.GetAsync("key", () => Task.FromResult(""), _ => 1, cancel.Token);
        var second = GetAsync();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        look.SetResult(1);

        Assert.Equal("old", await second.InTimeAsync());
    }

    [Fact]
    public async Task What_has_no_size_is_not_kept()
    {
        await _cache.GetAsync("key", () => Task.FromResult("unkept"), _ => null, Cancel);

        Assert.Equal("old", await GetAsync());
    }

    [Fact]
    public void Values_and_bytes_are_bounded()
    {
        var kept = new KeptConfiguration(1);
        for (var i = 0; i <= KeptConfiguration.MaxValues; i++)
        {
            kept.Put(i, "x", 1);
        }

        Assert.False(kept.TryGet<string>(0, out _));
        Assert.True(kept.TryGet<string>(KeptConfiguration.MaxValues, out _));

        kept.Put("big", "x", KeptConfiguration.MaxBytes - 500);
        Assert.True(kept.TryGet<string>("big", out _));
        Assert.False(kept.TryGet<string>(KeptConfiguration.MaxValues, out _));
        kept.Put("bigger", "x", 2_000);
        Assert.False(kept.TryGet<string>("big", out _));
        kept.Put("too big", "x", KeptConfiguration.MaxBytes);
        Assert.False(kept.TryGet<string>("too big", out _));
    }

    private void Change() => (_version, _stored) = (_version + 1, "new");

    /// <summary>A look at the version is under way when the configuration changes; what happens then must not leave the old value to later callers.</summary>
    private async Task BesideALookAsync(Action happens)
    {
        var look = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await GetAsync();
        _time.Advance(Freshness);
        _look = () => look.Task;
        var early = GetAsync();
        Change();
        happens();
        _look = () => Task.FromResult(_version);

        Assert.Equal("new", await GetAsync());
        look.SetResult(1);
        await early.InTimeAsync();
        Assert.Equal("new", await GetAsync());
    }

    private Task<string> GetAsync() => _cache.GetAsync(
        "key",
        () =>
        {
            _reads++;
            return Task.FromResult(_stored);
        },
        _ => 1,
        Cancel);
}
