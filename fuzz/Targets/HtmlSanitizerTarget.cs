using System.Text;
using Signet.Viewing;

namespace Signet.Fuzz.Targets;

/// <summary>HTML made safe to show; made safe again it must stay as it is, else it was read in two ways.</summary>
internal static class HtmlSanitizerTarget
{
    private const int MaxLength = 1 << 20;

    public static void Fuzz(ReadOnlySpan<byte> input)
    {
        var once = SanitizedHtml.Of(Encoding.UTF8.GetString(input), Part, MaxLength).Html;
        if (SanitizedHtml.Of(once, Part, MaxLength * 8).Html != once)
        {
            throw new InvalidOperationException("what was made safe reads differently again");
        }
    }

    private static InlinePart? Part(string id) => id.StartsWith('l') ? new("image/png", 3, () => [1, 2, 3]) : null;
}
