using System.Globalization;
using System.Text.Json;
using Signet.Names;

namespace Signet.Policies;

/// <summary>Reads one statement.</summary>
/// <param name="index">Its place in the document, from 0; messages count from 1.</param>
/// <param name="hasVariables">Whether the document's Version has policy variables.</param>
/// <param name="identity">The identity the policy hangs on; null for a user's policy.</param>
internal sealed class StatementReader(int index, bool hasVariables, IdentityArn? identity)
{
    private static readonly string[] IdentityElements = ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"];

    private static readonly string[] UserElements =
        ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];

    /// <exception cref="PolicyFormatException">It is not a statement.</exception>
    public Statement Read(JsonElement statement)
    {
        if (statement.ValueKind != JsonValueKind.Object)
        {
            throw Refusal("it must be a JSON object");
        }

        var known = identity is null ? UserElements : IdentityElements;
        foreach (var element in statement.EnumerateObject())
        {
            if (!known.Contains(element.Name))
            {
                var policies = identity is null ? "a user's policy" : "a policy on an identity";
                throw Refusal($"`{element.Name}` is not an element of {policies}", element.Name);
            }
        }

        var actions = Either(statement, "Action", out var isNotAction);
        var resources = Either(statement, "Resource", out var isNotResource);
        return new Statement
        {
            Index = index,
            Sid = ReadSid(statement),
            Effect = ReadEffect(statement),
            Principals = identity is null ? null : ReadPrincipals(statement),
            Actions = [.. actions.Select((text, i) => ReadAction(text, (isNotAction ? "NotAction" : "Action", i)))],
            IsNotAction = isNotAction,
            Resources = identity is null ? [.. resources.Select((text, i) => ReadUserResource(text, (isNotResource ? "NotResource" : "Resource", i)))] : [ReadIdentityResource(resources, identity)],
            IsNotResource = isNotResource,
            Conditions = statement.TryGetProperty("Condition", out var condition)
                ? new ConditionReader(this, hasVariables).Read(condition)
                : [],
        };
    }

    /// <summary>One string or a list of at least one.</summary>
    private IReadOnlyList<string> Strings(JsonElement value, string name, params string[] path)
    {
        IReadOnlyList<JsonElement> items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        if (items.Count == 0)
        {
            throw Refusal($"{name} is empty", path);
        }

        return items.All(i => i.ValueKind == JsonValueKind.String)
            ? [.. items.Select(i => i.GetString()!)]
            : throw Refusal($"{name} must be a string or a list of strings", path);
    }

    /// <param name="problem">What is wrong, without its place and the full stop.</param>
    /// <param name="path">The keys that lead from the statement to it; none where it lacks something.</param>
    public PolicyFormatException Refusal(string problem, params string[] path) => RefusalInFull($"Statement {index + 1}: {problem}.", path);

    /// <summary>For a sentence of SES's own, which does not say where.</summary>
    /// <inheritdoc cref="Refusal" path="/param"/>
    public PolicyFormatException RefusalInFull(string sentence, params string[] path) =>
        new(sentence) { Path = ["Statement", Place(index), .. path] };

    /// <summary>An item of a list as a step of a path.</summary>
    public static string Place(int item) => item.ToString(CultureInfo.InvariantCulture);

    private string? ReadSid(JsonElement statement) =>
        !statement.TryGetProperty("Sid", out var sid) ? null
            : sid.ValueKind == JsonValueKind.String ? sid.GetString()
            : throw Refusal("Sid must be a string", "Sid");

    private PolicyEffect ReadEffect(JsonElement statement)
    {
        if (!statement.TryGetProperty("Effect", out var effect))
        {
            throw Refusal("Effect is missing");
        }

        return effect.ValueKind == JsonValueKind.String && effect.ValueEquals("Allow") ? PolicyEffect.Allow
            : effect.ValueKind == JsonValueKind.String && effect.ValueEquals("Deny") ? PolicyEffect.Deny
            : throw Refusal($"Effect must be `Allow` or `Deny`, not `{PolicyReader.Shown(effect)}`", "Effect");
    }

    private PrincipalSet ReadPrincipals(JsonElement statement)
    {
        if (!statement.TryGetProperty("Principal", out var principal))
        {
            throw Refusal("Principal is missing");
        }

        if (principal.ValueKind == JsonValueKind.String && principal.ValueEquals("*"))
        {
            return PrincipalSet.Everyone;
        }

        if (principal.ValueKind != JsonValueKind.Object || !principal.EnumerateObject().Any())
        {
            throw Refusal("Principal must be `*` or an object with `AWS` or `Service`", "Principal");
        }

        IReadOnlyList<string> aws = [];
        IReadOnlyList<string> services = [];
        foreach (var kind in principal.EnumerateObject())
        {
            switch (kind.Name)
            {
                case "AWS":
                    aws = Strings(kind.Value, "Principal AWS", "Principal", kind.Name);
                    break;
                case "Service":
                    services = Strings(kind.Value, "Principal Service", "Principal", kind.Name);
                    break;
                default:
                    throw Refusal($"`{kind.Name}` is not a kind of principal: `AWS` and `Service` are", "Principal", kind.Name);
            }
        }

        if (PrincipalSet.TryParse(aws, services, out var set, out var problem))
        {
            return set;
        }

        var wrong = aws.Index().FirstOrDefault(a => !PrincipalSet.TryParse([a.Item], [], out _, out _));
        throw wrong.Item is not null ? Refusal(problem, "Principal", "AWS", Place(wrong.Index)) : Refusal(problem, "Principal", "Service");
    }

    /// <summary>The element or its <c>Not…</c> form, of which there must be one.</summary>
    private IReadOnlyList<string> Either(JsonElement statement, string name, out bool isNot)
    {
        var hasPlain = statement.TryGetProperty(name, out var plain);
        isNot = statement.TryGetProperty("Not" + name, out var not);
        return hasPlain && isNot ? throw Refusal($"{name} and Not{name} exclude each other", "Not" + name)
            : hasPlain ? Strings(plain, name, name)
            : isNot ? Strings(not, "Not" + name, "Not" + name)
            : throw Refusal($"{name} is missing");
    }

    private Glob ReadAction(string text, (string Element, int Item) at)
    {
        var glob = Glob.Parse(text.ToLowerInvariant());
        if (identity is null)
        {
            return IsActionPattern(text) ? glob : throw Refusal($"`{text}` is not an action", at.Element, Place(at.Item));
        }

        return PolicyDocument.SendActions.Any(a => glob.Matches(RequestText.Of(a.ToLowerInvariant()), ignoreCase: false))
            ? glob
            : throw Refusal($"`{text}` is none of the actions {string.Join(", ", PolicyDocument.SendActions.Select(a => $"`{a}`"))}", at.Element, Place(at.Item));
    }

    /// <summary><c>service:Name</c>, wildcards in the name only; or <c>*</c>.</summary>
    private static bool IsActionPattern(string text) =>
        text == "*"
        || (text.Split(':') is [{ Length: > 0 } service, { Length: > 0 } name]
            && service.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '*' or '?'));

    private TextPattern ReadIdentityResource(IReadOnlyList<string> resources, IdentityArn own) =>
        resources.Count == 1 && IdentityArn.TryParse(resources[0], out var named) && named == own
            ? Pattern(own.ToString(), wildcards: false, variables: false, ("Resource", 0))
            : throw Refusal($"Resource must be `{own}`, the identity of the policy, and nothing else", "Resource");

    private TextPattern ReadUserResource(string text, (string Element, int Item) at) =>
        text == "*" || text.StartsWith("arn:", StringComparison.Ordinal)
            ? Pattern(AddressSpelling.OfResource(text), wildcards: true, hasVariables, at)
            : throw Refusal($"`{text}` is not a resource: an ARN or `*` is", at.Element, Place(at.Item));

    private TextPattern Pattern(string text, bool wildcards, bool variables, (string Element, int Item) at) =>
        TextPattern.TryParse(text, wildcards, variables, out var pattern, out var problem) ? pattern : throw Refusal(problem, at.Element, Place(at.Item));
}
