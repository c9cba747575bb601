using Signet.Messages;
using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Sending;

/// <summary>The Tags of a message: names with values. <c>MessageTags</c> says which characters they may have.</summary>
internal static class TagsShape
{
    private static readonly Member<string> Name = Member.Required("Name", Shapes.Text());
    private static readonly Member<string> Value = Member.Required("Value", Shapes.Text());

    public static Member<IReadOnlyList<Fields>?> Tags { get; } = Member.Optional("Tags", Shapes.ListOf(new Structure(Name, Value)));

    /// <summary>Null when the request has none, an empty list included: then those of a header count.</summary>
    public static IReadOnlyList<MessageTag>? Parse(IReadOnlyList<Fields>? tags) =>
        tags is { Count: > 0 } ? [.. tags.Select(t => new MessageTag(t.Get(Name), t.Get(Value)))] : null;
}
