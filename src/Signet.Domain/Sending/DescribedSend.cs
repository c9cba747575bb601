using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Signet.Addresses;
using Signet.Names;

namespace Signet.Sending;

/// <summary>
/// A send that somebody asks about, in words: what <c>signet policy explain</c> and <c>/_signet/policy/explain</c> take. Only
/// <see cref="Principal"/> and <see cref="Action"/> must be there, and a <see cref="Source"/> or a <see cref="From"/>.
/// </summary>
public sealed record DescribedSend
{
    /// <summary>All that can be asked about.</summary>
    public static IReadOnlyList<string> Actions { get; } =
        ["ses:SendEmail", "ses:SendRawEmail", "ses:SendTemplatedEmail", "ses:SendBulkTemplatedEmail", "ses:SendBounce"];

    /// <summary>An ARN, or the twelve digits of an account for its root.</summary>
    public string? Principal { get; init; }

    /// <summary>With or without <c>ses:</c>.</summary>
    public string? Action { get; init; }

    /// <summary>The server's default region unless given.</summary>
    public string? Region { get; init; }

    public string? Source { get; init; }

    public IReadOnlyList<string>? From { get; init; }

    public string? Sender { get; init; }

    public string? ReturnPath { get; init; }

    public IReadOnlyList<string>? To { get; init; }

    public string? SourceArn { get; init; }

    public string? FromArn { get; init; }

    public string? ReturnPathArn { get; init; }

    public string? SourceIp { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>Null is unknown, which is not the same as no TLS.</summary>
    public bool? SecureTransport { get; init; }

    /// <summary><c>1</c> or <c>2</c>.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>ISO 8601; now unless given.</summary>
    public string? Time { get; init; }

    /// <summary>Reads the words.</summary>
    /// <param name="now">The time of a send that names none.</param>
    /// <param name="regions">Those that may be named.</param>
    /// <param name="attempt">What to ask authorization about.</param>
    /// <param name="problem">The first word that cannot be read, in one sentence.</param>
    public bool TryRead(
        DateTimeOffset now, RegionSet regions, [NotNullWhen(true)] out SendAttempt? attempt, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            attempt = Read(now, regions);
            problem = null;
            return true;
        }
        catch (FormatException exception)
        {
            attempt = null;
            problem = Excerpt.Of(exception.Message);
            return false;
        }
    }

    private SendAttempt Read(DateTimeOffset now, RegionSet regions)
    {
        if (!Names.Principal.TryParse(Principal, out var principal))
        {
            throw new FormatException($"the principal `{Principal}` is neither twelve digits nor the ARN of a user or a root");
        }

        CheckNumber(MailboxLimit.From, From);
        CheckNumber(MailboxLimit.Recipients, To);
        var from = (From ?? []).Select(a => Address("From address", a)).OfType<Mailbox>().ToList();
        var source = Address("source", Source);
        if (source is null && from.Count == 0)
        {
            throw new FormatException("a source or a From address is needed");
        }

        var region = Region is null ? regions.Default : regions.Find(Region);
        return new SendAttempt
        {
            Caller = new Caller(principal, region, Ip(), UserAgent, SecureTransport, Api()),
            Action = ReadAction(),
            Time = ReadTime(now),
            Source = source,
            From = from,
            Sender = Address("sender", Sender),
            ReturnPath = Address("return path", ReturnPath),
            Recipients = [.. (To ?? []).Select(a => Address("recipient", a)).OfType<Mailbox>()],
            SourceArn = Arn("SourceArn", SourceArn),
            FromArn = Arn("FromArn", FromArn),
            ReturnPathArn = Arn("ReturnPathArn", ReturnPathArn),
        };
    }

    private string ReadAction()
    {
        var wanted = Action?.StartsWith("ses:", StringComparison.OrdinalIgnoreCase) == true ? Action : $"ses:{Action}";
        return Actions.FirstOrDefault(a => a.Equals(wanted, StringComparison.OrdinalIgnoreCase))
            ?? throw new FormatException($"the action `{Action}` is not one of {string.Join(", ", Actions)}");
    }

    private DateTimeOffset ReadTime(DateTimeOffset now) =>
        Time is null ? now
        : DateTimeOffset.TryParse(Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw new FormatException($"`{Time}` is not a time as in 2026-01-31T12:00:00Z");

    private IPAddress? Ip() =>
        SourceIp is null ? null
        : IPAddress.TryParse(SourceIp, out var ip) ? ip
        : throw new FormatException($"the source IP `{SourceIp}` is not an IP address");

    private string? Api() =>
        ApiVersion is null or "1" or "2" ? ApiVersion : throw new FormatException($"the API version `{ApiVersion}` is neither 1 nor 2");

    private static void CheckNumber(MailboxLimit limit, IReadOnlyList<string>? addresses)
    {
        if (limit.ProblemOf(addresses?.Count ?? 0) is { } problem)
        {
            throw new FormatException(problem);
        }
    }

    private static Mailbox? Address(string what, string? text) =>
        text is null ? null
        : Mailbox.TryParse(text, out var mailbox, out var problem) && (problem = mailbox.LengthProblem()) is null ? mailbox
        : throw new FormatException($"the {what} `{text}` is not an email address: {problem}");

    private static NamedArn? Arn(string namedBy, string? text) =>
        text is null ? null
        : IdentityArn.TryParse(text, out var arn) ? new NamedArn(namedBy, arn)
        : throw new FormatException($"the {namedBy} `{text}` is not the ARN of an identity");
}
