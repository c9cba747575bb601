using System.Text;
using Signet.Addresses;
using Signet.Messages;

namespace Signet.Fuzz.Targets;

/// <summary>Values of structured fields, and encoded words.</summary>
internal static class HeaderValues
{
    public static void Fuzz(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        _ = ContentHeader.TryParseType(text, out _, out _);
        _ = ContentHeader.TryParseDisposition(text, out _, out _);
        _ = MessageTags.TryParse(text, out _, out _);
        _ = EncodedWords.Decode(text);
    }
}
