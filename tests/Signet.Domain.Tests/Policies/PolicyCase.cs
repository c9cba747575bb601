using System.Globalization;
using System.Net;
using System.Text.Json;
using Signet.Addresses;
using Signet.Names;
using Signet.Policies;

namespace Signet.Tests.Policies;

/// <summary>
/// A file of <c>Cases/Evaluated</c>: <c>why</c> it exists, its <c>policies</c> by name, on an <c>identity</c> (<c>shop.test</c> if it
/// names none; a <c>user</c>'s if that is true), and <c>requests</c>, each with what to <c>expect</c> and <c>because</c>. A request
/// says how it differs from <see cref="Usual"/>; null takes a value away.
/// </summary>
internal sealed class PolicyCase(JsonElement root)
{
    /// <summary>User mailer of 444455556666 sends from news@shop.test to c@client.test.</summary>
    private static readonly JsonElement Usual = JsonDocument.Parse(
        """
        {
          "principal": "arn:aws:iam::444455556666:user/mailer",
          "action": "ses:SendEmail",
          "resource": "arn:aws:ses:us-east-1:111122223333:identity/shop.test",
          "time": "2015-09-15T12:00:00Z",
          "from": "news@shop.test",
          "displayName": null,
          "feedback": "news@shop.test",
          "recipients": ["c@client.test"],
          "sourceIp": "192.0.2.9",
          "secure": true,
          "userAgent": "client/1.0",
          "apiVersion": "1"
        }
        """).RootElement;

    public static PolicyCase Read(string file) => new(JsonDocument.Parse(File.ReadAllText(file)).RootElement);

    public static IdentityArn Identity(string name) => new(
        new AccountRegion(AccountId.Parse("111122223333"), Region.Default),
        name.Contains('@', StringComparison.Ordinal) ? new IdentityName.OfAddress(Address(name)) : new IdentityName.OfDomain(DomainName.Parse(name)));

    public static EmailAddress Address(string text)
    {
        var at = text.LastIndexOf('@');
        return new EmailAddress(text[..at], DomainName.Parse(text[(at + 1)..]));
    }

    /// <summary>A policy on shop.test that must be good.</summary>
    public static PolicyDocument Policy(string text)
    {
        Assert.True(PolicyDocument.TryParseForIdentity(text, Identity("shop.test"), out var document, out var problem), problem);
        return document;
    }

    public IReadOnlyList<(string Name, PolicyDocument Document)> Policies() =>
        [.. root.GetProperty("policies").EnumerateObject().Select(p => (p.Name, Parse(p.Value.GetRawText())))];

    public IEnumerable<(PolicyRequest Request, DecisionOutcome Expected, string Because)> Requests() =>
        root.GetProperty("requests").EnumerateArray().Select(r => (
            Request(r),
            Enum.Parse<DecisionOutcome>(r.GetProperty("expect").GetString()!),
            r.GetProperty("because").GetString()!));

    public static PolicyRequest Request(JsonElement difference)
    {
        foreach (var property in difference.EnumerateObject())
        {
            Assert.True(
                property.Name is "expect" or "because" || Usual.TryGetProperty(property.Name, out _),
                $"a request has no `{property.Name}`");
        }

        var recipients = Value("recipients");
        return new PolicyRequest
        {
            Principal = Principal.TryParse(Text("principal"), out var principal) ? principal : throw new FormatException("principal"),
            Action = Text("action")!,
            Resource = Text("resource")!,
            Time = DateTimeOffset.Parse(Text("time")!, CultureInfo.InvariantCulture),
            FromAddress = Text("from") is { } from ? Address(from) : null,
            FromDisplayName = Text("displayName"),
            FeedbackAddress = Text("feedback") is { } feedback ? Address(feedback) : null,
            Recipients = recipients.ValueKind == JsonValueKind.Null
                ? null
                : [.. recipients.EnumerateArray().Select(r => Address(r.GetString()!))],
            SourceIp = Text("sourceIp") is { } ip ? IPAddress.Parse(ip) : null,
            SecureTransport = Value("secure") is { ValueKind: not JsonValueKind.Null } secure ? secure.GetBoolean() : null,
            UserAgent = Text("userAgent"),
            ApiVersion = Text("apiVersion"),
        };

        JsonElement Value(string name) => difference.TryGetProperty(name, out var own) ? own : Usual.GetProperty(name);
        string? Text(string name) => Value(name).GetString();
    }

    private PolicyDocument Parse(string text)
    {
        string? problem;
        var good = root.TryGetProperty("user", out var user) && user.GetBoolean()
            ? PolicyDocument.TryParseForUser(text, out var document, out problem)
            : PolicyDocument.TryParseForIdentity(
                text,
                Identity(root.TryGetProperty("identity", out var name) ? name.GetString()! : "shop.test"),
                out document,
                out problem);
        Assert.True(good, problem);
        return document!;
    }
}
