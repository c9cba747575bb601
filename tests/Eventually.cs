using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Signet;

/// <summary>
/// Waits for what happens elsewhere, with a bound that only a hang breaks: then the test fails and says what it waited for, instead of
/// keeping all others from ending. No test waits in another way; <c>ArchitectureTests</c> looks for those that do.
/// </summary>
internal static class Eventually
{
    /// <summary>Many times what the slowest machine needs for one thing.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Ends when the condition holds.</summary>
    /// <param name="condition">Asked again and again.</param>
    /// <param name="meanwhile">Done each time that it does not hold, such as letting a clock go on.</param>
    /// <param name="what">What is waited for; else the condition as it is written.</param>
    public static Task TrueAsync(
        Func<bool> condition, Action? meanwhile = null, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        TrueAsync(() => Task.FromResult(condition()), meanwhile, what);

    /// <inheritdoc cref="TrueAsync(Func{bool}, Action?, string)"/>
    public static async Task TrueAsync(
        Func<Task<bool>> condition, Action? meanwhile = null, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var begin = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(begin) > Patience)
            {
                throw TooLate(what);
            }

            meanwhile?.Invoke();

            // A pause of real time each, for what a timer woke needs a thread: a simulated clock would run away from it on a busy machine.
            await Task.Delay(Pause, TimeProvider.System, Cancel);
        }
    }

    /// <summary>Ends with the task, and as it does.</summary>
    public static async Task InTimeAsync(this Task task, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        try
        {
            await task.WaitAsync(Patience, Cancel);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw TooLate(what);
        }
    }

    /// <inheritdoc cref="InTimeAsync(Task, string)"/>
    public static async Task<T> InTimeAsync<T>(this Task<T> task, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        await InTimeAsync((Task)task, what);
        return await task;
    }

    /// <summary>Enters, when somebody has released.</summary>
    public static async Task InTimeAsync(this SemaphoreSlim gate, [CallerArgumentExpression(nameof(gate))] string what = "")
    {
        if (!await gate.WaitAsync(Patience, Cancel))
        {
            throw TooLate(what);
        }
    }

    /// <summary>Ends when the process has ended, which is killed when it does not.</summary>
    public static async Task InTimeAsync(this Process process, TimeSpan? patience = null, CancellationToken cancel = default)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancel, cancel);
        late.CancelAfter(patience ?? Patience);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Cancel.ThrowIfCancellationRequested();
            cancel.ThrowIfCancellationRequested();
            throw TooLate($"the end of {process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}");
        }
    }

    private static TimeoutException TooLate(string what) => new($"waited for too long: {what}");
}
