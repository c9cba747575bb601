using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Signet.Policies;

/// <summary>One value of a condition, read once into what its operator compares.</summary>
internal abstract class PolicyValue
{
    private const NumberStyles NumberFormat =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private readonly int _cost;

    /// <param name="cost">What comparing costs, in steps of <see cref="EvaluationBudget"/>, besides what patterns spend themselves.</param>
    private PolicyValue(int cost) => _cost = cost;

    /// <summary>The value with a request's values for its variables.</summary>
    public virtual PolicyValue In(RequestContext context) => this;

    /// <summary>How a value of the request compares with this one. Negation is not looked at. For a value without variables.</summary>
    public Match Compare(RequestText value, RequestContext context) =>
        _cost == 0 || context.TrySpend(_cost) ? CompareText(value, context) : Match.Unknown;

    /// <summary>As written, variables replaced.</summary>
    public abstract string Show(RequestContext context);

    /// <summary>Whether it can be compared only as <see cref="In"/> a request.</summary>
    public virtual bool HasVariables => false;

    /// <summary>A text as the policy writes it, perhaps with wildcards; null for another kind of value, and where variables are in it.</summary>
    public virtual string? Text => null;

    protected abstract Match CompareText(RequestText value, RequestContext context);

    /// <param name="operator">Which operator it stands with.</param>
    /// <param name="text">As the policy writes it.</param>
    /// <param name="variables">Whether the document's version has policy variables.</param>
    /// <param name="value">The value.</param>
    /// <param name="problem">What is wrong, to stand after "Statement 1: ".</param>
    public static bool TryParse(
        ConditionOperator @operator,
        string text,
        bool variables,
        [NotNullWhen(true)] out PolicyValue? value,
        [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        value = @operator.Kind switch
        {
            ValueKinds.String => OfText.TryParse(@operator, text, variables, out problem),
            ValueKinds.Arn => OfArn.TryParse(text, variables, out problem),
            ValueKinds.Numeric => decimal.TryParse(text, NumberFormat, CultureInfo.InvariantCulture, out var number)
                ? new OfNumber(text, number, @operator.Accepts!)
                : null,
            ValueKinds.Date => PolicyDate.TryParse(text, out var date) ? new OfDate(text, date, @operator.Accepts!) : null,
            ValueKinds.Bool or ValueKinds.Null => OfBool.TryParse(text),
            ValueKinds.IpAddress => Cidr.TryParse(text, out var range) ? new OfNetwork(text, range) : null,
            ValueKinds.Binary => OfBinary.TryParse(text),
            _ => throw new UnreachableException(),
        };
        if (value is null)
        {
            problem ??= $"`{text}` is not {Noun(@operator.Kind)}";
            return false;
        }

        return true;
    }

    private static string Noun(ValueKinds kind) => kind switch
    {
        ValueKinds.Numeric => "a number",
        ValueKinds.Date => "a date in ISO 8601 or in seconds since 1970",
        ValueKinds.IpAddress => "an IP address or a range in CIDR notation",
        ValueKinds.Binary => "base64",
        _ => "`true` or `false`",
    };

    /// <summary>A text, perhaps with wildcards.</summary>
    private sealed class OfText(TextPattern pattern, bool ignoreCase) : PolicyValue(cost: 0)
    {
        public override bool HasVariables => pattern.HasVariables;

        public override string? Text => pattern.HasVariables ? null : pattern.Source;

        public override PolicyValue In(RequestContext context) => pattern.HasVariables ? new OfText(pattern.In(context), ignoreCase) : this;

        protected override Match CompareText(RequestText value, RequestContext context) => pattern.Compare(value, ignoreCase, context);

        public override string Show(RequestContext context) => pattern.Show(context);

        public static OfText? TryParse(ConditionOperator @operator, string text, bool variables, out string? problem) =>
            TextPattern.TryParse(text, @operator.HasWildcards, variables, out var pattern, out problem)
                ? new OfText(pattern, @operator.IgnoreCase)
                : null;
    }

    /// <summary>An ARN whose six parts are compared one by one, so that no wildcard reaches over a colon.</summary>
    private sealed class OfArn(IReadOnlyList<TextPattern> parts) : PolicyValue(cost: 8)
    {
        private const int PartCount = 6;

        public override bool HasVariables => parts.Any(p => p.HasVariables);

        public override PolicyValue In(RequestContext context) => new OfArn([.. parts.Select(p => p.In(context))]);

        protected override Match CompareText(RequestText value, RequestContext context)
        {
            var texts = value.Text.Split(':', PartCount);
            if (texts.Length < PartCount || texts[0] != "arn")
            {
                return Match.Unknown;
            }

            var all = Match.Yes;
            for (var i = 0; i < PartCount; i++)
            {
                switch (parts[i].Compare(RequestText.Of(texts[i]), ignoreCase: false, context))
                {
                    case Match.No:
                        return Match.No;
                    case Match.Unknown:
                        all = Match.Unknown;
                        break;
                }
            }

            return all;
        }

        public override string Show(RequestContext context) => string.Join(':', parts.Select(p => p.Show(context)));

        public static OfArn? TryParse(string text, bool variables, out string? problem)
        {
            problem = null;
            var parts = new List<TextPattern>(PartCount);
            foreach (var part in Split(text, variables))
            {
                if (!TextPattern.TryParse(part, wildcards: true, variables, out var pattern, out problem))
                {
                    return null;
                }

                parts.Add(pattern);
            }

            if (parts.Count < PartCount || !text.StartsWith("arn:", StringComparison.Ordinal))
            {
                problem = $"`{text}` is not an ARN";
                return null;
            }

            return new OfArn(parts);
        }

        /// <summary>At the first five colons; the one in <c>${aws:username}</c> is none of them.</summary>
        private static List<string> Split(string text, bool variables)
        {
            List<string> parts = [];
            var start = 0;
            for (var i = 0; i < text.Length && parts.Count < PartCount - 1; i++)
            {
                if (variables && text.AsSpan(i).StartsWith("${") && text.IndexOf('}', i) is > 0 and var close)
                {
                    i = close;
                }
                else if (text[i] == ':')
                {
                    parts.Add(text[start..i]);
                    start = i + 1;
                }
            }

            parts.Add(text[start..]);
            return parts;
        }
    }

    private sealed class OfNumber(string source, decimal number, Func<int, bool> accepts) : PolicyValue(cost: 8)
    {
        protected override Match CompareText(RequestText value, RequestContext context) =>
            !decimal.TryParse(value.Text, NumberFormat, CultureInfo.InvariantCulture, out var actual) ? Match.Unknown
                : accepts(Math.Sign(actual.CompareTo(number))) ? Match.Yes : Match.No;

        public override string Show(RequestContext context) => source;
    }

    private sealed class OfDate(string source, DateTimeOffset moment, Func<int, bool> accepts) : PolicyValue(cost: 1)
    {
        protected override Match CompareText(RequestText value, RequestContext context) =>
            accepts(Math.Sign(context.Time.CompareTo(moment))) ? Match.Yes : Match.No;

        public override string Show(RequestContext context) => source;
    }

    /// <summary>A value of Bool, and of Null, whose condition asks for it itself.</summary>
    internal sealed class OfBool(string source, bool wanted) : PolicyValue(cost: 1)
    {
        public bool Wanted => wanted;

        protected override Match CompareText(RequestText value, RequestContext context) =>
            value.Text == (wanted ? "true" : "false") ? Match.Yes : Match.No;

        public override string Show(RequestContext context) => source;

        public static OfBool? TryParse(string text) =>
            text.Equals("true", StringComparison.OrdinalIgnoreCase) ? new OfBool(text, true)
            : text.Equals("false", StringComparison.OrdinalIgnoreCase) ? new OfBool(text, false)
            : null;
    }

    private sealed class OfNetwork(string source, Cidr range) : PolicyValue(cost: 1)
    {
        protected override Match CompareText(RequestText value, RequestContext context) =>
            context.SourceIp is not { } address ? Match.Unknown : range.Contains(address) ? Match.Yes : Match.No;

        public override string Show(RequestContext context) => source;
    }

    /// <summary>Bytes that are compared with the UTF-8 of the request's text.</summary>
    private sealed class OfBinary(string source, byte[] bytes) : PolicyValue(cost: 16)
    {
        // The bytes of the text are made for each comparison, so that it costs more.
        protected override Match CompareText(RequestText value, RequestContext context) =>
            Encoding.UTF8.GetBytes(value.Text).AsSpan().SequenceEqual(bytes) ? Match.Yes : Match.No;

        public override string Show(RequestContext context) => source;

        public static OfBinary? TryParse(string text)
        {
            var buffer = new byte[text.Length];
            return !text.Any(char.IsWhiteSpace) && Convert.TryFromBase64String(text, buffer, out var length)
                ? new OfBinary(text, buffer[..length])
                : null;
        }
    }
}
