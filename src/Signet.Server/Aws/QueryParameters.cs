using System.Text;

namespace Signet.Server.Aws;

/// <summary>
/// The parameters of an awsQuery request as a tree: <c>Destination.ToAddresses.member.1</c> is four steps down (Smithy, "AWS query
/// protocol"). Names that nobody asks for are ignored, as SES does.
/// </summary>
internal sealed class QueryParameters
{
    /// <summary>The type of the bodies that hold them.</summary>
    public const string MediaType = "application/x-www-form-urlencoded";

    /// <summary>The deepest name of the API has seven steps.</summary>
    public const int MaxDepth = 16;

    private QueryParameters(FormNode root) => Root = root;

    /// <summary>What has no name itself and holds all parameters.</summary>
    public FormNode Root { get; }

    /// <summary>Builds the tree from the pairs of query string and body together.</summary>
    /// <exception cref="AwsException">
    /// InvalidQueryParameter for a name given twice (which of the values counts would be a guess) or nested too deeply.
    /// </exception>
    public static QueryParameters Of(IEnumerable<FormPair> pairs)
    {
        var root = new FormNode();
        foreach (var pair in pairs)
        {
            var name = Encoding.UTF8.GetString(pair.Name.Span);
            var steps = name.Split('.', MaxDepth + 1);
            if (steps.Length > MaxDepth)
            {
                throw new AwsException(AwsError.InvalidQueryParameter("A parameter name is nested too deeply."));
            }

            var node = steps.Aggregate(root, (parent, step) => parent.Child(step));
            if (node.Given is not null)
            {
                throw new AwsException(AwsError.InvalidQueryParameter($"The parameter {name} is given more than once."));
            }

            node.Given = pair.Value;
        }

        return new QueryParameters(root);
    }

    /// <summary>A parameter without steps, such as <c>Action</c>; null if it is absent.</summary>
    public string? Find(string name) => Root.Find(name)?.Text;
}
