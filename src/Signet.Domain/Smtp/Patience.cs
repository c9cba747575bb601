namespace Signet.Smtp;

/// <summary>How long something may take in all, counted from now on.</summary>
public sealed class Patience(TimeSpan limit, TimeProvider time)
{
    private readonly long _begin = time.GetTimestamp();

    /// <summary>Never negative.</summary>
    public TimeSpan Left => time.GetElapsedTime(_begin) is var elapsed && elapsed < limit ? limit - elapsed : TimeSpan.Zero;

    public bool IsOver => Left == TimeSpan.Zero;

    /// <summary>The span, or what is left if that is less.</summary>
    public TimeSpan Cut(TimeSpan span) => Left is var left && left < span ? left : span;
}
