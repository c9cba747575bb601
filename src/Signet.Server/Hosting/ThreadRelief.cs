using System.Diagnostics;

namespace Signet.Server.Hosting;

/// <summary>
/// Gives .NET's thread pool more threads while work waits in it although the processors are idle: then something that does not answer blocks
/// its threads, a disk under SQLite or a database that Npgsql asks to cancel a statement. The pool itself adds one or two a second, which is
/// too slow to answer others within ten seconds. See docs/decisions/0012-more-threads-when-blocked.md.
/// </summary>
internal sealed class ThreadRelief : IHostedService, IDisposable
{
    /// <summary>Threads that are added for each look that finds work waiting.</summary>
    public const int Step = 16;

    /// <summary>Threads that the pool is given at most.</summary>
    public const int Most = 256;

    /// <summary>Below this share of all processors' time that the program uses, they count as idle.</summary>
    public const double Idle = 0.5;

    /// <summary>Looks in a row that find nothing waiting before the pool may have fewer threads again.</summary>
    public const int Calm = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly ManualResetEventSlim _stop = new();
    private readonly ILogger<ThreadRelief> _logger;
    private readonly Thread _thread;

    public ThreadRelief(ILogger<ThreadRelief> logger)
    {
        _logger = logger;
        _thread = new Thread(Watch) { IsBackground = true, Name = "thread relief" };
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stop.Set();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _stop.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _stop.Dispose();
    }

    private void Watch()
    {
        ThreadPool.GetMinThreads(out var least, out var ports);
        var relief = new Judge(least);
        var probe = new Probe();
        var (looked, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        while (!_stop.Wait(Interval))
        {
            var (lookedBefore, usedBefore) = (looked, used);
            (looked, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            var load = (used - usedBefore) / (Stopwatch.GetElapsedTime(lookedBefore, looked) * Environment.ProcessorCount);
            var before = relief.Threads;
            if (relief.Look(isWaiting: !probe.HasRun, load) != before)
            {
                ThreadPool.SetMinThreads(relief.Threads, ports);
                if (before == least)
                {
                    Log.ThreadsBlocked(_logger);
                }
            }

            probe.Renew();
        }

        ThreadPool.SetMinThreads(least, ports);
    }

    /// <summary>How many threads the pool is to have at least.</summary>
    public sealed class Judge
    {
        private readonly int _least;
        private int _calm;

        /// <param name="least">While nothing waits.</param>
        public Judge(int least) => Threads = _least = least;

        public int Threads { get; private set; }

        /// <summary>Judges one look.</summary>
        /// <param name="isWaiting">True when work that was handed to the pool before the look has not begun.</param>
        /// <param name="load">Processor time of the program since the last look, as a share of what all processors have.</param>
        public int Look(bool isWaiting, double load)
        {
            _calm = isWaiting ? 0 : _calm + 1;
            if (isWaiting && load < Idle)
            {
                Threads = Math.Max(Threads, Math.Min(Threads + Step, Most));
            }
            else if (_calm >= Calm)
            {
                Threads = _least;
            }

            return Threads;
        }
    }

    /// <summary>Work that shows, by running, that the pool gets round to what it is handed.</summary>
    private sealed class Probe
    {
        private Run _last = new() { HasRun = true };

        public bool HasRun => _last.HasRun;

        /// <summary>Hands the pool another once the last has run.</summary>
        public void Renew()
        {
            if (_last.HasRun)
            {
                ThreadPool.UnsafeQueueUserWorkItem(_last = new Run(), preferLocal: false);
            }
        }

        private sealed class Run : IThreadPoolWorkItem
        {
            private volatile bool _hasRun;

            public bool HasRun
            {
                get => _hasRun;
                init => _hasRun = value;
            }

            public void Execute() => _hasRun = true;
        }
    }
}
