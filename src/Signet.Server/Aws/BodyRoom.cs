namespace Signet.Server.Aws;

/// <summary>
/// What one request holds of the <see cref="BodyBudget"/>, and the pace at which its body has to come so that it holds that for a
/// bounded time. Disposing it gives all back.
/// </summary>
internal sealed class BodyRoom(BodyBudget budget, string client, string accessKeyId) : IDisposable
{
    /// <summary>Bytes a second that a body needs on average once it has room.</summary>
    public const int MinPace = 64 * 1024;

    /// <summary>The same while others wait for room that is theirs.</summary>
    public const int MinPaceWhileOthersWait = 1024 * 1024;

    /// <summary>Bytes a second that a body too small to need room needs on average: the largest of them comes within half a minute.</summary>
    public const int MinPaceOfSmall = 4 * 1024;

    /// <summary>How long a body may come as slowly as it likes.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public string Client => client;

    public string AccessKeyId => accessKeyId;

    /// <summary>Bytes set aside. The budget counts them.</summary>
    public long Reserved { get; internal set; }

    /// <summary>Waits until that many bytes are set aside for this request, those it has included.</summary>
    /// <exception cref="AwsException">ServiceUnavailable: there is no room.</exception>
    public Task ReserveAsync(long bytes, CancellationToken cancel) =>
        bytes <= Reserved ? Task.CompletedTask : budget.TakeAsync(this, bytes - Reserved, cancel);

    /// <summary>Gives back what is set aside beyond that many bytes.</summary>
    public void ShrinkTo(long bytes) => budget.Return(this, Math.Max(0, Reserved - bytes));

    /// <summary>Watches a body come.</summary>
    /// <param name="received">Bytes that have come so far.</param>
    /// <param name="tooSlow">Is called once, when it comes too slowly.</param>
    public ITimer Watch(Func<long> received, Action tooSlow)
    {
        var (begun, before) = (budget.Time.GetTimestamp(), received());
        return budget.Time.CreateTimer(_ => Look(), null, Interval, Interval);

        void Look()
        {
            var elapsed = budget.Time.GetElapsedTime(begun);
            var pace = Reserved == 0 ? MinPaceOfSmall : budget.IsContended ? MinPaceWhileOthersWait : MinPace;
            if (elapsed > Grace && received() - before < (elapsed - Grace).TotalSeconds * pace)
            {
                tooSlow();
            }
        }
    }

    public void Dispose() => ShrinkTo(0);
}
