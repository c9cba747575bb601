using MimeKit;
using Signet.Messages;

namespace Signet.Viewing;

/// <summary>
/// The parts of a message as they lie in each other. For showing only; whatever the bytes are, there is a tree of them. Below a
/// bounded depth a part has no children, whatever it holds; parts beyond <see cref="MessageLimits"/>, which other versions may have
/// accepted, are left out.
/// </summary>
public static class MimeTree
{
    private static readonly MimeNode Nothing = new("1", "text/plain", null, null, null, null, null, 0, []);

    /// <summary>Reads the bytes of a message; what is no message at all is one empty text.</summary>
    public static MimeNode Read(ReadOnlyMemory<byte> content) => Read(content, out _);

    /// <inheritdoc cref="Read(ReadOnlyMemory{byte})"/>
    /// <param name="content">The message.</param>
    /// <param name="isWhole">False when parts were left out.</param>
    public static MimeNode Read(ReadOnlyMemory<byte> content, out bool isWhole)
    {
        using var message = MimeLoader.Load(content, out isWhole);
        return message?.Body is { } body ? Describe(body, body is Multipart ? "" : "1", 0) : Nothing;
    }

    /// <summary>
    /// The bytes of a part without its transfer encoding; of an encapsulated message all its bytes. Null for a path that names
    /// nothing, or a multipart.
    /// </summary>
    public static PartContent? OpenPart(ReadOnlyMemory<byte> content, string path)
    {
        using var message = MimeLoader.Load(content, out _);
        return message?.Body is { } body && Find(body, path) is { } found and not Multipart
            ? new PartContent(found.ContentType.MimeType, PartReader.Name(found), PartReader.Bytes(found))
            : null;
    }

    /// <summary>
    /// Finds parts by their Content-ID, the first of those that have the same. The message is read once, and each part is measured
    /// once, however many are found.
    /// </summary>
    public static Func<string, InlinePart?> FindById(ReadOnlyMemory<byte> content)
    {
        var parts = new Lazy<Dictionary<string, Lazy<InlinePart>>>(() => ById(content));
        return id => parts.Value.TryGetValue(id, out var found) ? found.Value : null;
    }

    // Not disposed: its parts refer to the content, which is memory.
    private static Dictionary<string, Lazy<InlinePart>> ById(ReadOnlyMemory<byte> content)
    {
        Dictionary<string, Lazy<InlinePart>> found = new(StringComparer.Ordinal);
        foreach (var part in MimeLoader.Load(content, out _)?.BodyParts ?? [])
        {
            if (part.ContentId is { } id)
            {
                found.TryAdd(id, new(() => new InlinePart(part.ContentType.MimeType, PartReader.Size(part), () => PartReader.Bytes(part))));
            }
        }

        return found;
    }

    private static MimeNode Describe(MimeEntity entity, string path, int depth)
    {
        List<MimeNode> children = depth < MimeLoader.MaxDepth
            ? [.. Parts(entity, path).Select(p => Describe(p.Entity, p.Path, depth + 1))]
            : [];
        return new MimeNode(
            path,
            entity.ContentType.MimeType,
            entity.ContentType.Charset,
            PartReader.Name(entity),
            entity.Headers[HeaderId.ContentTransferEncoding]?.Trim().ToLowerInvariant(),
            entity.ContentDisposition?.Disposition,
            entity.ContentId,
            entity is Multipart ? children.Sum(c => c.Size) : PartReader.Size(entity),
            children);
    }

    private static MimeEntity? Find(MimeEntity root, string path)
    {
        var (entity, at, depth) = (root, root is Multipart ? "" : "1", 0);
        while (at != path && depth++ < MimeLoader.MaxDepth)
        {
            var next = Parts(entity, at).FirstOrDefault(p => p.Path == path || path.StartsWith(p.Path + ".", StringComparison.Ordinal));
            if (next.Entity is null)
            {
                return null;
            }

            (entity, at) = next;
        }

        return at == path ? entity : null;
    }

    // RFC 3501 §6.4.5: the parts of an encapsulated multipart are numbered below the message, which has no number for it.
    private static IEnumerable<(MimeEntity Entity, string Path)> Parts(MimeEntity entity, string path)
    {
        var prefix = path.Length == 0 ? "" : path + ".";
        return entity switch
        {
            Multipart multipart => multipart.Select((part, i) => (part, $"{prefix}{i + 1}")),
            MessagePart { Message.Body: Multipart inner } => inner.Select((part, i) => (part, $"{prefix}{i + 1}")),
            MessagePart { Message.Body: { } inner } => [(inner, $"{prefix}1")],
            _ => [],
        };
    }
}

/// <summary>One part of a message.</summary>
/// <param name="Path">
/// Its number as in RFC 3501 §6.4.5: <c>1</c>, <c>1.2</c>; empty for a message that is a multipart itself.
/// </param>
/// <param name="ContentType">For instance <c>text/html</c>.</param>
/// <param name="Charset">As the part names it.</param>
/// <param name="Name">The file name it came with, as a stranger wrote it.</param>
/// <param name="TransferEncoding">In lower case.</param>
/// <param name="Disposition"><c>inline</c>, <c>attachment</c> or what else it says.</param>
/// <param name="ContentId">Without the angle brackets.</param>
/// <param name="Size">Bytes, its transfer encoding undone; of a multipart those of its parts.</param>
/// <param name="Children">The parts of a multipart or of an encapsulated message.</param>
public sealed record MimeNode(
    string Path,
    string ContentType,
    string? Charset,
    string? Name,
    string? TransferEncoding,
    string? Disposition,
    string? ContentId,
    long Size,
    IReadOnlyList<MimeNode> Children);

/// <summary>What one part holds.</summary>
/// <param name="ContentType">As the part says, which need not be true.</param>
/// <param name="FileName">As a stranger wrote it.</param>
/// <param name="Bytes">Its transfer encoding undone, its charset not.</param>
public sealed record PartContent(string ContentType, string? FileName, byte[] Bytes)
{
    /// <summary>A name to save it under: no path, no control characters, not too long, never empty.</summary>
    public string SafeFileName => SafeFileNames.Of(FileName, ContentType);
}
