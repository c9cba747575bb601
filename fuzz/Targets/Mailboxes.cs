using System.Text;
using Signet.Addresses;

namespace Signet.Fuzz.Targets;

/// <summary>Mailbox lists: whatever is accepted must be fit for a header.</summary>
internal static class Mailboxes
{
    public static void Fuzz(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        _ = Mailbox.TryParse(text, out var mailbox, out _);
        _ = Mailbox.TryParseList(text, out var mailboxes, out _);
        foreach (var found in (mailboxes ?? []).Append(mailbox).OfType<Mailbox>())
        {
            _ = found.LengthProblem();
            var header = found.ToHeaderText();
            if (!Ascii.IsValid(header) || header.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
            {
                throw new InvalidOperationException($"not fit for a header: {header}");
            }
        }
    }
}
