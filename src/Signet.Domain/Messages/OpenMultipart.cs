using System.Text;

namespace Signet.Messages;

/// <summary>A multipart whose end has not been read yet.</summary>
internal sealed class OpenMultipart(string boundary)
{
    private readonly byte[] boundary = Encoding.Latin1.GetBytes(boundary);

    /// <summary>Whether its first delimiter has been read.</summary>
    public bool HasStarted { get; set; }

    /// <summary>Parts without a Content-Type are messages (RFC 2046 §5.1.5).</summary>
    public bool IsDigest { get; init; }

    /// <summary>A changed byte of its parts breaks a signature (RFC 1847 §2.1).</summary>
    public bool IsSigned { get; init; }

    /// <summary>Finds the multipart, innermost first, that a line is a delimiter of: it ends those inside, closed or not (RFC 2046 §5.1.2).</summary>
    /// <param name="open">Outermost first.</param>
    /// <param name="line">Without its line end.</param>
    /// <param name="depth">The index of the one that was found.</param>
    /// <param name="closes">Whether the line ends it.</param>
    public static bool TryFind(IReadOnlyList<OpenMultipart> open, ReadOnlySpan<byte> line, out int depth, out bool closes)
    {
        closes = false;
        depth = -1;
        if (!line.StartsWith("--"u8))
        {
            return false;
        }

        var text = line[2..].TrimEnd(" \t"u8);
        for (depth = open.Count - 1; depth >= 0; depth--)
        {
            ReadOnlySpan<byte> boundary = open[depth].boundary;
            closes = text.Length == boundary.Length + 2 && text.EndsWith("--"u8);
            if ((closes || text.Length == boundary.Length) && text.StartsWith(boundary))
            {
                return true;
            }
        }

        return false;
    }
}
