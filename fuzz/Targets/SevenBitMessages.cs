using System.Text;
using Signet.Messages;

namespace Signet.Fuzz.Targets;

/// <summary>Messages for a server that takes no 8-bit content: what is converted is ASCII, and converting it again changes nothing.</summary>
internal static class SevenBitMessages
{
    public static void Fuzz(ReadOnlySpan<byte> input)
    {
        // What is converted has passed the door, which mends line ends and checks the header.
        if (!RawMessage.TryRead(input.ToArray(), out var message, out _)
            || SevenBitMessage.Convert(message.Content, out var converted) != SevenBitProblem.None)
        {
            return;
        }

        if (!Ascii.IsValid(converted.Span))
        {
            throw new InvalidOperationException("what was converted is not ASCII");
        }

        if (SevenBitMessage.Convert(converted, out var again) != SevenBitProblem.None || !again.Span.SequenceEqual(converted.Span))
        {
            throw new InvalidOperationException("what was converted is converted once more");
        }
    }
}
