using Signet.Addresses;
using Signet.Queue;

namespace Signet.Tests.Fakes;

/// <summary>A stub that remembers what was recorded.</summary>
public sealed class StubDestinationDomains : IDestinationDomains
{
    public List<(DomainName Domain, string Hosts)> Recorded { get; } = [];

    /// <summary>Thrown instead of recording.</summary>
    public Exception? Failure { get; set; }

    public Task RecordAsync(IReadOnlyList<(DomainName Domain, string Hosts)> found, DateTimeOffset now, CancellationToken cancel)
    {
        if (Failure is not null)
        {
            throw Failure;
        }

        Recorded.AddRange(found);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<string, DestinationName>> FindAsync(IReadOnlyList<string> domains, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyDictionary<string, DestinationName>>(new Dictionary<string, DestinationName>());
}
