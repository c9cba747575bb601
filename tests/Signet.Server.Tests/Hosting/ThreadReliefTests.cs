using Signet.Server.Hosting;

namespace Signet.Server.Tests.Hosting;

/// <summary>How many threads the pool gets while work waits. That it is enough, the tests of a store that does not answer show.</summary>
public sealed class ThreadReliefTests
{
    private const double Idle = ThreadRelief.Idle / 2;
    private const int Least = 2;

    private readonly ThreadRelief.Judge _judge = new(Least);

    [Fact]
    public void Work_that_waits_while_the_processors_are_idle_gets_more_threads_with_each_look()
    {
        Assert.Equal(Least + ThreadRelief.Step, _judge.Look(isWaiting: true, Idle));
        Assert.Equal(Least + (2 * ThreadRelief.Step), _judge.Look(isWaiting: true, Idle));
    }

    [Fact]
    public void Work_that_waits_for_busy_processors_gets_none()
    {
        Assert.Equal(Least, _judge.Look(isWaiting: true, load: 0.9));
    }

    [Fact]
    public void There_is_an_end_to_it()
    {
        for (var look = 0; look < 100; look++)
        {
            _judge.Look(isWaiting: true, load: 0);
        }

        Assert.Equal(ThreadRelief.Most, _judge.Threads);
    }

    [Fact]
    public void A_pool_that_has_more_by_itself_loses_none()
    {
        var judge = new ThreadRelief.Judge(ThreadRelief.Most + 1);

        Assert.Equal(ThreadRelief.Most + 1, judge.Look(isWaiting: true, load: 0));
    }

    [Fact]
    public void The_threads_go_when_nothing_has_waited_for_a_while()
    {
        _judge.Look(isWaiting: true, Idle);
        for (var look = 1; look < ThreadRelief.Calm; look++)
        {
            Assert.Equal(Least + ThreadRelief.Step, _judge.Look(isWaiting: false, Idle));
        }

        Assert.Equal(Least, _judge.Look(isWaiting: false, Idle));
    }

    [Fact]
    public void Work_that_waits_again_begins_the_while_anew()
    {
        _judge.Look(isWaiting: true, Idle);
        _judge.Look(isWaiting: false, Idle);
        _judge.Look(isWaiting: true, load: 0.9);
        for (var look = 1; look < ThreadRelief.Calm; look++)
        {
            _judge.Look(isWaiting: false, Idle);
        }

        Assert.Equal(Least + ThreadRelief.Step, _judge.Threads);
    }
}
