namespace Signet.Server.Aws;

/// <summary>A shape with named members, in the order of SES's model, which is the order of validation errors.</summary>
internal sealed class Structure(params IReadOnlyList<Member> members) : Shape<Fields>
{
    public IReadOnlyList<Member> Members { get; } = members;

    /// <summary>Reads the input of an action.</summary>
    /// <exception cref="AwsException">ValidationError with all that is wrong, or MalformedInput.</exception>
    public Fields Decode(InputNode input)
    {
        List<string> violations = [];
        var fields = Decode(input, "", violations);
        return violations.Count == 0 ? fields : throw new AwsException(AwsError.ValidationError(violations));
    }

    /// <summary>Present when one of its members is, or when it is given empty (<c>Name=</c>).</summary>
    public override bool IsIn(InputNode node) => node.HasMembers || node.Value is not null;

    public override Fields Decode(InputNode node, string path, List<string> violations) =>
        new(Members.ToDictionary(m => m, m => m.Decode(node.Find(m.Name), PathTo(path, m.Name), violations)));

    private static string PathTo(string path, string name)
    {
        var camel = char.ToLowerInvariant(name[0]) + name[1..];
        return path.Length == 0 ? camel : $"{path}.{camel}";
    }
}

/// <summary>What a request gave for the members of a structure.</summary>
internal sealed class Fields(IReadOnlyDictionary<Member, object?> values)
{
    /// <summary>The value of a member of the structure that was decoded; null where an optional one is absent.</summary>
    public T Get<T>(Member<T> member) => (T)values[member]!;
}

/// <summary>A member of a <see cref="Structure"/>.</summary>
internal abstract class Member(string name, bool isRequired)
{
    /// <summary>As on the wire: <c>PolicyName</c>.</summary>
    public string Name { get; } = name;

    public bool IsRequired { get; } = isRequired;

    public static Member<T> Required<T>(string name, Shape<T> shape)
        where T : notnull => new(name, true, shape.IsIn, (node, path, violations) => shape.Decode(node, path, violations));

    public static Member<T?> Optional<T>(string name, Shape<T> shape)
        where T : class => new(name, false, shape.IsIn, shape.Decode);

    /// <inheritdoc cref="Optional{T}"/>
    public static Member<T?> OptionalValue<T>(string name, Shape<T> shape)
        where T : struct => new(name, false, shape.IsIn, (node, path, violations) => shape.Decode(node, path, violations));

    public abstract object? Decode(InputNode? node, string path, List<string> violations);
}

/// <summary>A member that becomes a <typeparamref name="T"/>: the key under which an action finds its value.</summary>
internal sealed class Member<T>(
    string name, bool isRequired, Func<InputNode, bool> isIn, Func<InputNode, string, List<string>, T> decode)
    : Member(name, isRequired)
{
    public override object? Decode(InputNode? node, string path, List<string> violations)
    {
        if (node is not null && isIn(node))
        {
            return decode(node, path, violations);
        }

        if (IsRequired)
        {
            violations.Add(Violation.Null(path));
        }

        return null;
    }
}
