namespace Signet.Operators;

/// <summary>What is remembered of attempts to sign in with one name from one client, or from all strangers together.</summary>
/// <param name="Failures">Wrong ones in a row; one that is under way counts until it turns out right.</param>
/// <param name="FailedAt">The last of them; null for none.</param>
/// <param name="WaitUntil">Before that, nothing is tried; null for no wait.</param>
/// <param name="SucceededAt">The last right one; null for none. Of strangers together it is not kept.</param>
public sealed record SignInTally(int Failures, DateTimeOffset? FailedAt, DateTimeOffset? WaitUntil, DateTimeOffset? SucceededAt)
{
    public static SignInTally None { get; } = new(0, null, null, null);

    /// <summary>When it no longer says anything; null if it says nothing now.</summary>
    public DateTimeOffset? ForgottenAt => SignInWaits.Later(FailedAt + SignInWaits.FailuresCountFor, SucceededAt + SignInWaits.KnownFor);
}

/// <summary>The two tallies that an attempt is counted in.</summary>
/// <param name="Client">Of the name from the client's address.</param>
/// <param name="Strangers">Of the name from all addresses together that it has never signed in from.</param>
public sealed record SignInTallies(SignInTally Client, SignInTally Strangers);
