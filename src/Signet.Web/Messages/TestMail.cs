using System.Text;
using Signet.Addresses;

namespace Signet.Web.Messages;

/// <summary>
/// A newsletter with everything that a message's page has a view for: HTML and text, an image within the HTML, an attachment, links, and
/// the header fields of a list. Its content is in <c>TestMail/*</c>.
/// </summary>
internal static class TestMail
{
    private const int LineOfBytes = 57;

    // Without sender and recipients: these differ between test mails.
    private static readonly string Template = EmbeddedFiles.Text("TestMail/message.txt")
        .Replace("{{newsletter.txt}}", EmbeddedFiles.Text("TestMail/newsletter.txt").TrimEnd(), StringComparison.Ordinal)
        .Replace("{{newsletter.html}}", EmbeddedFiles.Text("TestMail/newsletter.html").TrimEnd(), StringComparison.Ordinal)
        .Replace("{{banner.png}}", Base64("TestMail/banner.png"), StringComparison.Ordinal)
        .Replace("{{first-issue.pdf}}", Base64("TestMail/first-issue.pdf"), StringComparison.Ordinal);

    public static ReadOnlyMemory<byte> Compose(Mailbox from, IReadOnlyList<Mailbox> to, IReadOnlyList<Mailbox> cc) => Encoding.ASCII.GetBytes(
        Template
            .Replace("{{recipients}}", string.Join('\n', [.. Field("To", to), .. Field("Cc", cc)]), StringComparison.Ordinal)
            .Replace("{{from}}", from.ToHeaderText(), StringComparison.Ordinal)
            .ReplaceLineEndings("\r\n"));

    private static IEnumerable<string> Field(string name, IReadOnlyList<Mailbox> mailboxes) =>
        mailboxes.Count == 0 ? [] : [$"{name}: {string.Join(",\n ", mailboxes.Select(m => m.ToHeaderText()))}"];

    private static string Base64(string file) =>
        string.Join('\n', EmbeddedFiles.Bytes(file).Chunk(LineOfBytes).Select(Convert.ToBase64String));
}
