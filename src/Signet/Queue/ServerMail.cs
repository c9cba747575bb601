using System.Text.RegularExpressions;

namespace Signet.Queue;

/// <summary>
/// Mail that the server sends in its own name: the confirmation mails. It has no owner, so no account can read, search or count it. Its
/// content holds a secret that only the recipient may read: the store keeps it sealed and opens it for delivery.
/// </summary>
public static partial class ServerMail
{
    /// <summary>The principal of such mail, in place of a caller's ARN.</summary>
    public const string Principal = "signet";

    /// <summary>The sentence that readers get in place of the content.</summary>
    public const string NotShown = "the content of this mail is the server's own and is not shown";

    private const string Redacted = "[removed]";

    /// <summary>
    /// A receiver's reply to such a mail, without the secret: spam filters quote the link that they reject. Removes every long run of hex
    /// digits, because a quoted link may be cut.
    /// </summary>
    public static string WithoutSecrets(string reply) => HexRun().Replace(reply, Redacted);

    [GeneratedRegex("[0-9A-Fa-f]{24,}", RegexOptions.NonBacktracking)]
    private static partial Regex HexRun();
}
