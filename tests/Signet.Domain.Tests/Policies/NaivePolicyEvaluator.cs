using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Signet.Policies;

namespace Signet.Tests.Policies;

/// <summary>
/// A second evaluator, written from the rules and sharing nothing with the first: slow, straight from the JSON, for the operators that
/// <see cref="PolicyPropertyTests"/> makes up.
/// </summary>
internal static class NaivePolicyEvaluator
{
    public static DecisionOutcome Evaluate(IEnumerable<string> policies, PolicyRequest request)
    {
        var applying = policies.Select(p => JsonNode.Parse(p)!).SelectMany(p =>
            p["Statement"]!.AsArray()
                .Where(s => Applies(s!, request, p["Version"]?.GetValue<string>() == "2012-10-17"))
                .Select(s => s!["Effect"]!.GetValue<string>())).ToList();

        return applying.Contains("Deny") ? DecisionOutcome.Deny
            : applying.Contains("Allow") ? DecisionOutcome.Allow
            : DecisionOutcome.NoMatch;
    }

    /// <summary>Tries every length for every star.</summary>
    public static bool Fits(string pattern, string text, Func<int, bool> foldsAt)
    {
        var known = new Dictionary<(int, int), bool>();
        return From(0, 0);

        bool From(int p, int t)
        {
            if (!known.TryGetValue((p, t), out var fits))
            {
                fits = p == pattern.Length ? t == text.Length
                    : pattern[p] == '*' ? From(p + 1, t) || (t < text.Length && From(p, t + 1))
                    : t < text.Length && (pattern[p] == '?' || Same(pattern[p], t)) && From(p + 1, t + 1);
                known[(p, t)] = fits;
            }

            return fits;
        }

        bool Same(char c, int t) =>
            c == text[t] || (foldsAt(t) && char.ToLowerInvariant(c) == char.ToLowerInvariant(text[t]));
    }

    private static bool Applies(JsonNode statement, PolicyRequest request, bool variables)
    {
        var principal = statement["Principal"]!;
        var named = principal is JsonValue ? ["*"] : Strings(principal["AWS"]!);
        var account = request.Principal.Account.Value;
        string[] callerIsKnownAs = ["*", account, $"arn:aws:iam::{account}:root", request.Principal.Arn];

        return named.Intersect(callerIsKnownAs).Any()
            && Strings(statement["Action"]!).Any(a => Fits(a, request.Action, _ => true))
            && string.Equals(statement["Resource"]!.GetValue<string>(), request.Resource, StringComparison.OrdinalIgnoreCase)
            && (statement["Condition"]?.AsObject() ?? []).All(o => o.Value!.AsObject().All(k =>
                Holds(o.Key, k.Key, Strings(k.Value!), request, variables, statement["Effect"]!.GetValue<string>() == "Deny")));
    }

    private static bool Holds(string @operator, string key, string[] wanted, PolicyRequest request, bool variables, bool isDeny)
    {
        var actual = Actual(key, request);
        if (@operator == "Null")
        {
            return wanted.Contains(actual is null ? "true" : "false");
        }

        var all = @operator.StartsWith("ForAllValues:", StringComparison.Ordinal);
        var any = @operator.StartsWith("ForAnyValue:", StringComparison.Ordinal) || (!all && key == "ses:Recipients");
        var ifExists = @operator.EndsWith("IfExists", StringComparison.Ordinal);
        var name = @operator[(@operator.IndexOf(':', StringComparison.Ordinal) + 1)..];
        name = ifExists ? name[..^"IfExists".Length] : name;
        var negated = name.Contains("Not", StringComparison.Ordinal);
        name = name.Replace("Not", "", StringComparison.Ordinal);

        if (actual is null)
        {
            return ifExists || all || (!any && negated);
        }

        return all ? actual.All(Satisfies) : actual.Any(Satisfies);

        bool Satisfies(string value)
        {
            var answers = wanted.Select(w => Compare(name, key, w, value, request, variables)).ToList();
            return negated ? !answers.Contains(true) && (isDeny || !answers.Contains(null)) : answers.Contains(true);
        }
    }

    /// <summary>Null when it cannot be said.</summary>
    private static bool? Compare(string name, string key, string wanted, string actual, PolicyRequest request, bool variables)
    {
        if (variables && wanted.Contains("${aws:username}", StringComparison.Ordinal))
        {
            if (request.Principal.UserName is null)
            {
                return null;
            }

            wanted = wanted.Replace("${aws:username}", request.Principal.UserName, StringComparison.Ordinal);
        }

        var domain = key.EndsWith("Address", StringComparison.Ordinal) || key == "ses:Recipients" ? actual.LastIndexOf('@') : actual.Length;
        switch (name)
        {
            case "StringEquals":
                return wanted.Length == actual.Length && wanted[..domain] == actual[..domain]
                    && string.Equals(wanted[domain..], actual[domain..], StringComparison.OrdinalIgnoreCase);
            case "StringEqualsIgnoreCase":
                return string.Equals(wanted, actual, StringComparison.OrdinalIgnoreCase);
            case "StringLike":
                return Fits(wanted, actual, i => i > domain);
            case "Bool":
                return wanted == actual;
            case "IpAddress":
                return IPNetwork.Parse(wanted).Contains(IPAddress.Parse(actual));
            default:
                var order = name.StartsWith("Date", StringComparison.Ordinal)
                    ? request.Time.CompareTo(DateTimeOffset.Parse(wanted, CultureInfo.InvariantCulture))
                    : double.Parse(actual, CultureInfo.InvariantCulture).CompareTo(double.Parse(wanted, CultureInfo.InvariantCulture));
                return (name.Contains("Equals", StringComparison.Ordinal) && order == 0)
                    || (name.Contains("Less", StringComparison.Ordinal) && order < 0)
                    || (name.Contains("Greater", StringComparison.Ordinal) && order > 0);
        }
    }

    private static string[]? Actual(string key, PolicyRequest request) => key switch
    {
        "ses:Recipients" => request.Recipients?.Select(r => r.ToString()).ToArray(),
        "ses:FromAddress" => One(request.FromAddress?.ToString()),
        "ses:FromDisplayName" => One(request.FromDisplayName),
        "aws:SourceIp" => One(request.SourceIp?.ToString()),
        "aws:SecureTransport" => One(request.SecureTransport switch { true => "true", false => "false", null => null }),
        "aws:CurrentTime" => One("asked of the request itself"),
        "aws:EpochTime" => One(request.Time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException(key),
    };

    private static string[]? One(string? text) => text is null ? null : [text];

    private static string[] Strings(JsonNode node) =>
        node is JsonArray array ? [.. array.Select(v => v!.GetValue<string>())] : [node.GetValue<string>()];
}
