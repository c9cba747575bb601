using Signet.Names;
using Signet.Policies;

namespace Signet.Accounts;

/// <summary>What became of a change to accounts, users or keys.</summary>
/// <typeparam name="T">What a change that was made gives back.</typeparam>
public abstract record AccountOutcome<T>
{
    private AccountOutcome()
    {
    }

    /// <summary>Made: on stable storage.</summary>
    public sealed record Done(T Value) : AccountOutcome<T>;

    /// <summary>Not made; nothing was written.</summary>
    public sealed record Refused(AccountProblem Problem) : AccountOutcome<T>;

    public static implicit operator AccountOutcome<T>(AccountProblem problem) => new Refused(problem);
}

/// <summary>Why a change to accounts, users or keys is not made.</summary>
public abstract record AccountProblem
{
    private AccountProblem()
    {
    }

    /// <summary>One sentence for people, naming what they named.</summary>
    public abstract string Text { get; }

    public sealed record AccountExists(AccountId Account) : AccountProblem
    {
        public override string Text => $"account `{Account}` exists already";
    }

    public sealed record NoSuchAccount(AccountId Account) : AccountProblem
    {
        public override string Text => $"there is no account `{Account}`";
    }

    public sealed record UserExists(Principal User) : AccountProblem
    {
        public override string Text => $"account `{User.Account}` has a user `{User.UserName}` already";
    }

    public sealed record NoSuchUser(Principal User) : AccountProblem
    {
        public override string Text => $"account `{User.Account}` has no user `{User.UserName}`";
    }

    public sealed record BadUserName(string Name) : AccountProblem
    {
        public override string Text => $"`{Name}` is not a user name: 1 to {User.MaxNameLength} letters, digits and `+=,.@_-`";
    }

    public sealed record NoSuchUserPolicy(Principal User, PolicyName Policy) : AccountProblem
    {
        public override string Text => $"user `{User.UserName}` of account `{User.Account}` has no policy `{Policy}`";
    }

    public sealed record BadPauseReason : AccountProblem
    {
        public override string Text =>
            $"the reason of a pause is one line of {AccountPause.MaxReasonLength} characters at most, without control characters";
    }

    public sealed record NoSuchKey(string KeyId) : AccountProblem
    {
        public override string Text => $"there is no access key `{KeyId}`, or it was revoked before";
    }
}
