using System.Diagnostics;
using Signet.Accounts;
using Signet.Addresses;
using Signet.Identities;
using Signet.Names;
using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Identities;

/// <summary>
/// What the identity actions share: members, and how texts become names and names identities. ARNs are not accepted here, as at SES.
/// </summary>
internal static class IdentityParameters
{
    private const int MaxIdentities = 100;

    public static Member<string> Identity { get; } = Member.Required("Identity", Shapes.Text());

    public static Member<string> EmailAddress { get; } = Member.Required("EmailAddress", Shapes.Text());

    public static Member<string> Domain { get; } = Member.Required("Domain", Shapes.Text());

    public static Member<IReadOnlyList<string>> Identities { get; } =
        Member.Required("Identities", Shapes.ListOf(Shapes.Text(), MaxIdentities));

    /// <exception cref="AwsException">InvalidParameterValue.</exception>
    public static EmailAddress ParseAddress(string text) =>
        string.IsNullOrWhiteSpace(text) ? throw Invalid("Email address not specified.")
        : text.Length > Addresses.EmailAddress.MaxLength
            ? throw Invalid($"Address length is more than {Addresses.EmailAddress.MaxLength} characters long: '{Excerpt.Of(text)}'.")
        : Addresses.EmailAddress.TryParse(text, out var address) ? address
        : throw Invalid($"Invalid email address<{text}>.");

    /// <exception cref="AwsException">InvalidParameterValue. The text is ours.</exception>
    public static DomainName ParseDomain(string text) =>
        DomainName.TryParse(text, out var domain) ? domain : throw Invalid($"Invalid domain name {text}.");

    /// <summary>An address or a domain; the <c>@</c> tells which.</summary>
    /// <exception cref="AwsException">InvalidParameterValue.</exception>
    public static IdentityName ParseIdentity(string text) => text.Contains('@', StringComparison.Ordinal)
        ? new IdentityName.OfAddress(ParseAddress(text))
        : new IdentityName.OfDomain(ParseDomain(text));

    /// <summary>
    /// The names of a request that may be identities, with the spelling the caller uses for each. A text that is no name is left
    /// out, as an unknown identity is.
    /// </summary>
    public static IEnumerable<(string AsWritten, IdentityName Name)> ParseKnown(IEnumerable<string> texts)
    {
        foreach (var text in texts.Distinct(StringComparer.Ordinal))
        {
            if (IdentityName.TryParse(text, out var name))
            {
                yield return (text, name);
            }
        }
    }

    /// <summary>The identity that a verifying action made or found.</summary>
    /// <exception cref="AwsException">LimitExceeded, Throttling, InvalidParameterValue, AccountSendingPausedException.</exception>
    public static Identity Started(VerificationStart start) => start switch
    {
        VerificationStart.Known known => known.Identity,
        VerificationStart.TooMany tooMany => throw new AwsException(SesError.LimitExceeded(
            $"An account may have {tooMany.Limit} identities in a region at most.")),
        VerificationStart.AccountPaused => throw new AwsException(SesError.AccountSendingPaused(AccountPause.Text)),
        VerificationStart.TooSoon tooSoon => throw new AwsException(AwsError.Throttling(
            $"{char.ToUpperInvariant(tooSoon.Reason[0])}{tooSoon.Reason[1..]}. The next one can be sent in {tooSoon.WaitInWords}.")),
        VerificationStart.KeysBusy => throw new AwsException(AwsError.RateExceeded()),
        _ => throw new UnreachableException(),
    };

    private static AwsException Invalid(string text) => new(SesError.InvalidParameterValue(text));
}
