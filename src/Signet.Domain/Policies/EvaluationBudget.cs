namespace Signet.Policies;

/// <summary>
/// What deciding about one send may cost, whatever its policies and its addresses are: twenty policies full of patterns, held against fifty
/// recipients for each From address, are millions of comparisons. Counted in steps, not in time, so that the same send gets the same
/// answer. Not thread-safe.
/// </summary>
public sealed class EvaluationBudget
{
    /// <summary>
    /// A step is the comparison of two short texts, some 30 ns. Twenty policies of 4 KB that name 180 addresses each take 180,000 for a
    /// message to fifty recipients.
    /// </summary>
    public const int StepsPerSend = 1_000_000;

    private readonly long _limit;
    private long _left;

    public EvaluationBudget()
        : this(StepsPerSend)
    {
    }

    private EvaluationBudget(long limit) => _left = _limit = limit;

    /// <summary>Whether more was asked for than there is. What was compared since means nothing.</summary>
    public bool IsSpent => _left < 0;

    /// <summary>How many steps were taken.</summary>
    public long Steps => _limit - _left;

    /// <summary>How many patterns with variables were put together: each once for a send, or once for an address if it depends on that.</summary>
    internal int Compilations { get; set; }

    /// <summary>Patterns whose variables mean the same for all addresses of the send.</summary>
    internal Dictionary<TextPattern, TextPattern> Compiled { get; } = [];

    /// <summary>For one decision of a list that may be long.</summary>
    public static EvaluationBudget OfOneAmongMany() => new(StepsPerSend / 10);

    /// <summary>For who knows that there is little to do.</summary>
    internal static EvaluationBudget Unlimited() => new(long.MaxValue);

    /// <summary>Takes steps; false when there are no more.</summary>
    internal bool TrySpend(int steps)
    {
        if (!IsSpent)
        {
            _left -= steps;
        }

        return !IsSpent;
    }
}
