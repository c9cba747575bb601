using System.Text;
using Signet.Preflight;
using Signet.Viewing;

namespace Signet.Fuzz.Targets;

/// <summary>The links of a message and what mail clients support of it, with the input for both bodies.</summary>
internal static class PreflightTarget
{
    public static void Fuzz(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        LinkCheck.Of(new MessageView([], [], [], [], text, text, []));
        HtmlSupport.Of(text);
    }
}
