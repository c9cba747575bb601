using Signet.Smtp;

namespace Signet.Fuzz.Targets;

/// <summary>Replies of SMTP servers: bounded, fit for one line of a log, and the same however the bytes are cut.</summary>
internal static class SmtpReplies
{
    public static void Fuzz(ReadOnlySpan<byte> input)
    {
        foreach (var passesOverNoise in new[] { false, true })
        {
            var whole = Read(input, input.Length, passesOverNoise);
            var byByte = Read(input, 1, passesOverNoise);
            if (!whole.SequenceEqual(byByte))
            {
                throw new InvalidOperationException("cutting the bytes changes the replies");
            }
        }
    }

    private static List<string> Read(ReadOnlySpan<byte> input, int step, bool passesOverNoise)
    {
        var parser = new SmtpReplyParser { PassesOverNoise = passesOverNoise };
        List<string> replies = [];
        try
        {
            while (!input.IsEmpty)
            {
                var part = input[..Math.Min(Math.Max(step, 1), input.Length)];
                var reply = parser.Read(part, out var eaten);
                input = input[eaten..];
                if (reply is null)
                {
                    continue;
                }

                _ = SmtpCapabilities.Of(reply);
                var text = reply.ToString();
                if (text.Length > SmtpReplyParser.MaxReply || text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
                {
                    throw new InvalidOperationException($"not fit for a log: {text}");
                }

                replies.Add(text);
            }
        }
        catch (FormatException)
        {
            replies.Add("refused");
        }

        return replies;
    }
}
