using System.Collections.Frozen;

namespace Signet.Messages;

/// <summary>Header fields that SES treats in a way of their own (SES Developer Guide, "Sending raw email": header fields).</summary>
internal static class MessageHeaders
{
    // Spelled as SES's guide does, which is how a refusal names them.
    private static readonly FrozenDictionary<string, string> OnceOnly = new[]
    {
        "Accept-Language", "acceptLanguage", "Archived-At", "Auto-Submitted", "Bounces-to", "Comments", "Content-Alternative",
        "Content-Base", "Content-Class", "Content-Description", "Content-Disposition", "Content-Duration", "Content-ID",
        "Content-Language", "Content-Length", "Content-Location", "Content-MD5", "Content-Transfer-Encoding", "Content-Type", "Date",
        "Delivered-To", "Disposition-Notification-Options", "Disposition-Notification-To", "DKIM-Signature", "DomainKey-Signature",
        "Errors-To", "From", "Importance", "In-Reply-To", "Keywords", "List-Archive", "List-Help", "List-Id", "List-Owner",
        "List-Post", "List-Subscribe", "List-Unsubscribe", "List-Unsubscribe-Post", "Message-Context", "Message-ID", "MIME-Version",
        "Organization", "Original-From", "Original-Message-ID", "Original-Recipient", "Original-Subject", "Precedence", "Priority",
        "References", "Reply-To", "Return-Path", "Return-Receipt-To", "Sender", "Solicitation", "Sensitivity", "Subject",
        "Thread-Index", "Thread-Topic", "User-Agent", "VBR-Info",
    }.ToFrozenDictionary(n => n, StringComparer.OrdinalIgnoreCase);

    /// <summary>The first once-only field that is there twice, spelled as SES does; null when there is none.</summary>
    public static string? FirstDuplicate(IEnumerable<HeaderField> fields)
    {
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (var field in fields)
        {
            if (OnceOnly.TryGetValue(field.Name, out var name) && !seen.Add(name))
            {
                return name;
            }
        }

        return null;
    }

    // RFC 5322 §3.6.3 and §3.6.6: recipients that others must not see. Postfix drops the same (`message_drop_headers`).
    private static readonly string[] Removed = ["Bcc", "Resent-Bcc", "Return-Path", .. XSesHeaders.All];

    /// <summary>Never sent: blind copies, the return path, and what was meant for SES alone.</summary>
    public static bool IsRemoved(HeaderField field) => Array.Exists(Removed, field.Is);
}
