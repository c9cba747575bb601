using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Signet.Queue;

namespace Signet.Tests.Queue;

public sealed class StoreOutageLogTests : ILogger<StoreOutageLog>
{
    private static readonly StoreUnavailableException Failure = new("the store cannot be read: gone", new IOException("with a stack"));

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _lines = [];
    private readonly StoreOutageLog _log;

    public StoreOutageLogTests() => _log = new StoreOutageLog(this, _time);

    [Fact]
    public void The_first_failure_is_told_at_once_and_then_one_line_a_second_counts_the_others()
    {
        for (var second = 0; second < 3; second++)
        {
            for (var request = 0; request < 1000; request++)
            {
                _log.Note(StoreUser.Api, Failure);
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(
            [
                "the store is unavailable (Api: 1 since the last line): the store cannot be read: gone",
                "the store is unavailable (Api: 999 since the last line): the store cannot be read: gone",
                "the store is unavailable (Api: 1000 since the last line): the store cannot be read: gone",
                "the store is unavailable (Api: 1000 since the last line): the store cannot be read: gone",
            ],
            _lines);
    }

    [Fact]
    public void After_a_quiet_second_the_next_failure_is_told_at_once()
    {
        _log.Note(StoreUser.Health, Failure);
        _time.Advance(TimeSpan.FromSeconds(5));
        _log.Note(StoreUser.Health, Failure);

        Assert.Equal(2, _lines.Count);
    }

    [Fact]
    public void Each_kind_of_user_has_a_line_of_its_own()
    {
        _log.Note(StoreUser.Api, Failure);
        _log.Note(StoreUser.Console, Failure);

        Assert.Equal(2, _lines.Count);
    }

    [Fact]
    public void A_long_cause_is_cut()
    {
        _log.Note(StoreUser.Api, new StoreUnavailableException(new string('x', 10_000)));

        Assert.InRange(Assert.Single(_lines).Length, 200, 300);
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Assert.Null(exception);
        lock (_lines)
        {
            _lines.Add(formatter(state, exception));
        }
    }
}
