using Signet.Addresses;
using Signet.Names;

namespace Signet.Policies;

/// <summary>
/// Finds what a Deny on an address does not cover although it reaches the same mailbox nearly everywhere (another case of the local part,
/// a label), and values that no address matches. Each is a sentence for the policy's author, with a value that would deny it. Pure.
/// </summary>
internal static class DenyGaps
{
    private const int MaxSentences = 10;

    // Enough gaps: further ones are not reported.
    private const int MaxValues = 50;

    private const int MaxShown = 100;

    public static IReadOnlyList<string> Of(PolicyDocument document, IdentityArn? identity)
    {
        var budget = new EvaluationBudget();
        List<string> all = [.. document.Statements.Where(s => s.Effect == PolicyEffect.Deny).SelectMany(s => Of(document, s, identity, budget))];
        return all.Count <= MaxSentences ? all : [.. all.Take(MaxSentences), $"And {all.Count - MaxSentences} more of that kind."];
    }

    private static IEnumerable<string> Of(PolicyDocument document, Statement statement, IdentityArn? identity, EvaluationBudget budget)
    {
        var named = $"Statement {statement.Index + 1}";
        if (identity?.Name is IdentityName.OfAddress { Address: var own } && statement.Conditions.All(c => c.Key.Name != "ses:FromAddress")
            && OtherCase(own) is { } other)
        {
            yield return $"{named} denies {Quoted(own)} and its labels, but not {Quoted(other)}, which a verified domain covers: the case of a local part "
                + "counts. In a policy of the domain, `StringEqualsIgnoreCase` on `ses:FromAddress` denies both.";
        }

        foreach (var condition in statement.Conditions.Where(c =>
            c.Key.IsAddress && c.Operator is { Kind: ValueKinds.String, IsNegated: false }))
        {
            if (condition.Quantifier == Quantifier.ForAllValues)
            {
                yield return $"{named} denies a message only if all its recipients are meant: `ForAnyValue:` denies it as soon as one is.";
            }

            var dead = condition.Values.Take(MaxValues).Select(v => v.Text).OfType<string>()
                .Where(text => MatchesNoAddress(text, condition.Operator.HasWildcards))
                .ToList();
            if (dead.Count > 0)
            {
                yield return $"{named} denies nothing by {Quoted(dead[0])}{More(dead.Count)}: no address is written so."
                    + (!condition.Operator.HasWildcards && dead.Exists(d => d.AsSpan().ContainsAny('*', '?')) ? " `StringLike` has wildcards." : "");
            }

            var values = condition.Values.Take(MaxValues).Select(v => v.Text).OfType<string>()
                .Select(text => (Text: text, Address: Example(text, condition.Operator.HasWildcards)))
                .Where(v => v.Address is not null && Denies(v.Address))
                .ToList();
            var byCase = values.Where(v => OtherCase(v.Address!) is { } differs && !Denies(differs)).ToList();
            if (byCase.Count > 0)
            {
                var (text, address) = byCase[0];
                yield return $"{named} denies {Quoted(text)}{More(byCase.Count)}, but not {Quoted(OtherCase(address!)!)}: the case of a local part counts. "
                    + (HasWildcards(text, condition.Operator) ? $"No operator with wildcards ignores it: {Quoted(OtherCase(text)!)} has to be named too."
                        : condition.Values.Any(v => v.Text is { } t && HasWildcards(t, condition.Operator)) ? "Another Deny with `StringEqualsIgnoreCase` denies both."
                        : "`StringEqualsIgnoreCase` denies both.");
            }

            var byLabel = values.Where(v => WithLabel(v.Address!) is { } differs && !Denies(differs)).ToList();
            if (byLabel.Count > 0)
            {
                var (text, address) = byLabel[0];
                var pattern = Quoted($"{AllowedSender.Escape(address!.LocalPart)}+*{text[text.LastIndexOf('@')..]}");
                yield return $"{named} denies {Quoted(text)}{More(byLabel.Count)}, but not {Quoted(WithLabel(address)!)}: a label makes another address. "
                    + (condition.Operator.IgnoreCase
                        ? $"Another Deny with `StringLike` and {pattern} denies those."
                        : $"`StringLike` with {pattern} denies those.");
            }

            bool Denies(EmailAddress address)
            {
                var context = Request(address, budget);
                return Array.Exists(document.Statements, s => s.Effect == PolicyEffect.Deny && (s == statement
                    ? condition.Holds(context, PolicyEffect.Deny)
                    : s.SpeaksOfAllThat(statement) && s.Conditions.All(c => c.Key == condition.Key && c.Holds(context, PolicyEffect.Deny))));
            }
        }
    }

    /// <summary>An address that the value denies; null where it names none, as <c>*@shop.test</c>.</summary>
    private static EmailAddress? Example(string text, bool hasWildcards)
    {
        if (hasWildcards && text.Contains("${", StringComparison.Ordinal))
        {
            return null;
        }

        var at = text.LastIndexOf('@');
        var local = at < 0 ? "" : text[..at];
        var domain = text[(at + 1)..];
        if (hasWildcards)
        {
            local = local.Replace("+*", "+x", StringComparison.Ordinal).Replace("*", "", StringComparison.Ordinal).Replace('?', 'x');
            domain = domain.Replace('*', 'x').Replace('?', 'x');
        }

        return EmailAddress.TryParse($"{local}@{domain}", out var address) ? address : null;
    }

    /// <summary>
    /// Whether a value is sure to match no address: one without wildcards that is none itself; a pattern with a character that none has,
    /// or that begins or ends as none does.
    /// </summary>
    private static bool MatchesNoAddress(string text, bool hasWildcards)
    {
        if (text.Contains("${", StringComparison.Ordinal))
        {
            return false;
        }

        if (!hasWildcards || !text.AsSpan().ContainsAny('*', '?'))
        {
            return !EmailAddress.TryParse(text, out _);
        }

        var end = text[(text.LastIndexOfAny(['*', '?', '@']) + 1)..];
        return text.Any(c => c is < ' ' or > '~')
            || " <>()[],;:\\.@".Contains(text[0], StringComparison.Ordinal)
            || end.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_'))
            || end is [.., '.' or '-'];
    }

    private static EmailAddress? OtherCase(EmailAddress address) =>
        OtherCase(address.LocalPart) is { } local ? address with { LocalPart = local } : null;

    /// <summary>With another case of its first letter; null when it has none.</summary>
    private static string? OtherCase(string text)
    {
        var letter = 0;
        while (letter < text.Length && !char.IsAsciiLetter(text[letter]))
        {
            letter++;
        }

        return letter == text.Length ? null
            : string.Concat(text.AsSpan(0, letter), $"{(char)(text[letter] ^ ('a' ^ 'A'))}", text.AsSpan(letter + 1));
    }

    private static EmailAddress? WithLabel(EmailAddress address) =>
        address.LocalPart.AsSpan().ContainsAny('+', '"') ? null : address with { LocalPart = $"{address.LocalPart}+x" };

    private static bool HasWildcards(string text, ConditionOperator @operator) => @operator.HasWildcards && text.AsSpan().ContainsAny('*', '?');

    private static string Quoted(EmailAddress address) => Quoted(address.ToString());

    private static string Quoted(string text) => $"`{Excerpt.Of(text, MaxShown).Replace('`', '\'')}`";

    private static string More(int count) => count > 1 ? $" (and {count - 1} more like it)" : "";

    private static RequestContext Request(EmailAddress address, EvaluationBudget budget) => new(
        new PolicyRequest
        {
            Principal = new Principal(AccountId.Parse("000000000000"), null),
            Action = PolicyDocument.SendActions[0],
            Resource = "*",
            Time = DateTimeOffset.UnixEpoch,
            FromAddress = address,
            FeedbackAddress = address,
            Recipients = [address],
        },
        budget);
}
