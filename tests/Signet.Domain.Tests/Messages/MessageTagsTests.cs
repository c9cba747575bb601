using Signet.Messages;

namespace Signet.Tests.Messages;

public sealed class MessageTagsTests
{
    private static readonly string Long = new('x', 256);

    public static TheoryData<string, string, string?> Tags() => new()
    {
        { "name", "value", null },
        { "Na_me-1", "v.a_l-u@e", null },
        { Long[1..], Long[1..], null },
        { "ses:feedback-id-a", "value", null },
        { "ses:feedback-id-b", "value", null },
        { "", "", "The tag name must be specified." },
        { "name", "", "The tag value must be specified." },
        { Long, "value", "Tag name cannot exceed 255 characters." },
        { "name", Long, "Tag value cannot exceed 255 characters." },
        { "na me", "value", "Invalid tag name <na me>: only alphanumeric ASCII characters, '_',  '-' are allowed." },
        { "na.me", "va lue", "Invalid tag name <na.me>: only alphanumeric ASCII characters, '_',  '-' are allowed." },
        { "n\u00e4me", "value", "Invalid tag name <n\u00e4me>: only alphanumeric ASCII characters, '_',  '-' are allowed." },
        { "na me", "", "Invalid tag name <na me>: only alphanumeric ASCII characters, '_',  '-' are allowed." },
        { "na me", Long, "Invalid tag name <na me>: only alphanumeric ASCII characters, '_',  '-' are allowed." },
        { Long, "", "Tag name cannot exceed 255 characters." },
        { "ses:other", "value", "Invalid tag name <ses:other>: only alphanumeric ASCII characters, '_',  '-' are allowed." },
        { "name", "a b", "Invalid tag value <a b>: only alphanumeric ASCII characters, '_',  '-' , '.', '@' are allowed." },
        { "name", "a:b", "Invalid tag value <a:b>: only alphanumeric ASCII characters, '_',  '-' , '.', '@' are allowed." },
    };

    [Theory]
    [MemberData(nameof(Tags))]
    public void A_tag_is_checked_in_the_words_of_ses(string name, string value, string? wanted)
    {
        Assert.Equal(wanted is null, MessageTags.TryCheck(new MessageTag(name, value), out var problem));
        Assert.Equal(wanted, problem);
    }

    [Theory]
    [InlineData("name1=value1, name2=value2", "name1=value1 name2=value2")]
    [InlineData(" a = b ,c=d,", "a=b c=d")]
    [InlineData("", "")]
    public void The_header_lists_tags(string header, string wanted)
    {
        Assert.True(MessageTags.TryParse(header, out var tags, out var problem), problem);
        Assert.Equal(wanted, string.Join(' ', tags.Select(t => $"{t.Name}={t.Value}")));
    }

    [Theory]
    [InlineData("name", "The tag value must be specified.")]
    [InlineData("=value", "The tag name must be specified.")]
    [InlineData("a=b, c=d=e", "Invalid tag value <d=e>: only alphanumeric ASCII characters, '_',  '-' , '.', '@' are allowed.")]
    [InlineData("a=b; c=d", "Invalid tag value <b; c=d>: only alphanumeric ASCII characters, '_',  '-' , '.', '@' are allowed.")]
    public void A_bad_tag_refuses_the_header(string header, string wanted)
    {
        Assert.False(MessageTags.TryParse(header, out _, out var problem));
        Assert.Equal(wanted, problem);
    }

    [Fact]
    public void A_message_has_50_tags_at_most()
    {
        static string Header(int tags) => string.Join(", ", Enumerable.Range(1, tags).Select(i => $"tag{i}=value"));

        Assert.True(MessageTags.TryParse(Header(50), out var tags, out var problem), problem);
        Assert.Equal(50, tags.Count);
        Assert.False(MessageTags.TryParse(Header(51), out _, out problem));
        Assert.Equal("Message has more than 50 tags.", problem);
    }
}
