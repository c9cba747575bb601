namespace Signet.Viewing;

/// <summary>A part that HTML may refer to by its Content-ID. Its bytes are read when they are needed.</summary>
/// <param name="ContentType">As the part says, which need not be true.</param>
/// <param name="Size">Bytes, its transfer encoding undone.</param>
/// <param name="Read">Its bytes, its transfer encoding undone. Each call reads them again.</param>
public sealed record InlinePart(string ContentType, long Size, Func<byte[]> Read);
