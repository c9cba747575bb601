using System.Globalization;
using System.Text;

namespace Signet.Server.Ses.Protocol;

/// <summary>
/// The parameters of an awsQuery request as a tree: <c>Destination.ToAddresses.member.1</c> is four steps down (Smithy, "AWS query
/// protocol"). Names that nobody asks for are ignored, as SES does.
/// </summary>
internal sealed class QueryParameters
{
    /// <summary>The deepest name of the API has seven steps.</summary>
    public const int MaxDepth = 16;

    private QueryParameters(ParameterNode root) => Root = root;

    /// <summary>What has no name itself and holds all parameters.</summary>
    public ParameterNode Root { get; }

    /// <summary>Builds the tree from the pairs of query string and body together.</summary>
    /// <exception cref="SesException">
    /// InvalidQueryParameter for a name given twice (which of the values counts would be a guess) or nested too deeply.
    /// </exception>
    public static QueryParameters Of(IEnumerable<FormPair> pairs)
    {
        var root = new ParameterNode();
        foreach (var pair in pairs)
        {
            var name = Encoding.UTF8.GetString(pair.Name.Span);
            var steps = name.Split('.', MaxDepth + 1);
            if (steps.Length > MaxDepth)
            {
                throw new SesException(SesError.InvalidQueryParameter("A parameter name is nested too deeply."));
            }

            var node = steps.Aggregate(root, (parent, step) => parent.Child(step));
            if (node.Value is not null)
            {
                throw new SesException(SesError.InvalidQueryParameter($"The parameter {name} is given more than once."));
            }

            node.Value = pair.Value;
        }

        return new QueryParameters(root);
    }

    /// <summary>A parameter without steps, such as <c>Action</c>; null if it is absent.</summary>
    public string? Find(string name) => Root.Find(name)?.Text;
}

/// <summary>A step in the name of a parameter: perhaps with a value, perhaps with steps below.</summary>
internal sealed class ParameterNode
{
    private const string ListStep = "member";

    private Dictionary<string, ParameterNode>? _children;

    /// <summary>Well-formed UTF-8; null when only names below this one have values.</summary>
    public ReadOnlyMemory<byte>? Value { get; set; }

    public string? Text => Value is { } value ? Encoding.UTF8.GetString(value.Span) : null;

    public bool HasChildren => _children is not null;

    public ParameterNode? Find(string step) => _children?.GetValueOrDefault(step);

    /// <summary>The node below this one, made if there is none.</summary>
    public ParameterNode Child(string step)
    {
        _children ??= new Dictionary<string, ParameterNode>(StringComparer.Ordinal);
        if (!_children.TryGetValue(step, out var child))
        {
            _children.Add(step, child = new ParameterNode());
        }

        return child;
    }

    /// <summary>
    /// The elements of a list in the order of their numbers (ten after nine); numbers may be left out. <c>Name=</c> alone is an
    /// empty list, which is how SDKs write one.
    /// </summary>
    /// <exception cref="SesException">MalformedInput for anything else: a value ignored here could be a recipient left out.</exception>
    public IReadOnlyList<ParameterNode> Elements()
    {
        if (_children is null)
        {
            return Value is { IsEmpty: true } ? [] : throw new SesException(SesError.MalformedInput());
        }

        if (Value is { IsEmpty: false } || _children.Count != 1 || Find(ListStep) is not { Value: null, _children: { } numbered })
        {
            throw new SesException(SesError.MalformedInput());
        }

        return [.. numbered.Select(n => (Number: NumberOf(n.Key), Node: n.Value)).OrderBy(n => n.Number).Select(n => n.Node)];
    }

    // No leading zero: `member.1` and `member.01` would be two elements with one number.
    private static int NumberOf(string text) =>
        text.Length <= 9 && text is not ['0', ..] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new SesException(SesError.MalformedInput());
}
