using Signet.Delivery.Tls;
using Signet.Names;

namespace Signet.Delivery.Destinations;

/// <summary>What was found for a next hop a moment ago, so that the next message to it is queued without a look-up.</summary>
/// <param name="addresses">Of the domain's own hosts, in its own order.</param>
/// <param name="hosts">The hosts in the form of <see cref="DestinationKey.Hosts"/>.</param>
/// <param name="receiver">Whose they are.</param>
/// <param name="tls">What TLS must be there.</param>
/// <param name="at">When it was found.</param>
/// <param name="before">What was found before.</param>
internal sealed class KnownHosts(IReadOnlyList<HostAddress> addresses, string hosts, Receiver receiver, TlsPolicy tls, long at, KnownHosts? before)
{
    /// <summary>The answers have times to live of their own; this only saves work between messages that follow each other.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    /// <summary>How long it says where mail for the next hop waits.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private DestinationKey[] _keys =
        before is not null && before.Hosts == hosts && before.Receiver.Name == receiver.Name && before.Tls.Level == tls.Level ? before.Keys : [];

    public string Hosts => hosts;

    public IReadOnlyList<HostAddress> Addresses => addresses;

    public Receiver Receiver => receiver;

    public TlsPolicy Tls => tls;

    public long At => at;

    /// <summary>The destinations that it was used for: one, or one for each source.</summary>
    public DestinationKey[] Keys => Volatile.Read(ref _keys);

    /// <summary>The destination for mail of an account.</summary>
    public DestinationKey KeyFor(AccountId account)
    {
        var sources = receiver.Limits.SourceAddresses ?? [];
        var source = sources.Count == 0 ? Source.Any : SourceChoice.Of(sources, $"{account}", hosts);
        return Find(source) ?? Add(source);
    }

    private DestinationKey? Find(Source source)
    {
        foreach (var key in Keys)
        {
            if (key.Source == source)
            {
                return key;
            }
        }

        return null;
    }

    private DestinationKey Add(Source source)
    {
        lock (_lock)
        {
            if (Find(source) is { } known)
            {
                return known;
            }

            var made = new DestinationKey(hosts, receiver.Name, null, source, tls.Level);
            Volatile.Write(ref _keys, [.. _keys, made]);
            return made;
        }
    }
}
