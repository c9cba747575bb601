using System.Text.RegularExpressions;

namespace Signet.Web.Decisions;

/// <summary>Texts for a line of a list, where there is no room for what all ARNs have in common.</summary>
public static partial class ShortNames
{
    /// <summary>The text with the ARN of an identity as its name, of a root as its account, of a user as account/name.</summary>
    public static string In(string text) => UserOf().Replace(RootOf().Replace(IdentityOf().Replace(text, ""), "$1"), "$1/");

    [GeneratedRegex(@"arn:aws:ses:[a-z0-9-]+:[0-9]{12}:identity/", RegexOptions.NonBacktracking)]
    private static partial Regex IdentityOf();

    [GeneratedRegex(@"arn:aws:iam::([0-9]{12}):root", RegexOptions.NonBacktracking)]
    private static partial Regex RootOf();

    [GeneratedRegex(@"arn:aws:iam::([0-9]{12}):user/", RegexOptions.NonBacktracking)]
    private static partial Regex UserOf();
}
