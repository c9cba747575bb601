using System.Diagnostics.CodeAnalysis;

namespace Signet.Messages;

/// <summary>The rules of message tags (SES API Reference, MessageTag) and the header that carries them.</summary>
public static class MessageTags
{
    private const int MaxLength = 255;

    // The only names with a colon that a caller may use.
    private static readonly string[] Special = ["ses:feedback-id-a", "ses:feedback-id-b"];

    /// <summary>Checks one tag; the name wholly before the value.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="problem">What is wrong, as SES says it; null when nothing is.</param>
    public static bool TryCheck(MessageTag tag, [NotNullWhen(false)] out string? problem)
    {
        problem = tag switch
        {
            { Name: "" } => "The tag name must be specified.",
            { Name.Length: > MaxLength } => $"Tag name cannot exceed {MaxLength} characters.",
            _ when !IsName(tag.Name) =>
                $"Invalid tag name <{tag.Name}>: only alphanumeric ASCII characters, '_',  '-' are allowed.",
            { Value: "" } => "The tag value must be specified.",
            { Value.Length: > MaxLength } => $"Tag value cannot exceed {MaxLength} characters.",
            _ when !tag.Value.All(c => IsNameCharacter(c) || c is '.' or '@') =>
                $"Invalid tag value <{tag.Value}>: only alphanumeric ASCII characters, '_',  '-' , '.', '@' are allowed.",
            _ => null,
        };
        return problem is null;
    }

    /// <summary>Checks the tags of a message, and how many there are.</summary>
    /// <param name="tags">The tags.</param>
    /// <param name="problem">What is wrong with the first bad one.</param>
    public static bool TryCheck(IReadOnlyList<MessageTag> tags, [NotNullWhen(false)] out string? problem)
    {
        problem = tags.Count > MessageLimits.MaxTags ? $"Message has more than {MessageLimits.MaxTags} tags." : null;
        for (var i = 0; i < tags.Count && problem is null; i++)
        {
            TryCheck(tags[i], out problem);
        }

        return problem is null;
    }

    /// <summary>Reads the value of <c>X-SES-MESSAGE-TAGS</c>, <c>name1=value1, name2=value2</c>, and checks each tag.</summary>
    public static bool TryParse(
        string header, [NotNullWhen(true)] out IReadOnlyList<MessageTag>? tags, [NotNullWhen(false)] out string? problem)
    {
        List<MessageTag> parsed = [];
        foreach (var item in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = item.Split('=', 2, StringSplitOptions.TrimEntries);
            parsed.Add(new MessageTag(pair[0], pair.Length > 1 ? pair[1] : ""));
        }

        tags = TryCheck(parsed, out problem) ? parsed : null;
        return tags is not null;
    }

    private static bool IsName(string name) => name.All(IsNameCharacter) || Special.Contains(name, StringComparer.Ordinal);

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
