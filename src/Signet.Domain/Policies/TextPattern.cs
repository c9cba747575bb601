using System.Diagnostics.CodeAnalysis;

namespace Signet.Policies;

/// <summary>
/// A text in a policy that a request's text is held against: perhaps with wildcards, perhaps with policy variables. What a variable
/// stands for is always literal, so that a caller cannot bring wildcards along in, say, a display name.
/// </summary>
internal sealed class TextPattern
{
    /// <summary>Set while a variable is in it: it can be compared only as <see cref="In"/> a request.</summary>
    private readonly IReadOnlyList<Part>? _parts;

    /// <summary>Null when a variable has no value.</summary>
    private readonly Glob? _glob;

    private TextPattern(string source, IReadOnlyList<Part> parts)
    {
        Source = source;
        if (parts.Any(p => p.Variable is not null))
        {
            _parts = parts;
            DependsOnAddress = parts.Any(p => p.Variable is { DependsOnAddress: true });
        }
        else
        {
            _glob = Build(parts, null);
        }
    }

    private TextPattern(string source, Glob? glob) => (Source, _glob) = (source, glob);

    /// <summary>As the policy writes it.</summary>
    public string Source { get; }

    public bool HasVariables => _parts is not null;

    /// <summary>Characters other than stars; 0 when a variable has no value.</summary>
    public int Length => _glob?.Length ?? 0;

    /// <summary>Whether it is another pattern for each address of a send that is asked about.</summary>
    public bool DependsOnAddress { get; }

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
        var done = 0;
        for (var open = Next(0); open >= 0; open = Next(done))
        {
            var close = text.IndexOf('}', open);
            if (close < 0)
            {
                problem = $"`{text}` has a policy variable without `}}`";
                return false;
            }

            Add(text[done..open], wildcards);
            done = close + 1;
            var name = text[(open + 2)..close];
            if (name is "*" or "?" or "$")
            {
                Add(name, isPattern: false);
            }
            else if (PolicyVariable.Find(name) is { } variable)
            {
                parts.Add(new Part("", false, variable));
            }
            else
            {
                problem = $"unknown policy variable `{text[open..done]}`";
                return false;
            }
        }

        Add(text[done..], wildcards);
        pattern = new TextPattern(text, parts);
        return true;

        int Next(int from) => variables ? text.IndexOf("${", from, StringComparison.Ordinal) : -1;

        void Add(string piece, bool isPattern)
        {
            if (piece.Length > 0)
            {
                parts.Add(new Part(piece, isPattern, null));
            }
        }
    }

    /// <summary>The pattern with a request's values for its variables.</summary>
    public TextPattern In(RequestContext context) => _parts is null ? this : context.Compiled(this);

    /// <summary>Makes what <see cref="In"/> gives; <see cref="RequestContext"/> keeps it.</summary>
    public TextPattern Compile(RequestContext context) => new(Source, Build(_parts!, context));

    /// <summary>For a pattern without variables.</summary>
    public Match Compare(RequestText value, bool ignoreCase, RequestContext context) =>
        _glob is null || !context.TrySpend(_glob.CostOn(value)) ? Match.Unknown
        : _glob.Matches(value, ignoreCase) ? Match.Yes
        : Match.No;

    /// <summary>As written, variables that have a value replaced by it.</summary>
    public string Show(RequestContext context) =>
        _parts is null
            ? Source
            : string.Concat(_parts.Select(p => p.Variable is { } variable ? variable.Read(context) ?? $"${{{variable.Name}}}" : p.Text));

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
                builder.AppendPattern(part.Text);
            }
            else
            {
                builder.AppendLiteral(part.Text);
            }
        }

        return builder.Build();
    }

    /// <summary>A piece of text, literal or perhaps with wildcards; or a variable.</summary>
    private readonly record struct Part(string Text, bool IsPattern, PolicyVariable? Variable);
}

/// <summary>How a value of the request compares with one of the policy.</summary>
internal enum Match
{
    No,
    Yes,

    /// <summary>
    /// It cannot be said: a policy variable has no value, the request's value is not of the kind that is compared, or the send has cost
    /// too much already.
    /// </summary>
    Unknown,
}
