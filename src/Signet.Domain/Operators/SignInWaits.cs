namespace Signet.Operators;

/// <summary>
/// When an attempt to sign in has to wait. Two counts, each of attempts with one name, whether an operator has it or not:
/// <list type="bullet">
/// <item>by client address: after 5 wrong ones in a row a wait of 30 seconds, doubling with each further one up to 15 minutes. So one
/// client guesses about a hundred times a day.</item>
/// <item>of all strangers together, addresses from which that name has not signed in for 90 days: the same waits, after 50 wrong ones.
/// So an attacker with many addresses guesses no faster in the end.</item>
/// </list>
/// Nobody can lock an operator out who comes from a known address: the second count does not concern it, and the first is its own.
/// Loopback is always known, so that a tunnel to the machine leads in. Who is shut out at a new address, because strangers keep guessing,
/// gets in from a known one, or after <c>signet operator password</c> on the machine, which ends all waits of the name. The one case that
/// is left is an attacker who has the operator's own address, be it the same household or a proxy that does not pass on addresses.
/// An attempt during a wait is not counted and does not lengthen it. What is a day old is forgotten.
/// </summary>
internal static class SignInWaits
{
    private const int ClientFailures = 5;
    private const int StrangersFailures = 50;

    public static readonly TimeSpan FailuresCountFor = TimeSpan.FromDays(1);
    public static readonly TimeSpan KnownFor = TimeSpan.FromDays(90);

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Counts an attempt as a wrong one before it is made, so that many at once do not all pass before the first is counted.
    /// </summary>
    /// <returns>The tallies, changed unless it has to wait; until when it has to.</returns>
    public static (SignInTallies Tallies, DateTimeOffset? WaitUntil) Begin(SignInTallies now, bool isLoopback, DateTimeOffset at)
    {
        var isKnown = isLoopback || (now.Client.SucceededAt is { } succeeded && at < succeeded + KnownFor);
        var wait = Later(Wait(now.Client, at), isKnown ? null : Wait(now.Strangers, at));
        return wait is not null
            ? (now, wait)
            : (new SignInTallies(Count(now.Client, ClientFailures, at), isKnown ? now.Strangers : Count(now.Strangers, StrangersFailures, at)), null);
    }

    /// <summary>The attempt was right: nothing in a row any more.</summary>
    public static SignInTallies Succeed(DateTimeOffset at) => new(SignInTally.None with { SucceededAt = at }, SignInTally.None);

    public static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other > one ? other : one;

    private static DateTimeOffset? Wait(SignInTally tally, DateTimeOffset at) => tally.WaitUntil > at ? tally.WaitUntil : null;

    private static SignInTally Count(SignInTally tally, int free, DateTimeOffset at)
    {
        var failures = tally.FailedAt + FailuresCountFor > at ? tally.Failures + 1 : 1;
        return tally with { Failures = failures, FailedAt = at, WaitUntil = failures < free ? null : at + WaitAfter(failures - free) };
    }

    private static TimeSpan WaitAfter(int furtherFailures) =>
        furtherFailures > 5 ? LongestWait : TimeSpan.FromTicks(Math.Min(LongestWait.Ticks, FirstWait.Ticks << furtherFailures));
}
