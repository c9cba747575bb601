namespace Signet.Operators;

/// <summary>What an attempt to sign in came to.</summary>
public abstract record SignInOutcome
{
    private SignInOutcome()
    {
    }

    public sealed record Done(Operator Operator) : SignInOutcome;

    /// <summary>No such name, no password, or another: nobody learns which.</summary>
    public sealed record Wrong : SignInOutcome;

    /// <summary>Nothing was tried: too many were wrong. The same for names that nobody has.</summary>
    public sealed record Locked(DateTimeOffset Until) : SignInOutcome;
}
