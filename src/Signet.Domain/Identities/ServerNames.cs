using Signet.Addresses;

namespace Signet.Identities;

/// <summary>
/// The names that records to publish are made of. A server writes them into the store when it starts, so that a command beside it prints
/// the records that the server looks for.
/// </summary>
/// <param name="Hostname">What the server is called in mail.</param>
/// <param name="DkimZone">The zone of the public keys that the owners' aliases lead to.</param>
public sealed record ServerNames(DomainName Hostname, DomainName DkimZone)
{
    /// <summary>The zone where none is set: <c>dkim.HOSTNAME</c>.</summary>
    public static DomainName ZoneOf(DomainName hostname) => DomainName.Parse($"dkim.{hostname}");
}
