using Npgsql;

namespace Signet.Storage;

/// <summary>
/// The hosts of a connection string, of which one is used at a time: the primary. A server keeps to it until another host says that it is the
/// primary of a newer timeline, or until this one is silent and another is the primary. Then whatever waits for the old one is let go, and
/// nobody goes back to it when it wakes: see <see cref="HostAnswer.Choose"/>.
/// </summary>
internal sealed class PostgresHosts : IAsyncDisposable
{
    // After the first primary has answered at the start: another may be newer.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    // Between two looks while something is wrong.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly NpgsqlConnectionStringBuilder _settings;
    private readonly DatabaseOptions _options;
    private readonly IReadOnlyList<NpgsqlConnectionStringBuilder> _hosts;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<int> _stale = [];
    private readonly Action _replaced;
    private PostgresLookout[] _lookouts = [];
    private volatile PostgresHost? _current;
    private TaskCompletionSource _suspected = New();
    private Task _watching = Task.CompletedTask;
    private long _newest;

    private PostgresHosts(NpgsqlConnectionStringBuilder settings, DatabaseOptions options, Action replaced)
    {
        _settings = settings;
        _options = options;
        _replaced = replaced;
        _hosts = PostgresSettings.Hosts(settings);
    }

    /// <summary>The host that is used now.</summary>
    public PostgresHost Current => _current!;

    /// <summary>The settings of a connection to the host that is used now.</summary>
    public NpgsqlConnectionStringBuilder CurrentSettings => _hosts[Current.Index];

    /// <summary>Looks at all hosts and takes the primary.</summary>
    /// <param name="settings">The connection string, filled in.</param>
    /// <param name="options">A server, whose patience ends, goes on watching.</param>
    /// <param name="replaced">Called each time that another host is used from now on.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="NpgsqlException">A host cannot be reached, and no other is a primary.</exception>
    /// <exception cref="StoreOpenException">All that can be reached are standbys.</exception>
    public static async Task<PostgresHosts> FindAsync(
        NpgsqlConnectionStringBuilder settings, DatabaseOptions options, Action replaced, CancellationToken cancel)
    {
        var hosts = new PostgresHosts(settings, options, replaced);
        try
        {
            await hosts.FindAsync(cancel);
        }
        catch
        {
            await hosts.DisposeAsync();
            throw;
        }

        return hosts;
    }

    /// <summary>Something at the current host has failed: the hosts are looked at soon.</summary>
    public void Suspect() => Volatile.Read(ref _suspected).TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        if (_current is { } current)
        {
            await current.DisposeAsync();
        }

        await ForgetLookoutsAsync();
    }

    private async Task FindAsync(CancellationToken cancel)
    {
        _lookouts = Lookouts(isStart: true);
        var answers = await AskAllAsync(Grace, cancel);
        await ForgetLookoutsAsync();
        cancel.ThrowIfCancellationRequested();
        if (HostAnswer.Choose(-1, answers, 0) is not { } primary)
        {
            throw answers.FirstOrDefault(a => a.Failure is not null)?.Failure
                ?? new StoreOpenException($"PostgreSQL at `{_settings.Host}` is a standby or read-only, which cannot store mail: name the primary, or all hosts");
        }

        NoteStale(answers);
        _newest = primary.Timeline;
        _current = await OpenAsync(primary.Host, cancel);
        if (_options.Patience != Timeout.InfiniteTimeSpan && PostgresSettings.MayFailOver(_settings))
        {
            _lookouts = Lookouts(isStart: false);
            _watching = Task.Run(WatchAsync, CancellationToken.None);
        }
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await Volatile.Read(ref _suspected).Task.WaitAsync(PostgresSettings.Interval(_settings), _options.Time, _stop.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Volatile.Write(ref _suspected, New());
            try
            {
                await LookAsync();
                await Task.Delay(Pause, _options.Time, _stop.Token);
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                // Whatever it is, watching must go on.
                Log.HostsNotSeen(_options.Logger, e is NpgsqlException ? OneLine.Of(e) : e.ToString());
                Suspect();
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task LookAsync()
    {
        var answers = await AskAllAsync(null, _stop.Token);
        NoteStale(answers);
        var current = Current;
        if (HostAnswer.Choose(current.Index, answers, _newest) is not { } primary)
        {
            return;
        }

        if (primary.Host != current.Index || (_newest > 0 && primary.Timeline > _newest))
        {
            // Also the same name, where another server answers to it by now.
            var next = await OpenAsync(primary.Host, _stop.Token);
            _current = next;
            Log.HostReplaced(_options.Logger, next.Name, current.Name, primary.Timeline);
            await current.ReplaceAsync();
            _replaced();
        }

        _newest = Math.Max(_newest, primary.Timeline);
    }

    /// <summary>What all hosts say; of one that does not answer in time, that it does not.</summary>
    /// <param name="grace">For how long others are waited for when a primary has answered; null waits for all, but for a newer primary.</param>
    /// <param name="cancel">Gives up.</param>
    private async Task<List<HostAnswer>> AskAllAsync(TimeSpan? grace, CancellationToken cancel)
    {
        List<HostAnswer> answers = [];
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await foreach (var answered in Task.WhenEach(_lookouts.Select(l => l.AskAsync(late.Token))))
        {
            var answer = await answered;
            answers.Add(answer);
            if (answer.IsPrimary && grace is { } rest)
            {
                late.CancelAfter(rest);
            }
            else if (answer.IsPrimary && answer.Timeline > _newest && grace is null)
            {
                // The others may be frozen. What they say does not matter.
                break;
            }
        }

        return [.. answers.OrderBy(a => a.Host)];
    }

    // Says once of each old primary that it is not used.
    private void NoteStale(IReadOnlyList<HostAnswer> answers)
    {
        var newest = Math.Max(_newest, answers.Max(a => a.Timeline));
        foreach (var answer in answers.Where(a => a.Failure is null))
        {
            if (!answer.IsOlderThan(newest))
            {
                _stale.Remove(answer.Host);
            }
            else if (_stale.Add(answer.Host))
            {
                Log.HostStale(_options.Logger, $"{_hosts[answer.Host].Host}:{_hosts[answer.Host].Port}", answer.Timeline, newest);
            }
        }
    }

    private async Task<PostgresHost> OpenAsync(int index, CancellationToken cancel)
    {
        var settings = new NpgsqlConnectionStringBuilder(_hosts[index].ConnectionString);
        if (PostgresSettings.LeavesPreparingOpen(settings))
        {
            if (await PostgresPreparing.AreKeptAsync(settings, cancel))
            {
                PostgresSettings.Prepare(settings);
            }
            else
            {
                Log.NotPrepared(_options.Logger);
            }
        }

        return new PostgresHost(index, settings);
    }

    private PostgresLookout[] Lookouts(bool isStart) => [.. _hosts.Select((h, i) => new PostgresLookout(i, PostgresSettings.ForLooking(h, isStart)))];

    private async Task ForgetLookoutsAsync()
    {
        foreach (var lookout in _lookouts)
        {
            await lookout.DisposeAsync();
        }

        _lookouts = [];
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
