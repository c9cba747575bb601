using Signet.Viewing;

namespace Signet.Fuzz.Targets;

/// <summary>The view of a message that inspection shows; there is one of whatever bytes.</summary>
public static class MessageViewTarget
{
    public static void Fuzz(ReadOnlySpan<byte> input) => MessageView.Read(input.ToArray());
}
