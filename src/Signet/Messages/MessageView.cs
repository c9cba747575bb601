using System.Buffers;
using MimeKit;

namespace Signet.Messages;

/// <summary>
/// A message as a person reads it: its texts, its addresses, what is attached. For showing only, never for sending; whatever the
/// bytes are, there is a view of them.
/// </summary>
/// <param name="To">To addresses as the header has them, decoded.</param>
/// <param name="Cc">Cc addresses.</param>
/// <param name="Headers">All header fields in their order, unfolded and decoded.</param>
/// <param name="Text">The first plain text body, decoded; null if there is none.</param>
/// <param name="Html">The first HTML body, decoded; null if there is none.</param>
/// <param name="Attachments">Every other part that holds something.</param>
/// <param name="IsWhole">False when the message has more parts than are looked at, which other versions may have accepted.</param>
public sealed record MessageView(
    IReadOnlyList<string> To,
    IReadOnlyList<string> Cc,
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

    private static readonly MessageView Empty = new([], [], [], null, null, []);

    /// <summary>Reads the bytes of a message; what is no message at all gives an empty view.</summary>
    public static MessageView Read(ReadOnlyMemory<byte> content)
    {
        using var message = MimeLoader.Load(content, out var isWhole);
        if (message is null)
        {
            return Empty;
        }

        var leaves = new List<MimeEntity>();
        AddLeaves(message.Body, leaves, 0);
        var text = leaves.OfType<MimeKit.TextPart>().FirstOrDefault(p => p.IsPlain && !p.IsAttachment);
        var html = leaves.OfType<MimeKit.TextPart>().FirstOrDefault(p => p.IsHtml && !p.IsAttachment);
        return new MessageView(
            [.. message.To.Take(MaxAddresses).Select(Describe)],
            [.. message.Cc.Take(MaxAddresses).Select(Describe)],
            [.. message.Headers.Select(h => new HeaderView(h.Field, h.Value))],
            text?.Text,
            html?.Text,
            [.. leaves.Where(l => l != text && l != html).Select(Describe)],
            isWhole);
    }

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

    // As people write it: a display name is quoted only where it must be.
    private static string Describe(InternetAddress address) =>
        address is MailboxAddress { Name: { Length: > 0 } name } mailbox && !name.AsSpan().ContainsAny(Specials)
            ? $"{name} <{mailbox.Address}>"
            : address.ToString(encode: false);

    private static AttachmentView Describe(MimeEntity entity) => new(
        entity is MimePart part ? part.FileName : entity.ContentType.Name,
        entity.ContentType.MimeType,
        Size(entity),
        entity.ContentId,
        !entity.IsAttachment && entity.ContentId is not null);

    private static long Size(MimeEntity entity)
    {
        using var measure = new MimeKit.IO.MeasuringStream();
        if (entity is MimePart { Content: { } content })
        {
            content.DecodeTo(measure);
        }
        else if (entity is not MimePart)
        {
            entity.WriteTo(measure, contentOnly: true);
        }

        return measure.Length;
    }
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
