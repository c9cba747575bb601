using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Signet.Messages;
using Signet.Policies;
using Signet.Sending;
using Signet.Web.Shell;

namespace Signet.Web.Decisions;

/// <summary>
/// What somebody asks the simulator: a send in words, and a policy to try. It is the simulator's address, so that a simulation can be
/// sent to somebody. Empty is not given.
/// </summary>
public sealed record Simulation
{
    /// <summary>Characters of an address that every browser, proxy and chat takes; ours takes 8 KB.</summary>
    public const int MaxAddress = 7000;

    private const string Page = "why/simulator";

    public string Principal { get; init; } = "";

    public string Action { get; init; } = "ses:SendEmail";

    public string Region { get; init; } = "";

    public string Source { get; init; } = "";

    /// <summary>One on a line.</summary>
    public string From { get; init; } = "";

    public string Sender { get; init; } = "";

    public string ReturnPath { get; init; } = "";

    /// <summary>One on a line.</summary>
    public string To { get; init; } = "";

    public string SourceArn { get; init; } = "";

    public string FromArn { get; init; } = "";

    public string ReturnPathArn { get; init; } = "";

    public string SourceIp { get; init; } = "";

    public string UserAgent { get; init; } = "";

    /// <summary><c>true</c>, <c>false</c>, or empty for unknown.</summary>
    public string SecureTransport { get; init; } = "";

    /// <summary><c>1</c>, <c>2</c>, or empty for unknown.</summary>
    public string ApiVersion { get; init; } = "";

    public string Time { get; init; } = "";

    /// <summary>ARN of the identity whose policy is tried.</summary>
    public string Identity { get; init; } = "";

    /// <summary>Name of the policy that is tried.</summary>
    public string Policy { get; init; } = "";

    /// <summary>The text to try instead of the stored one; empty for none.</summary>
    public string PolicyText { get; init; } = "";

    /// <summary>Whether the text goes with the address.</summary>
    public bool IsTextInAddress => FullAddress.Length <= MaxAddress;

    /// <summary>
    /// The simulator's address with everything in it, below the console's path; without the policy's text when that is too long.
    /// </summary>
    public string Address => IsTextInAddress ? FullAddress : AddressOf(this with { PolicyText = "" });

    /// <summary>Whether all but the policy's text fits into an address.</summary>
    public bool IsLinkable => Address.Length <= MaxAddress;

    private string FullAddress => AddressOf(this);

    /// <summary>Reads what <see cref="Address"/> wrote.</summary>
    /// <param name="query">The query of an address, with or without its question mark. What it does not know is passed over.</param>
    public static Simulation Read(string query)
    {
        var given = QueryHelpers.ParseQuery(query);
        return new Simulation
        {
            Principal = One("principal"),
            Action = One("action") is { Length: > 0 } action ? action : "ses:SendEmail",
            Region = One("region"),
            Source = One("source"),
            From = Lines("from"),
            Sender = One("sender"),
            ReturnPath = One("return-path"),
            To = Lines("to"),
            SourceArn = One("source-arn"),
            FromArn = One("from-arn"),
            ReturnPathArn = One("return-path-arn"),
            SourceIp = One("source-ip"),
            UserAgent = One("user-agent"),
            SecureTransport = One("secure-transport"),
            ApiVersion = One("api-version"),
            Time = One("time"),
            Identity = One("identity"),
            Policy = One("policy"),
            PolicyText = One("text"),
        };

        string One(string name) => given.TryGetValue(name, out var values) ? values[0] ?? "" : "";
        string Lines(string name) => given.TryGetValue(name, out var values) ? string.Join('\n', values.AsEnumerable()) : "";
    }

    /// <summary>
    /// The send that a decision was about, as far as is known: addresses and ARNs from its checks, and what the policies were asked; of older
    /// decisions the values that conditions looked at. The policy that decided, or came nearest, is the one to try changes on.
    /// </summary>
    /// <param name="viewer">Gets no policy's name that is not theirs to read.</param>
    /// <param name="decision">As stored with a message or a refusal.</param>
    /// <param name="at">When it was made.</param>
    /// <param name="recipients">Of the message.</param>
    public static Simulation Of(Viewer viewer, SendDecision decision, DateTimeOffset at, IEnumerable<string> recipients)
    {
        // The request is the caller's own, whatever policies were asked about it.
        var seesRequest = viewer.Account is null || (Names.Principal.TryParse(decision.Principal, out var caller) && viewer.Sees(caller.Account));
        var request = seesRequest ? Asked(decision).Select(d => d.Request).FirstOrDefault(r => r is not null) : null;
        decision = DecisionSight.For(viewer, decision);
        var told = DecisionReading.Deciding(decision).FirstOrDefault(c => c.OwnerPolicies is { Statements.Count: > 0 });
        return new Simulation
        {
            Principal = decision.Principal,
            Action = decision.Action,
            Region = decision.Region,
            Source = Addresses(AddressRole.Source),
            From = Addresses(AddressRole.From),
            Sender = Addresses(AddressRole.Sender),
            ReturnPath = Addresses(AddressRole.ReturnPath),
            To = string.Join('\n', recipients),
            SourceArn = Named("SourceArn", XSesHeaders.SourceArn),
            FromArn = Named("FromArn", XSesHeaders.FromArn),
            ReturnPathArn = Named("ReturnPathArn", XSesHeaders.ReturnPathArn),
            SourceIp = request?.SourceIp?.ToString() ?? Value("aws:SourceIp"),
            UserAgent = request?.UserAgent ?? Value("aws:UserAgent"),
            SecureTransport = (request?.SecureTransport is { } tls ? tls ? "true" : "false" : null) ?? Value("aws:SecureTransport"),
            ApiVersion = request?.ApiVersion ?? Value("ses:ApiVersion"),
            Identity = told?.Identity ?? "",
            Policy = told?.OwnerPolicies!.Statements.FirstOrDefault(s => DecisionReading.IsTelling(told.OwnerPolicies, s))?.Policy ?? "",
            Time = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        };

        string Addresses(AddressRole role) => string.Join('\n', decision.Checks.Where(c => c.Role == role).Select(c => c.Address));

        string Named(params string[] by) => decision.Checks.FirstOrDefault(c => by.Contains(c.NamedBy))?.Identity ?? "";

        string Value(string key) => Asked(decision)
            .SelectMany(d => d.Statements)
            .SelectMany(s => s.Conditions)
            .FirstOrDefault(c => c.Key.Equals(key, StringComparison.OrdinalIgnoreCase) && c.RequestValues is { Count: 1 })?
            .RequestValues![0] ?? "";
    }

    private static IEnumerable<Decision> Asked(SendDecision decision) =>
        decision.Checks.SelectMany(c => new[] { c.OwnerPolicies, c.AddressPolicies, c.CallerPolicies }).OfType<Decision>();

    /// <summary>The send, for the domain to read.</summary>
    public DescribedSend Described => new()
    {
        Principal = Given(Principal),
        Action = Given(Action),
        Region = Given(Region),
        Source = Given(Source),
        From = Split(From),
        Sender = Given(Sender),
        ReturnPath = Given(ReturnPath),
        To = Split(To),
        SourceArn = Given(SourceArn),
        FromArn = Given(FromArn),
        ReturnPathArn = Given(ReturnPathArn),
        SourceIp = Given(SourceIp),
        UserAgent = Given(UserAgent),
        SecureTransport = SecureTransport.ToLowerInvariant() switch
        {
            "true" => true,
            "false" => false,
            _ => null,
        },
        ApiVersion = Given(ApiVersion),
        Time = Given(Time),
    };

    private static string AddressOf(Simulation simulation)
    {
        (string Name, string Value)[] all =
        [
            ("principal", simulation.Principal),
            ("action", simulation.Action),
            ("region", simulation.Region),
            ("source", simulation.Source),
            .. Split(simulation.From).Select(a => ("from", a)),
            ("sender", simulation.Sender),
            ("return-path", simulation.ReturnPath),
            .. Split(simulation.To).Select(a => ("to", a)),
            ("source-arn", simulation.SourceArn),
            ("from-arn", simulation.FromArn),
            ("return-path-arn", simulation.ReturnPathArn),
            ("source-ip", simulation.SourceIp),
            ("user-agent", simulation.UserAgent),
            ("secure-transport", simulation.SecureTransport),
            ("api-version", simulation.ApiVersion),
            ("time", simulation.Time),
            ("identity", simulation.Identity),
            ("policy", simulation.Policy),
            ("text", PolicyWriting.Compact(simulation.PolicyText)),
        ];
        return Page + QueryString.Create(all.Where(p => p.Value.Length > 0).Select(p => KeyValuePair.Create(p.Name, (string?)p.Value)));
    }

    private static string? Given(string text) => text.Trim() is { Length: > 0 } given ? given : null;

    private static string[] Split(string lines) =>
        lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
