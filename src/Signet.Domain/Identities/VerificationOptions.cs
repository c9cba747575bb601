using Signet.Addresses;

namespace Signet.Identities;

/// <summary>How identities are verified here.</summary>
public sealed record VerificationOptions
{
    /// <summary>The path of confirmation links, on whatever host.</summary>
    public const string ConfirmationPath = "/_signet/confirm";

    /// <summary><c>signet dev</c>: an identity, and its DKIM, is verified the moment it is asked for; no mail, no look-up.</summary>
    public required bool AtOnce { get; init; }

    /// <summary>
    /// <c>signet identity verify --now</c>: the operator vouches for an identity, which is verified the moment it is asked for. DKIM is not: it
    /// needs its keys in the DNS.
    /// </summary>
    public bool IsVouched { get; init; }

    /// <summary>Whether the owner of an address need not confirm it.</summary>
    internal bool NeedsNoConfirmation => AtOnce || IsVouched;

    /// <summary>The <c>--hostname</c> of this server; named in confirmation mails.</summary>
    public required DomainName Hostname { get; init; }

    /// <summary>
    /// Where <c>&lt;token&gt;.ZONE</c> publishes the public keys that the owners' CNAME records point to; <c>dkim.HOSTNAME</c> unless
    /// set.
    /// </summary>
    public DomainName DkimZone
    {
        get => field ?? ServerNames.ZoneOf(Hostname);
        init;
    }

    /// <summary>What a confirmation link begins with: this, a slash, the token. A final slash is not doubled.</summary>
    public required Uri ConfirmationUrl { get; init; }
}
