using System.Diagnostics.CodeAnalysis;
using Signet.Names;

namespace Signet.Operators;

/// <summary>
/// A person who logs in to the console. Not a user of an account (<see cref="Accounts.User"/>): those call the API with keys and have
/// policies; an operator has a role.
/// </summary>
/// <param name="Name">Folded, see <see cref="TryFoldName"/>.</param>
/// <param name="Role">What may be done.</param>
/// <param name="Account">The only account that is seen and worked on; null: the whole server.</param>
/// <param name="Stamp">
/// Random; another one after each change of password, role or account. A session carries it and is over when it differs.
/// </param>
/// <param name="HasPassword">False for one who signs in by OpenID Connect only.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="LastSignInAt">Null until the first time.</param>
public sealed record Operator(
    string Name,
    OperatorRole Role,
    AccountId? Account,
    string Stamp,
    bool HasPassword,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastSignInAt)
{
    public const int MaxNameLength = 64;

    /// <summary>One of those who can let anybody in again; the last one stays.</summary>
    public bool AdministersServer => May(OperatorRole.Administer, null);

    /// <summary>Whether the role is enough, and what is worked on within reach.</summary>
    /// <param name="needed">The least role for it.</param>
    /// <param name="account">Whose it is; null: it is about the whole server.</param>
    public bool May(OperatorRole needed, AccountId? account) => Role >= needed && (Account is null || Account == account);

    /// <summary>
    /// True for 1 to 64 of <c>A-Za-z0-9+=,.@_-</c>, so that an email address, as OpenID Connect gives it, is a name. Names are
    /// compared without case; <paramref name="name"/> is in small letters.
    /// </summary>
    public static bool TryFoldName(string text, [NotNullWhen(true)] out string? name)
    {
        var isName = text.Length is > 0 and <= MaxNameLength
            && text.All(c => char.IsAsciiLetterOrDigit(c) || "+=,.@_-".Contains(c, StringComparison.Ordinal));
        name = isName ? string.Concat(text.Select(char.ToLowerInvariant)) : null;
        return isName;
    }
}

/// <summary>What an operator may do; each role may do what those before it may.</summary>
public enum OperatorRole
{
    /// <summary>See.</summary>
    Read,

    /// <summary>Hold, retry, drop, release and delete mail; edit identities and policies.</summary>
    Operate,

    /// <summary>Accounts, users, keys and operators.</summary>
    Administer,
}

/// <summary>What is to change of an operator; null leaves as it is.</summary>
public sealed record OperatorChange(OperatorRole? Role = null, OperatorReach? Reach = null)
{
    internal Operator ApplyTo(Operator now) =>
        now with { Role = Role ?? now.Role, Account = Reach is null ? now.Account : Reach.Account };
}

/// <summary>How far an operator sees: one account or, with null, the whole server.</summary>
public sealed record OperatorReach(AccountId? Account);
