using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json;
using Signet.Addresses;
using Signet.Names;

namespace Signet.Policies;

/// <summary>
/// What the policies of a decision were asked, as stored with it: their versions, and what the request had besides the decision and its row
/// (<see cref="SendFacts"/>). A missing value is the one of the row; an empty text is none.
/// </summary>
internal sealed record AskedJson
{
    /// <summary>A decision that cannot be explained later.</summary>
    public const string None = "}";

    private const string Member = "asked";

    /// <summary>Seconds since 1970.</summary>
    public long? Time { get; init; }

    public string? Ip { get; init; }

    public bool? Tls { get; init; }

    public string? Agent { get; init; }

    public string? Api { get; init; }

    public string? Feedback { get; init; }

    /// <inheritdoc cref="AskedRecipients"/>
    public AskedRecipients? Recipients { get; init; }

    /// <summary>Policies that were asked together: each one's name, a blank and its version, with commas between them.</summary>
    public IReadOnlyList<string>? Policies { get; init; }

    /// <summary>The checks that asked policies.</summary>
    public IReadOnlyList<AskedCheck>? Checks { get; init; }

    /// <summary>What the decision's policies were asked; null when there were none, or when it cannot be said in this form.</summary>
    public static AskedJson? Of(SendDecision decision, SendFacts facts)
    {
        List<AskedCheck> checks = [];
        List<string> sets = [];
        PolicyRequest? first = null;
        foreach (var (number, check) in decision.Checks.Index())
        {
            if ((AskedOf(check.OwnerPolicies) ?? AskedOf(check.CallerPolicies) ?? AskedOf(check.AddressPolicies))?.Request is not { } request)
            {
                continue;
            }

            first ??= request;
            if (request.Principal.Arn != decision.Principal || request.Action != decision.Action || !AskedCheck.IsOfItsIdentity(check))
            {
                return null;
            }

            checks.Add(AskedCheck.Of(number, check, request, first) with
            {
                Owner = SetOf(check.OwnerPolicies),
                Address = SetOf(check.AddressPolicies),
                Other = AskedOf(check.AddressPolicies)?.Request.Resource,
                Caller = SetOf(check.CallerPolicies),
            });
        }

        return first is null ? null : new AskedJson
        {
            Time = first.Time.ToUnixTimeSeconds() == facts.At.ToUnixTimeSeconds() ? null : first.Time.ToUnixTimeSeconds(),
            Ip = Besides($"{first.SourceIp}", facts.SourceIp),
            Tls = first.SecureTransport,
            Agent = first.UserAgent is { Length: > ConditionKey.MaxUserAgent } agent ? agent[..ConditionKey.MaxUserAgent] : first.UserAgent,
            Api = first.ApiVersion,
            Feedback = Besides($"{first.FeedbackAddress}", facts.Feedback),
            Recipients = AskedRecipients.Of(first.Recipients, facts.Recipients),
            Policies = sets,
            Checks = checks,
        };

        int? SetOf(Decision? policies)
        {
            if (AskedOf(policies) is not { } asked)
            {
                return null;
            }

            var named = string.Join(',', asked.Policies.Select(p => $"{p.Name} {p.Version}"));
            var known = sets.IndexOf(named);
            if (known < 0)
            {
                sets.Add(named);
            }

            return known < 0 ? sets.Count - 1 : known;
        }
    }

    /// <summary>What <see cref="Write"/> wrote at the end of a decision; null when there is none, or none that can be read.</summary>
    public static AskedJson? Read(string decision)
    {
        try
        {
            return decision.Contains($"\"{Member}\"", StringComparison.Ordinal)
                ? JsonSerializer.Deserialize(decision, StoredDecisionContext.Default.Envelope)?.Asked
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The end of a decision's object.</summary>
    public string Write() => $",\"{Member}\":{JsonSerializer.Serialize(this, StoredDecisionContext.Default.AskedJson)}}}";

    /// <summary>The decision with what its policies were asked, so that they can be asked again; without it where that is not possible.</summary>
    public SendDecision AddTo(SendDecision decision, SendFacts facts)
    {
        if (!TryRead(decision, facts, out var request))
        {
            return decision;
        }

        AddressCheck[] checks = [.. decision.Checks];
        foreach (var asked in Checks ?? [])
        {
            if (asked is not null && asked.Check >= 0 && asked.Check < checks.Length
                && asked.TryRead(checks[asked.Check], request, out var its))
            {
                var check = checks[asked.Check];
                checks[asked.Check] = check with
                {
                    OwnerPolicies = With(check.OwnerPolicies, asked.Owner, its),
                    AddressPolicies = With(check.AddressPolicies, asked.Address, its with { Resource = asked.Other ?? its.Resource }),
                    CallerPolicies = With(check.CallerPolicies, asked.Caller, its),
                };
            }
        }

        return decision with { Checks = checks };
    }

    // Without a statement, or after an evaluation that was broken off, there is nothing to explain.
    private static AskedPolicies? AskedOf(Decision? policies) =>
        policies is { Count: > 0, Outcome: not DecisionOutcome.TooCostly } ? policies.Asked : null;

    private Decision? With(Decision? decision, int? set, PolicyRequest request) =>
        decision is not null && set is { } number && Policies is { } sets && number >= 0 && number < sets.Count && sets[number] is { } policies
            ? new Decision(decision.Outcome, decision.Statements, decision.LeftOut)
            {
                Asked = new AskedPolicies(
                    [.. policies.Split(',').Select(p => p.Split(' ')).Select(p => new AskedPolicy(p[0], PolicyVersion.Read(p[^1])))], request),
            }
            : decision;

    private bool TryRead(SendDecision decision, SendFacts facts, [NotNullWhen(true)] out PolicyRequest? request)
    {
        request = null;
        var (ip, feedback) = (Ip ?? facts.SourceIp, Feedback ?? facts.Feedback);
        IPAddress? address = null;
        EmailAddress? bounces = null;
        if (!Principal.TryParse(decision.Principal, out var principal)
            || (!string.IsNullOrEmpty(ip) && !IPAddress.TryParse(ip, out address))
            || (!string.IsNullOrEmpty(feedback) && !AskedRecipients.TryRead(feedback, out bounces)))
        {
            return false;
        }

        IReadOnlyList<EmailAddress>? recipients = null;
        if (Recipients is not null && !Recipients.TryRead(facts.Recipients, out recipients))
        {
            return false;
        }

        request = new PolicyRequest
        {
            Principal = principal,
            Action = decision.Action,
            Resource = "",
            Time = Time is { } seconds and > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : facts.At,
            SecureTransport = Tls,
            SourceIp = address,
            UserAgent = Agent,
            ApiVersion = Api,
            FeedbackAddress = bounces,
            Recipients = recipients,
        };
        return true;
    }

    private static string? Besides(string value, string? known) => value == (known ?? "") ? null : value;

    /// <summary>The member that holds it.</summary>
    internal sealed record Envelope(AskedJson? Asked);
}
