using System.Diagnostics.CodeAnalysis;
using Signet.Names;

namespace Signet.Policies;

/// <summary>
/// The principals of a statement (IAM User Guide, "AWS JSON policy elements: Principal"). An account, by its number or its root's ARN,
/// stands for all its users. Roles and AWS services are accepted, but nobody calls Signet as one, so they match no one.
/// </summary>
internal sealed class PrincipalSet
{
    private readonly bool _everyone;
    private readonly Principal[] _named;

    private PrincipalSet(bool everyone, Principal[] named)
    {
        _everyone = everyone;
        _named = named;
    }

    /// <summary>How many are named.</summary>
    public int Count => _named.Length;

    /// <summary><c>*</c>: everyone who is authenticated.</summary>
    public static PrincipalSet Everyone { get; } = new(true, []);

    /// <param name="aws">What stands under <c>AWS</c>.</param>
    /// <param name="services">What stands under <c>Service</c>.</param>
    /// <param name="set">The set.</param>
    /// <param name="problem">What is wrong, to stand after "Statement 1: ".</param>
    public static bool TryParse(
        IReadOnlyList<string> aws,
        IReadOnlyList<string> services,
        [NotNullWhen(true)] out PrincipalSet? set,
        [NotNullWhen(false)] out string? problem)
    {
        set = null;
        List<Principal> named = [];
        foreach (var text in aws)
        {
            if (Principal.TryParse(text, out var principal) && (principal.UserName is null || IsPath(principal.UserName)))
            {
                named.Add(principal);
            }
            else if (text != "*" && !IsRole(text))
            {
                problem = $"`{text}` is not a principal: an account, the ARN of a user or role, or `*` is";
                return false;
            }
        }

        if (services.FirstOrDefault(s => !IsService(s)) is { } wrong)
        {
            problem = $"`{wrong}` is not the name of an AWS service";
            return false;
        }

        set = new PrincipalSet(aws.Contains("*"), [.. named]);
        problem = null;
        return true;
    }

    public bool Covers(Principal caller)
    {
        if (_everyone)
        {
            return true;
        }

        foreach (var named in _named)
        {
            if (named.Account == caller.Account && (named.IsRoot || named.UserName == caller.UserName))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it covers every principal that the other covers.</summary>
    public bool CoversAll(PrincipalSet other) => _everyone || (!other._everyone && Array.TrueForAll(other._named, Covers));

    private static bool IsRole(string text) =>
        text.Split(':') is ["arn", "aws", var service, "", var account, var resource]
        && AccountId.TryParse(account, out _)
        && service switch
        {
            "iam" => resource.StartsWith("role/", StringComparison.Ordinal) && IsPath(resource[5..]),
            "sts" => resource.StartsWith("assumed-role/", StringComparison.Ordinal) && IsPath(resource[13..]),
            _ => false,
        };

    /// <summary>A name as IAM allows it, perhaps with a path before it: <c>team/mailer</c>. No wildcards.</summary>
    private static bool IsPath(string text) =>
        text.Split('/').All(part => part.Length > 0 && part.All(IsNameCharacter));

    private static bool IsNameCharacter(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '+' or '=' or ',' or '.' or '@' or '_' or '-';

    private static bool IsService(string text)
    {
        const string suffix = ".amazonaws.com";
        return text.Length > suffix.Length && text.EndsWith(suffix, StringComparison.Ordinal)
            && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-');
    }
}
