using Signet.Dkim;
using Signet.Names;

namespace Signet.Identities;

/// <summary>
/// Generates DKIM keys for one domain at a time. Generating takes a core for some tenths of a second, so many calls at once would occupy all
/// cores. Calls of one account wait for each other first: an account that asks for many delays others by one domain only.
/// </summary>
/// <param name="generate">Generates the keys of one domain.</param>
/// <param name="time">The clock of waits.</param>
internal sealed class DkimKeyMaker(Func<IReadOnlyList<DkimKey>> generate, TimeProvider time)
{
    /// <summary>How long a call waits for its turn. Less than a caller waits for the store, which is not at fault.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Line _all = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<AccountId, Line> _accounts = [];

    /// <summary>
    /// Waits for the account's other calls, then runs the work. The work gets a function that generates keys when no other account does.
    /// Null when the turn does not come within <see cref="Patience"/>; generating takes its time, which is long on a busy machine.
    /// </summary>
    public async Task<T?> InTurnAsync<T>(AccountId account, Func<Func<Task<IReadOnlyList<DkimKey>>>, Task<T>> work, CancellationToken cancel)
        where T : class
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        var token = giveUp.Token;
        var line = Join(account);
        try
        {
            return await line.RunAsync(() => work(() => MakeAsync(token, cancel)), token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            Leave(account, line);
        }
    }

    // Keys that are being generated keep their place in the line, even when nobody waits for them any more: they occupy a core.
    private Task<IReadOnlyList<DkimKey>> MakeAsync(CancellationToken turn, CancellationToken cancel) =>
        _all.RunAsync(() => Task.Run(generate, cancel), turn).WaitAsync(cancel);

    private Line Join(AccountId account)
    {
        lock (_lock)
        {
            if (!_accounts.TryGetValue(account, out var line))
            {
                _accounts[account] = line = new Line();
            }

            line.Calls++;
            return line;
        }
    }

    private void Leave(AccountId account, Line line)
    {
        lock (_lock)
        {
            if (--line.Calls == 0)
            {
                _accounts.Remove(account);
            }
        }
    }

    /// <summary>Runs one piece of work at a time, in the order of arrival.</summary>
    private sealed class Line
    {
        private readonly Lock _lock = new();
        private Task _last = Task.CompletedTask;

        /// <summary>How many calls use this line; kept by its owner.</summary>
        public int Calls { get; set; }

        public async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancel)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task before;
            lock (_lock)
            {
                (before, _last) = (_last, done.Task);
            }

            try
            {
                await before.WaitAsync(cancel);
                return await work();
            }
            finally
            {
                // A cancelled call keeps its place until the calls before it are done.
                _ = before.ContinueWith(
                    _ => done.SetResult(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }
}
