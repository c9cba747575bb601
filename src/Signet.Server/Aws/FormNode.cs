using System.Globalization;

namespace Signet.Server.Aws;

/// <summary>A step in the name of a parameter: perhaps with a value, perhaps with steps below.</summary>
internal sealed class FormNode : InputNode
{
    private const string ListStep = "member";

    private Dictionary<string, FormNode>? _children;

    /// <summary>The value of the parameter of this very name.</summary>
    public Memory<byte>? Given { get; set; }

    public override ReadOnlyMemory<byte>? Value => Given;

    public override ReadOnlyMemory<byte>? TakeBase64()
    {
        // A blank is what a form makes of a `+` that was not escaped: skipping it would give other bytes than the caller meant.
        if (Given is not { } text || text.Span.Contains((byte)' ') || !Base64InPlace.TryDecode(text.Span, out var length))
        {
            return null;
        }

        return text[..length];
    }

    public override bool HasMembers => _children is not null;

    public override FormNode? Find(string name) => _children?.GetValueOrDefault(name);

    /// <summary>The node below this one, made if there is none.</summary>
    public FormNode Child(string step)
    {
        _children ??= new Dictionary<string, FormNode>(StringComparer.Ordinal);
        if (!_children.TryGetValue(step, out var child))
        {
            _children.Add(step, child = new FormNode());
        }

        return child;
    }

    /// <summary>
    /// The elements of a list in the order of their numbers (ten after nine); numbers may be left out. <c>Name=</c> alone is an
    /// empty list, which is how SDKs write one.
    /// </summary>
    /// <exception cref="AwsException">MalformedInput for anything else: a value ignored here could be a recipient left out.</exception>
    public override IReadOnlyList<InputNode> Elements()
    {
        if (_children is null)
        {
            return Value is { IsEmpty: true } ? [] : throw new AwsException(AwsError.MalformedInput());
        }

        if (Value is { IsEmpty: false } || _children.Count != 1 || Find(ListStep) is not { Given: null, _children: { } numbered })
        {
            throw new AwsException(AwsError.MalformedInput());
        }

        return [.. numbered.Select(n => (Number: NumberOf(n.Key), Node: n.Value)).OrderBy(n => n.Number).Select(n => n.Node)];
    }

    // No leading zero: `member.1` and `member.01` would be two elements with one number.
    private static int NumberOf(string text) =>
        text.Length <= 9 && text is not ['0', ..] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new AwsException(AwsError.MalformedInput());
}
