using Signet.Addresses;

namespace Signet.Queue;

/// <summary>
/// Which hosts serve the domains that mail waits for, as nodes found them, so that operators can select deliveries by
/// <see cref="DeliveryFilter.Destination"/>. Domains without deliveries are forgotten after a day.
/// </summary>
public interface IDestinationDomains
{
    /// <summary>Records what was found. Deliveries to domains whose destination turns out to be suspended are held.</summary>
    /// <param name="found">Domains, with all of their hosts, sorted, with blanks between them.</param>
    /// <param name="now">When.</param>
    /// <param name="cancel">Gives up.</param>
    Task RecordAsync(IReadOnlyList<(DomainName Domain, string Hosts)> found, DateTimeOffset now, CancellationToken cancel);

    /// <summary>The destinations of domains, as far as they are known.</summary>
    Task<IReadOnlyDictionary<string, DestinationName>> FindAsync(IReadOnlyList<string> domains, CancellationToken cancel);
}
