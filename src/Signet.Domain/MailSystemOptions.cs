using System.Net;
using Signet.Accounts;
using Signet.Addresses;
using Signet.Names;
using Signet.Storage;

namespace Signet;

/// <summary>What the domain needs of the configuration.</summary>
public sealed record MailSystemOptions
{
    /// <summary>Which store to open.</summary>
    public required StoreSettings Store { get; init; }

    /// <summary>Whether a store that is not there is an error; otherwise it is made.</summary>
    public bool StoreMustExist { get; init; }

    /// <summary>
    /// Our name in messages: a server's, to be written into the store; null for a command that takes the one it finds there.
    /// </summary>
    public DomainName? Hostname { get; init; }

    /// <summary>The hostname of a command on a store that no server has used yet.</summary>
    public required DomainName MachineName { get; init; }

    /// <summary>What confirmation links begin with; null for what the hostname gives.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>
    /// Where DKIM keys are published. Null: for a server, what the hostname gives; for a command, what it finds in the store.
    /// </summary>
    public DomainName? DkimZone { get; init; }

    /// <summary>Whether this is <c>signet dev</c>, whose user sees the server's own mail too.</summary>
    public bool IsDev { get; init; }

    /// <summary>The console, for lines of the log that lead to it; null where they do not.</summary>
    public Uri? Console { get; init; }

    /// <summary>Access keys that are valid in addition to those that were created.</summary>
    public DevKeys DevKeys { get; init; }

    /// <summary>A server's, to be written into the store; null for a command, which takes those it finds there.</summary>
    public AccountRules? Rules { get; init; }

    /// <summary>A server's, to be written into the store; null for a command that takes those it finds there.</summary>
    public RegionSet? Regions { get; init; }

    /// <summary>Whether the operator vouches for the identities that this call begins to verify.</summary>
    public bool Vouches { get; init; }

    /// <summary>Bytes of a message after encoding.</summary>
    public required int MaxMessageSize { get; init; }

    /// <summary>Which resolver to ask; null is the system's.</summary>
    public IPEndPoint? Dns { get; init; }

    /// <summary>How mail leaves and how long it is kept; null for a command, whose messages a server is to deliver.</summary>
    public DeliverySettings? Delivery { get; init; }
}
