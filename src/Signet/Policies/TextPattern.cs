using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Signet.Policies;

/// <summary>
/// A text in a policy that a request's text is held against: perhaps with wildcards, perhaps with policy variables. What a variable
/// stands for is always literal, lest a caller bring wildcards along in, say, a display name.
/// </summary>
internal sealed class TextPattern
{
    private readonly string _source;
    private readonly IReadOnlyList<Part> _parts;

    /// <summary>The pattern when no variable is in it; else it has to be made for each request.</summary>
    private readonly Glob? _fixed;

    private TextPattern(string source, IReadOnlyList<Part> parts)
    {
        _source = source;
        _parts = parts;
        _fixed = parts.Any(p => p.Variable is not null) ? null : Build(parts, null);
    }

    /// <param name="text">As the policy writes it.</param>
    /// <param name="wildcards">Whether <c>*</c> and <c>?</c> are wildcards.</param>
    /// <param name="variables">Whether <c>${…}</c> is a variable (Version 2012-10-17) or just text.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="problem">What is wrong, to stand after "Statement 1: ".</param>
    public static bool TryParse(
        string text,
        bool wildcards,
        bool variables,
        [NotNullWhen(true)] out TextPattern? pattern,
        [NotNullWhen(false)] out string? problem)
    {
        pattern = null;
        problem = null;
        List<Part> parts = [];
        for (var i = 0; i < text.Length; i++)
        {
            if (!variables || !text.AsSpan(i).StartsWith("${"))
            {
                parts.Add(new Part(text[i], wildcards, null));
                continue;
            }

            var close = text.IndexOf('}', i);
            if (close < 0)
            {
                problem = $"`{text}` has a policy variable without `}}`";
                return false;
            }

            var name = text[(i + 2)..close];
            if (name is "*" or "?" or "$")
            {
                parts.Add(new Part(name[0], false, null));
            }
            else if (PolicyVariable.Find(name) is { } variable)
            {
                parts.Add(new Part(default, false, variable));
            }
            else
            {
                problem = $"unknown policy variable `{text[i..(close + 1)]}`";
                return false;
            }

            i = close;
        }

        pattern = new TextPattern(text, parts);
        return true;
    }

    public Match Compare(RequestText value, bool ignoreCase, RequestContext context)
    {
        var glob = _fixed ?? Build(_parts, context);
        return glob is null ? Match.Unknown : glob.Matches(value, ignoreCase) ? Match.Yes : Match.No;
    }

    /// <summary>For a pattern without variables.</summary>
    public bool Matches(RequestText value) => _fixed!.Matches(value, ignoreCase: false);

    /// <summary>As written, variables that have a value replaced by it.</summary>
    public string Show(RequestContext context)
    {
        if (_fixed is not null)
        {
            return _source;
        }

        var shown = new StringBuilder();
        foreach (var part in _parts)
        {
            _ = part.Variable is { } variable
                ? shown.Append(variable.Read(context) ?? $"${{{variable.Name}}}")
                : shown.Append(part.Character);
        }

        return shown.ToString();
    }

    /// <summary>Null when a variable has no value.</summary>
    private static Glob? Build(IReadOnlyList<Part> parts, RequestContext? context)
    {
        var builder = new Glob.Builder();
        foreach (var part in parts)
        {
            if (part.Variable is { } variable)
            {
                if (context is null || variable.Read(context) is not { } value)
                {
                    return null;
                }

                builder.AppendLiteral(value);
            }
            else if (part.IsPattern)
            {
                builder.AppendPattern(part.Character);
            }
            else
            {
                builder.AppendLiteral([part.Character]);
            }
        }

        return builder.Build();
    }

    /// <summary>One character, literal or possibly a wildcard; or a variable.</summary>
    private readonly record struct Part(char Character, bool IsPattern, PolicyVariable? Variable);
}

/// <summary>How a value of the request compares with one of the policy.</summary>
internal enum Match
{
    No,
    Yes,

    /// <summary>It cannot be said: a policy variable has no value, or the request's value is not of the kind that is compared.</summary>
    Unknown,
}
