using System.Buffers;
using MimeKit;
using Signet.Addresses;
using Signet.Messages;

namespace Signet.Viewing;

/// <summary>
/// A message as a person reads it: its texts, its addresses, what is attached. For showing only, never for sending; whatever the
/// bytes are, there is a view of them.
/// </summary>
/// <param name="To">To addresses as the header has them, decoded.</param>
/// <param name="Cc">Cc addresses.</param>
/// <param name="ReplyTo">Reply-To addresses.</param>
/// <param name="Headers">All header fields in their order, unfolded and decoded.</param>
/// <param name="Text">The first plain text body, decoded; null if there is none.</param>
/// <param name="Html">The first HTML body, decoded; null if there is none.</param>
/// <param name="Attachments">Every other part that holds something.</param>
/// <param name="IsWhole">False when the message has more parts than are looked at, which other versions may have accepted.</param>
public sealed record MessageView(
    IReadOnlyList<string> To,
    IReadOnlyList<string> Cc,
    IReadOnlyList<string> ReplyTo,
    IReadOnlyList<HeaderView> Headers,
    string? Text,
    string? Html,
    IReadOnlyList<AttachmentView> Attachments,
    bool IsWhole = true)
{
    // A header may name thousands beside an envelope of its own.
    private const int MaxAddresses = 1000;

    // RFC 5322 §3.2.3.
    private static readonly SearchValues<char> Specials = SearchValues.Create("()<>[]:;@\\,.\"");

    private static readonly MessageView Empty = new([], [], [], [], null, null, []);

    /// <summary>Reads the bytes of a message; what is no message at all gives an empty view.</summary>
    public static MessageView Read(ReadOnlyMemory<byte> content)
    {
        using var message = MimeLoader.Load(content, out var isWhole);
        if (message is null)
        {
            return Empty;
        }

        var fields = HeaderBlock.ReadForShow(content);
        var leaves = new List<MimeEntity>();
        AddLeaves(message.Body, leaves, 0);
        var text = leaves.OfType<MimeKit.TextPart>().FirstOrDefault(p => p.IsPlain && !p.IsAttachment);
        var html = leaves.OfType<MimeKit.TextPart>().FirstOrDefault(p => p.IsHtml && !p.IsAttachment);
        return new MessageView(
            Addresses(fields, "To"),
            Addresses(fields, "Cc"),
            Addresses(fields, "Reply-To"),
            [.. fields.Select(f => new HeaderView(f.Name, EncodedWords.Decode(f.Value)))],
            text is null ? null : PartReader.Text(text),
            html is null ? null : PartReader.Text(html),
            [.. leaves.Where(l => l != text && l != html).Select(Describe)],
            isWhole);
    }

    /// <summary>The recipients that neither To nor Cc names: they got a blind copy, which no header tells.</summary>
    public IReadOnlyList<string> BlindCopies(IEnumerable<string> recipients) => [.. recipients.Where(r => !To.Concat(Cc).Any(a =>
        a.Equals(r, StringComparison.OrdinalIgnoreCase) || a.EndsWith($"<{r}>", StringComparison.OrdinalIgnoreCase)))];

    private static void AddLeaves(MimeEntity? entity, List<MimeEntity> leaves, int depth)
    {
        if (entity is Multipart multipart && depth < MimeLoader.MaxDepth)
        {
            foreach (var part in multipart)
            {
                AddLeaves(part, leaves, depth + 1);
            }
        }
        else if (entity is not null)
        {
            leaves.Add(entity);
        }
    }

    // What no address can be read of, such as an empty group, is shown as it is written.
    private static IReadOnlyList<string> Addresses(IReadOnlyList<HeaderField> fields, string name) =>
    [
        .. fields.Where(f => f.Is(name)).Select(f => f.Value)
            .SelectMany(v => Mailbox.TryParseList(v, out var mailboxes, out _) && mailboxes.Count > 0 ? mailboxes.Select(Describe) : [EncodedWords.Decode(v)])
            .Where(a => a.Length > 0)
            .Take(MaxAddresses),
    ];

    // As people write it: a display name is quoted only where it must be.
    private static string Describe(Mailbox mailbox) =>
        mailbox.DisplayName is not { Length: > 0 } name ? $"{mailbox.Address}"
        : name.AsSpan().ContainsAny(Specials) ? $"{Mailbox.Quote(name)} <{mailbox.Address}>"
        : $"{name} <{mailbox.Address}>";

    private static AttachmentView Describe(MimeEntity entity) => new(
        PartReader.Name(entity),
        entity.ContentType.MimeType,
        PartReader.Size(entity),
        entity.ContentId,
        !entity.IsAttachment && entity.ContentId is not null);
}

/// <summary>A header field, unfolded and decoded (RFC 2047).</summary>
public sealed record HeaderView(string Name, string Value);

/// <summary>A part that is not the text to read.</summary>
/// <param name="Name">The file name it came with, if any.</param>
/// <param name="ContentType">For instance <c>application/pdf</c>.</param>
/// <param name="Size">Bytes, its transfer encoding undone.</param>
/// <param name="ContentId">Without the angle brackets; what HTML refers to by <c>cid:</c>.</param>
/// <param name="Inline">True for a part that HTML refers to rather than one to save.</param>
public sealed record AttachmentView(string? Name, string ContentType, long Size, string? ContentId, bool Inline);
