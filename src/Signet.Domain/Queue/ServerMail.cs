namespace Signet.Queue;

/// <summary>
/// Mail that the server sends in its own name: the confirmation mails. It has no owner, so no account can read, search or count it. Its
/// content holds a secret that only the recipient may read: the store keeps it sealed and opens it for delivery, and of a receiver's reply
/// only the codes are kept, because spam filters quote the link that they reject.
/// </summary>
public static class ServerMail
{
    /// <summary>The principal of such mail, in place of a caller's ARN.</summary>
    public const string Principal = "signet";

    /// <summary>The sentence that readers get in place of the content.</summary>
    public const string NotShown = "the content of this mail is the server's own and is not shown";

    /// <summary>The text that replaces a receiver's reply, after the codes.</summary>
    public const string ReplyNotKept = "[the reply is not kept]";
}
