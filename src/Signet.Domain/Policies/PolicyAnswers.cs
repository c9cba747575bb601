using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Signet.Addresses;
using Signet.Names;

namespace Signet.Policies;

/// <summary>
/// A policy from the answers to a few questions: who may send with an identity, and under which conditions. Pure. What
/// <see cref="WriteFor"/> writes says what <see cref="DescribeFor"/> says, and is a policy for the identity if it is not too long.
/// </summary>
public sealed record PolicyAnswers
{
    /// <summary>Who may send; none for everyone. As <see cref="TryReadPrincipal"/> reads them.</summary>
    public IReadOnlyList<Principal> Principals { get; init; } = [];

    /// <summary>Of <see cref="PolicyDocument.SendActions"/>, at least one.</summary>
    public IReadOnlyList<string> Actions { get; init; } = PolicyDocument.SendActions;

    /// <summary>Which From addresses; none for all that the identity covers.</summary>
    public IReadOnlyList<AllowedSender> Senders { get; init; } = [];

    /// <summary>The name beside the From address; null for any.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Where every recipient must be; none for anywhere. Domains below these do not count.</summary>
    public IReadOnlyList<DomainName> RecipientDomains { get; init; } = [];

    /// <summary>When the permission ends, to the second; null for never.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Where the caller may connect from, as <see cref="TryReadNetwork"/> reads them; none for anywhere.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>Only over an encrypted connection.</summary>
    public bool OnlyTls { get; init; }

    private bool AllActions => PolicyDocument.SendActions.All(Actions.Contains);

    /// <summary>An account, or the ARN of a user, as a policy may name them.</summary>
    public static bool TryReadPrincipal(string text, [NotNullWhen(true)] out Principal? principal) =>
        Principal.TryParse(text, out principal) && PrincipalSet.TryParse([text], [], out _, out _);

    /// <summary>An address or a range of addresses: <c>192.0.2.0/24</c>, <c>2001:db8::/32</c>.</summary>
    public static bool TryReadNetwork(string text) => Cidr.TryParse(text, out _);

    /// <summary>The policy, as JSON in lines.</summary>
    public string WriteFor(IdentityArn identity)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions
        {
            // It is shown to people, and by nothing that takes markup for markup.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Indented = true,
            NewLine = "\n",
        }))
        {
            json.WriteStartObject();
            json.WriteString("Version", "2012-10-17");
            json.WriteStartArray("Statement");
            json.WriteStartObject();
            json.WriteString("Effect", "Allow");
            WritePrincipals(json);
            Write(json, "Action", AllActions ? ["ses:Send*"] : [.. PolicyDocument.SendActions.Where(Actions.Contains)]);
            json.WriteString("Resource", identity.ToString());
            WriteConditions(json);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The same in one sentence.</summary>
    public string DescribeFor(IdentityArn identity)
    {
        var text = new StringBuilder(Principals.Count == 0 ? "Everyone" : Join("and", Principals.Select(Describe)));
        text[0] = char.ToUpperInvariant(text[0]);
        text.Append(" may send");
        if (!AllActions)
        {
            text.Append(" by ").Append(Join("or", PolicyDocument.SendActions.Where(Actions.Contains).Select(a => a["ses:".Length..])));
        }

        text.Append(" from ").Append(Senders.Count == 0 ? Covered(identity.Name) : Join("or", Senders.Select(s => s.Description)));
        Append(text, " under the name ", DisplayName is { } name ? $"“{name}”" : null);
        Append(text, " to addresses at ", RecipientDomains.Count == 0 ? null : Join("or", RecipientDomains.Select(d => d.Value)));
        Append(text, " until ", Until is { } until ? Show(until) : null);
        Append(text, ", connecting from ", Networks.Count == 0 ? null : Join("or", Networks));
        Append(text, ", only over ", OnlyTls ? "TLS" : null);
        return text.Append('.').ToString();
    }

    private void WritePrincipals(Utf8JsonWriter json)
    {
        if (Principals.Count == 0)
        {
            json.WriteString("Principal", "*");
            return;
        }

        json.WriteStartObject("Principal");
        Write(json, "AWS", [.. Principals.Select(p => p.IsRoot ? p.Account.Value : p.Arn)]);
        json.WriteEndObject();
    }

    private void WriteConditions(Utf8JsonWriter json)
    {
        var conditions = Conditions().ToLookup(c => c.Operator);
        if (conditions.Count == 0)
        {
            return;
        }

        json.WriteStartObject("Condition");
        foreach (var group in conditions)
        {
            json.WriteStartObject(group.Key);
            foreach (var (_, key, values) in group)
            {
                Write(json, key, values);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private IEnumerable<(string Operator, string Key, IReadOnlyList<string> Values)> Conditions()
    {
        if (Senders.Count > 0)
        {
            yield return ("StringLike", "ses:FromAddress", [.. Senders.SelectMany(s => s.Patterns)]);
        }

        if (DisplayName is { } name)
        {
            yield return ("StringEquals", "ses:FromDisplayName", [name.Replace("$", "${$}", StringComparison.Ordinal)]);
        }

        if (RecipientDomains.Count > 0)
        {
            yield return ("ForAllValues:StringLike", "ses:Recipients", [.. RecipientDomains.Select(d => $"*@{d}")]);
        }

        if (Until is { } until)
        {
            var end = until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            yield return ("DateLessThan", "aws:CurrentTime", [end]);
        }

        if (Networks.Count > 0)
        {
            yield return ("IpAddress", "aws:SourceIp", Networks);
        }

        if (OnlyTls)
        {
            yield return ("Bool", "aws:SecureTransport", ["true"]);
        }
    }

    /// <summary>A single text as a string, several as a list.</summary>
    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 1)
        {
            json.WriteString(name, values[0]);
            return;
        }

        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static string Describe(Principal principal) =>
        principal.IsRoot ? $"account {principal.Account}" : $"user {principal.UserName} of account {principal.Account}";

    private static string Covered(IdentityName name) => name switch
    {
        IdentityName.OfAddress address => $"{address}, with or without a label",
        _ => $"any address at {name} or below it",
    };

    private static string Show(DateTimeOffset time) => time.UtcDateTime.ToString(
        time.UtcDateTime.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static void Append(StringBuilder text, string before, string? part)
    {
        if (part is not null)
        {
            text.Append(before).Append(part);
        }
    }

    private static string Join(string word, IEnumerable<string> parts)
    {
        var all = parts.ToList();
        return all.Count < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} {word} {all[^1]}";
    }
}
