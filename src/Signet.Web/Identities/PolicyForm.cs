using System.Globalization;
using Signet.Addresses;
using Signet.Names;
using Signet.Policies;

namespace Signet.Web.Identities;

/// <summary>The fields of the generator, as typed. Entries of a list are separated by line ends or commas.</summary>
public sealed class PolicyForm
{
    private static readonly string[] Times = ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"];

    public bool Everyone { get; set; }

    /// <summary>Accounts and ARNs of users.</summary>
    public string Principals { get; set; } = "";

    public HashSet<string> Actions { get; } = [.. PolicyDocument.SendActions];

    /// <summary>Addresses; a domain, or <c>*@</c> and a domain, is all at it.</summary>
    public string Senders { get; set; } = "";

    public bool WithLabels { get; set; }

    public string DisplayName { get; set; } = "";

    public string RecipientDomains { get; set; } = "";

    /// <summary>A day, which begins the end, or a time; UTC unless it says another zone.</summary>
    public string Until { get; set; } = "";

    public string Networks { get; set; } = "";

    public bool OnlyTls { get; set; }

    /// <summary>The answers, or what cannot be read, by the name of the property.</summary>
    public (PolicyAnswers? Answers, IReadOnlyDictionary<string, string> Problems) Read(IdentityArn identity)
    {
        Dictionary<string, string> problems = [];
        var answers = new PolicyAnswers
        {
            Principals = Everyone ? [] : ReadPrincipals(problems),
            Actions = [.. PolicyDocument.SendActions.Where(Actions.Contains)],
            Senders = ReadAll(Senders, nameof(Senders), problems, text => ReadSender(text, identity)),
            DisplayName = DisplayName.Trim() is { Length: > 0 } name ? name : null,
            RecipientDomains = ReadAll(RecipientDomains, nameof(RecipientDomains), problems, ReadDomain),
            Until = Until.Trim() is { Length: > 0 } until ? ReadTime(until, problems) : null,
            Networks = ReadAll(Networks, nameof(Networks), problems, ReadNetwork),
            OnlyTls = OnlyTls,
        };
        if (Actions.Count == 0)
        {
            problems[nameof(Actions)] = "choose at least one action";
        }

        return (problems.Count == 0 ? answers : null, problems);
    }

    private List<Principal> ReadPrincipals(Dictionary<string, string> problems)
    {
        var principals = ReadAll(Principals, nameof(Principals), problems, ReadPrincipal);
        if (principals.Count == 0)
        {
            problems.TryAdd(nameof(Principals), "name an account or a user, or choose everyone");
        }

        return principals;
    }

    private static List<T> ReadAll<T>(
        string lines, string property, Dictionary<string, string> problems, Func<string, (T? Value, string? Problem)> read)
        where T : class
    {
        List<T> values = [];
        foreach (var text in lines.Split(['\n', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (value, problem) = read(text);
            if (value is null)
            {
                problems.TryAdd(property, problem!);
            }
            else
            {
                values.Add(value);
            }
        }

        return values;
    }

    private static (Principal?, string?) ReadPrincipal(string text) => PolicyAnswers.TryReadPrincipal(text, out var principal)
        ? (principal, null)
        : (null, $"`{text}` is neither twelve digits nor the ARN of a user");

    private (AllowedSender?, string?) ReadSender(string text, IdentityArn identity)
    {
        var isDomain = text.StartsWith("*@", StringComparison.Ordinal) || !text.Contains('@', StringComparison.Ordinal);
        if (isDomain)
        {
            return !DomainName.TryParse(text.StartsWith("*@", StringComparison.Ordinal) ? text[2..] : text, out var domain)
                ? (null, $"`{text}` is neither an address nor a domain")
                : identity.Name is IdentityName.OfDomain own && own.Name.Covers(domain) ? (new AllowedSender.Domain(domain), null)
                : (null, NotCovered(text, identity));
        }

        return !EmailAddress.TryParse(text, out var address) ? (null, $"`{text}` is neither an address nor a domain")
            : identity.Name.Covers(address) ? (new AllowedSender.Address(address, WithLabels), null)
            : (null, NotCovered(text, identity));
    }

    private static string NotCovered(string text, IdentityArn identity) => $"`{text}` is not covered by {identity.Name}";

    private static (DomainName?, string?) ReadDomain(string text) =>
        DomainName.TryParse(text.StartsWith('@') ? text[1..] : text, out var domain) ? (domain, null) : (null, $"`{text}` is not a domain");

    private static (string?, string?) ReadNetwork(string text) =>
        PolicyAnswers.TryReadNetwork(text) ? (text, null) : (null, $"`{text}` is neither an IP address nor a range such as 192.0.2.0/24");

    private static DateTimeOffset? ReadTime(string text, Dictionary<string, string> problems)
    {
        if (DateTimeOffset.TryParseExact(
            text, Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return time;
        }

        problems[nameof(Until)] = $"`{text}` is not a time such as 2027-01-01 or 2027-01-01T12:00Z";
        return null;
    }
}
