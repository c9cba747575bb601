using Signet.Viewing;

namespace Signet.Fuzz.Targets;

/// <summary>The parts of a message; each can be opened, and its file name is one to save it under.</summary>
internal static class MimeTreeTarget
{
    public static void Fuzz(ReadOnlySpan<byte> input)
    {
        var content = input.ToArray();
        Open(content, MimeTree.Read(content));
    }

    private static void Open(byte[] content, MimeNode node)
    {
        if (MimeTree.OpenPart(content, node.Path) is { SafeFileName: var name } part
            && (part.Bytes.Length != node.Size || name.Length is 0 or > 121 || name.Contains('/', StringComparison.Ordinal)))
        {
            throw new InvalidOperationException($"part {node.Path} is not what the tree says");
        }

        foreach (var child in node.Children)
        {
            Open(content, child);
        }
    }
}
