namespace Signet.Addresses;

/// <summary>A text that strangers may make long, cut to what an answer, a log line or a record may hold of it.</summary>
public static class Excerpt
{
    /// <summary>The most characters of a text that tells somebody what is wrong.</summary>
    public const int MaxProblem = 1_000;

    private const string Gap = " ... ";

    /// <summary>
    /// The text, or its beginning and its end: a refusal that quotes a long value says what is wrong with it before the value or behind it.
    /// </summary>
    public static string Of(string text, int max = MaxProblem)
    {
        if (text.Length <= max)
        {
            return text;
        }

        var room = Math.Max(0, max - Gap.Length);
        var head = room - (room / 4);
        var tail = text.Length - (room - head);

        // No half of a surrogate pair on either side.
        head -= head > 0 && char.IsHighSurrogate(text[head - 1]) ? 1 : 0;
        tail += tail < text.Length && char.IsLowSurrogate(text[tail]) ? 1 : 0;
        return string.Concat(text.AsSpan(0, head), Gap, text.AsSpan(tail));
    }
}
