using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Names;
using Signet.Sending;
using Signet.Tests.Fakes;

namespace Signet.Tests.Sending;

public sealed class RefusalLimitTests
{
    private static readonly RefusalSource Source = new(AccountId.Parse("111122223333"), RefusalKind.Unauthorised);

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<RefusalLimit> _log = new();

    [Fact]
    public void A_hundred_refusals_at_once_are_recorded_and_then_ten_a_minute()
    {
        using var limit = new RefusalLimit(_time, _log);

        Assert.Equal(RefusalLimit.Burst, Taken(limit, 500));
        _time.Advance(TimeSpan.FromSeconds(60.5));
        Assert.Equal(10, Taken(limit, 500));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(RefusalLimit.Burst, Taken(limit, 500));
    }

    [Fact]
    public void Sources_do_not_take_from_each_other()
    {
        using var limit = new RefusalLimit(_time, _log);

        Taken(limit, 500);

        Assert.True(limit.TryTake(new RefusalSource(AccountId.Parse("444455556666"), RefusalKind.Unauthorised)));
        Assert.True(limit.TryTake(Source with { Kind = RefusalKind.Proven }));
        Assert.True(limit.TryTake(new RefusalSource(null, RefusalKind.Unproven)));
    }

    [Fact]
    public void One_line_a_minute_says_how_many_were_left_out_and_none_when_none_were()
    {
        using var limit = new RefusalLimit(_time, _log);
        Taken(limit, 500);

        _time.Advance(TimeSpan.FromMinutes(1));
        _time.Advance(TimeSpan.FromMinutes(10));
        Taken(limit, 500);
        Assert.Single(_log.Lines);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(
            [
                "400 more refusals are not recorded: sends of account 111122223333, which were answered with Throttling",
                "400 more refusals are not recorded: sends of account 111122223333, which were answered with Throttling",
            ],
            _log.Lines);
    }

    [Fact]
    public void What_was_left_out_before_the_end_is_still_told()
    {
        var limit = new RefusalLimit(_time, _log);
        Taken(limit, 101);

        limit.Dispose();

        Assert.StartsWith("1 more refusals are not recorded", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_sources_get_no_more_than_twenty_one_lines()
    {
        using var limit = new RefusalLimit(_time, _log);
        for (var account = 0; account < 50; account++)
        {
            for (var i = 0; i < RefusalLimit.Burst + 2; i++)
            {
                limit.TryTake(new RefusalSource(AccountId.Parse($"{account:000000000000}"), RefusalKind.Unauthorised));
            }
        }

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(21, _log.Lines.Count);
        Assert.StartsWith("60 more refusals of 30 other sources", _log.Lines.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beyond_the_limit_a_send_is_told_to_slow_down_and_why_it_is_refused_and_is_not_recorded()
    {
        using var limit = new RefusalLimit(_time, NullLogger<RefusalLimit>.Instance);
        var door = await Door.OpenAsync(limit);
        var request = Door.Parts(source: "a@elsewhere.test");
        for (var i = 0; i < RefusalLimit.Burst; i++)
        {
            Assert.IsType<Refusal.NotVerified>(await RefusedAsync(request));
        }

        var refusal = await RefusedAsync(request);

        Assert.IsType<Refusal.TooManyRefused>(refusal);
        Assert.Equal(
            "Maximum sending rate exceeded. Too many sends of this account are refused, this one too: Email address is not verified. "
            + "The following identities failed the check in region US-EAST-1: a@elsewhere.test",
            refusal.Text);
        Assert.Equal((RefusalLimit.Burst, RefusalLimit.Burst), (door.History.Refusals.Count, door.RefusalLog.Lines.Count));
        Assert.IsType<SubmissionResult.Accepted>(await door.AcceptAsync(Door.Parts()));

        async Task<Refusal> RefusedAsync(SubmissionRequest send) => Assert.IsType<SubmissionResult.Refused>(await door.AcceptAsync(send)).Refusal;
    }

    [Fact]
    public async Task Other_refusals_keep_their_answer_beyond_the_limit_and_use_up_none_of_it()
    {
        using var limit = new RefusalLimit(_time, NullLogger<RefusalLimit>.Instance);
        var door = await Door.OpenAsync(limit);
        for (var i = 0; i < RefusalLimit.Burst + 5; i++)
        {
            Assert.IsType<Refusal.NoSuchConfigurationSet>(await RefusedAsync(Door.Parts() with { ConfigurationSet = "none" }));
        }

        Assert.Equal(RefusalLimit.Burst, door.History.Refusals.Count);
        Assert.IsType<Refusal.NotVerified>(await RefusedAsync(Door.Parts(source: "a@elsewhere.test")));

        async Task<Refusal> RefusedAsync(SubmissionRequest send) => Assert.IsType<SubmissionResult.Refused>(await door.AcceptAsync(send)).Refusal;
    }

    private static int Taken(RefusalLimit limit, int times) => Enumerable.Range(0, times).Count(_ => limit.TryTake(Source));
}
