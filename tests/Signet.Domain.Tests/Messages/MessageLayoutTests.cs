using System.Text;
using CsCheck;
using Signet.Messages;
using Signet.Tests.Dkim;

namespace Signet.Tests.Messages;

public sealed class MessageLayoutTests
{
    [Fact]
    public void It_finds_the_fields_and_the_body_of_every_message_of_the_corpus_without_reading_it_again()
    {
        var count = 0;
        foreach (var (name, message) in DkimCorpus.Messages())
        {
            Assert.True(RawMessage.TryRead(message, out var raw, out _), name);
            var layout = MessageLayout.Parse(MessageLayout.Of(raw.Content).ToString(), raw.Content.Length);

            Assert.NotNull(layout);
            Assert.Equal(raw.Fields.Select(f => (f.Name, f.Value)), layout.Fields(raw.Content).Select(f => (f.Name, f.Value)));
            Assert.True(raw.Body.Span.SequenceEqual(layout.Body(raw.Content).Span), name);
            Assert.Equal(!Ascii.IsValid(raw.Content.Span), layout.IsEightBit);
            count++;
        }

        Assert.True(count > 300);
    }

    [Theory]
    [InlineData("", 100)]
    [InlineData("9 10", 100)]
    [InlineData("7 10 -1", 100)]
    [InlineData("7 10 0", 100)]
    [InlineData("7 10 x", 100)]
    [InlineData("7 60 50", 100)]
    [InlineData("7 60 39", 100)]
    [InlineData("7  10", 100)]
    public void What_is_no_layout_of_such_a_message_is_none(string stored, int size) => Assert.Null(MessageLayout.Parse(stored, size));

    [Fact]
    public void A_layout_survives_being_stored() => Gen.Select(Gen.Int[1, 1_000].Array[0, 50], Gen.Bool, Gen.Int[2, 9]).Sample((sizes, isEightBit, rest) =>
    {
        var layout = new MessageLayout(sizes, isEightBit);
        var read = MessageLayout.Parse(layout.ToString(), sizes.Sum() + rest);
        Assert.Equal((layout.ToString(), layout.HeaderSize, isEightBit), (read?.ToString(), read?.HeaderSize, read?.IsEightBit));
    });
}
