using System.Diagnostics.CodeAnalysis;

namespace Signet.Names;

/// <summary>Who calls: the root of an account, or one of its users. Every access key belongs to one.</summary>
/// <param name="Account">The account that pays and whose quota counts.</param>
/// <param name="UserName">Null for the account's root. Case-sensitive.</param>
public sealed record Principal(AccountId Account, string? UserName)
{
    private const string UserPrefix = ":user/";

    public bool IsRoot => UserName is null;

    /// <summary><c>arn:aws:iam::111122223333:root</c> or <c>arn:aws:iam::111122223333:user/name</c>.</summary>
    public string Arn => IsRoot ? $"arn:aws:iam::{Account}:root" : $"arn:aws:iam::{Account}{UserPrefix}{UserName}";

    /// <summary>Accepts either ARN, or the twelve digits of an account for its root.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Principal? principal)
    {
        const string prefix = "arn:aws:iam::";
        principal = null;
        if (AccountId.TryParse(text, out var account))
        {
            principal = new Principal(account, null);
        }
        else if (text is not null && text.StartsWith(prefix, StringComparison.Ordinal)
            && text.Length > prefix.Length + 12 && AccountId.TryParse(text.Substring(prefix.Length, 12), out account))
        {
            var rest = text[(prefix.Length + 12)..];
            principal = rest == ":root" ? new Principal(account, null)
                : rest.StartsWith(UserPrefix, StringComparison.Ordinal) && rest.Length > UserPrefix.Length
                    ? new Principal(account, rest[UserPrefix.Length..])
                    : null;
        }

        return principal is not null;
    }

    public override string ToString() => Arn;
}
