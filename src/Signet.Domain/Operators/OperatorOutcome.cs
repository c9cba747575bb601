using System.Globalization;
using Signet.Names;

namespace Signet.Operators;

/// <summary>What became of a change to operators.</summary>
/// <typeparam name="T">What a change that was made gives back.</typeparam>
public abstract record OperatorOutcome<T>
{
    private OperatorOutcome()
    {
    }

    /// <summary>Made: on stable storage.</summary>
    public sealed record Done(T Value) : OperatorOutcome<T>;

    /// <summary>Not made; nothing was written.</summary>
    public sealed record Refused(OperatorProblem Problem) : OperatorOutcome<T>;

    public static implicit operator OperatorOutcome<T>(OperatorProblem problem) => new Refused(problem);
}

/// <summary>Why a change to operators is not made.</summary>
public abstract record OperatorProblem
{
    private OperatorProblem()
    {
    }

    /// <summary>One sentence for people, naming what they named.</summary>
    public abstract string Text { get; }

    public sealed record OperatorExists(string Name) : OperatorProblem
    {
        public override string Text => $"operator `{Name}` exists already";
    }

    public sealed record NoSuchOperator(string Name) : OperatorProblem
    {
        public override string Text => $"there is no operator `{Name}`";
    }

    public sealed record BadName(string Name) : OperatorProblem
    {
        public override string Text =>
            $"`{Name}` is not an operator's name: 1 to {Operator.MaxNameLength} letters, digits and `+=,.@_-`";
    }

    public sealed record NoSuchAccount(AccountId Account) : OperatorProblem
    {
        public override string Text => $"there is no account `{Account}`";
    }

    /// <summary>The password has not the right length.</summary>
    public sealed record BadPasswordLength : OperatorProblem
    {
        public override string Text => $"a password has {OperatorPasswords.MinLength} to {OperatorPasswords.MaxLength} characters";
    }

    /// <summary>The password is the first thing that anybody would guess.</summary>
    public sealed record PasswordIsName : OperatorProblem
    {
        public override string Text => "a password must not be the operator's name";
    }

    /// <summary>The password that an operator has was asked for, and another one came.</summary>
    public sealed record WrongPassword : OperatorProblem
    {
        public override string Text => "this is not your password";
    }

    /// <summary>It was not even compared: too many were wrong.</summary>
    public sealed record TooManyWrongPasswords(DateTimeOffset Until) : OperatorProblem
    {
        public override string Text =>
            string.Create(CultureInfo.InvariantCulture, $"too many passwords were wrong: try again after {Until.UtcDateTime:HH:mm:ss} UTC");
    }

    /// <summary>Nobody could let anybody in afterwards, except by command on the server's machine.</summary>
    public sealed record LastAdministrator(string Name) : OperatorProblem
    {
        public override string Text => $"`{Name}` is the last administrator of the whole server: make another one first";
    }
}
