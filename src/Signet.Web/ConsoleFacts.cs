using Signet.Addresses;
using Signet.Delivery;
using Signet.Names;

namespace Signet.Web;

/// <summary>What the pages tell of the server they belong to.</summary>
/// <param name="IsDev"><c>signet dev</c>: no login, one person who may do everything.</param>
/// <param name="Hostname">Our name in EHLO, Message-ID and Received.</param>
/// <param name="Routes">First match first; the last one matches everything.</param>
/// <param name="AllowsPrivateHosts">Whether the server may reach addresses of this machine and of private networks.</param>
public sealed record ConsoleFacts(bool IsDev, DomainName Hostname, IReadOnlyList<Route> Routes, bool AllowsPrivateHosts)
{
    /// <summary>That of the key <c>test</c> in dev; it is there without being made.</summary>
    public static AccountId DevAccount { get; } = AccountId.Parse("000000000000");
}
