using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;
using Signet.Addresses;

namespace Signet.Dns;

/// <summary>
/// The real DNS: one recursive resolver, given or the system's, over UDP with TCP when an answer is cut short. A machine without
/// a resolver gets <see cref="DnsAnswer{T}.Failed"/> from every question.
/// </summary>
public sealed class DnsClientLookup : IDnsLookup
{
    private const int Retries = 2;

    private static readonly TimeSpan ShortestCaching = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestCaching = TimeSpan.FromHours(1);

    private readonly LookupClient? _client;
    private readonly string _noResolver;

    private DnsClientLookup(LookupClient? client, string noResolver) => (_client, _noResolver) = (client, noResolver);

    /// <summary>Asks one resolver.</summary>
    /// <param name="server">The <c>--dns</c> option.</param>
    /// <param name="caching">Whether answers are kept.</param>
    /// <param name="timeout">For one try; each question gets three.</param>
    public static DnsClientLookup Of(IPEndPoint server, DnsCaching caching, TimeSpan timeout) =>
        OfServers([new NameServer(server)], caching, timeout);

    /// <summary>Asks the resolvers that the system is set up with, as they are now.</summary>
    /// <param name="caching">Whether answers are kept.</param>
    /// <param name="timeout">For one try; each question gets three.</param>
    public static DnsClientLookup OfSystem(DnsCaching caching, TimeSpan timeout)
    {
        try
        {
            var servers = NameServer.ResolveNameServers(skipIPv6SiteLocal: true, fallbackToGooglePublicDns: false);
            return servers.Count > 0
                ? OfServers([.. servers], caching, timeout)
                : OfNothing("the system has no DNS resolver; set `--dns`");
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or NetworkInformationException)
        {
            return OfNothing($"the system's DNS resolver cannot be found out ({e.Message}); set `--dns`");
        }
    }

    /// <summary>Fails every question for the one reason.</summary>
    internal static DnsClientLookup OfNothing(string reason) => new(null, reason);

    public Task<DnsAnswer<string>> FindTxtAsync(DomainName name, CancellationToken cancel) =>
        AskAsync<TxtRecord, string>(name, QueryType.TXT, record => (true, string.Concat(record.Text)), cancel);

    public Task<DnsAnswer<DomainName>> FindCnameAsync(DomainName name, CancellationToken cancel) =>
        AskAsync<CNameRecord, DomainName>(name, QueryType.CNAME, record => (TryName(record.CanonicalName, out var target), target!), cancel);

    public Task<DnsAnswer<MailExchanger>> FindMxAsync(DomainName name, CancellationToken cancel) =>
        AskAsync<MxRecord, MailExchanger>(name, QueryType.MX, ReadMx, cancel);

    public async Task<DnsAnswer<IPAddress>> FindAddressesAsync(DomainName name, CancellationToken cancel)
    {
        var v4 = AskAsync<ARecord, IPAddress>(name, QueryType.A, record => (true, record.Address), cancel);
        var v6 = AskAsync<AaaaRecord, IPAddress>(name, QueryType.AAAA, record => (true, record.Address), cancel);
        return await Task.WhenAll(v4, v6) switch
        {
            [DnsAnswer<IPAddress>.Found four, DnsAnswer<IPAddress>.Found six] => new DnsAnswer<IPAddress>.Found([.. four.Values, .. six.Values]),
            [DnsAnswer<IPAddress>.Found four, _] => four,
            [_, DnsAnswer<IPAddress>.Found six] => six,
            [_, DnsAnswer<IPAddress>.Failed failed] => failed,
            var both => both[0],
        };
    }

    private static DnsClientLookup OfServers(NameServer[] servers, DnsCaching caching, TimeSpan timeout)
    {
        var options = new LookupClientOptions(servers)
        {
            UseCache = caching == DnsCaching.ByTtl,
            MinimumCacheTimeout = ShortestCaching,
            MaximumCacheTimeout = LongestCaching,
            Timeout = timeout,
            Retries = Retries,
            UseTcpFallback = true,
            ThrowDnsErrors = false,
        };
        return new(new LookupClient(options), string.Empty);
    }

    private async Task<DnsAnswer<T>> AskAsync<TRecord, T>(
        DomainName name, QueryType type, Func<TRecord, (bool Readable, T Value)> read, CancellationToken cancel)
        where TRecord : DnsResourceRecord
    {
        if (_client is null)
        {
            return new DnsAnswer<T>.Failed(_noResolver);
        }

        IDnsQueryResponse response;
        try
        {
            // The final dot keeps a resolver's search list out of it.
            response = await _client.QueryAsync($"{name}.", type, cancellationToken: cancel);
        }
        catch (DnsResponseException e)
        {
            cancel.ThrowIfCancellationRequested();
            return new DnsAnswer<T>.Failed($"{type} of {name}: {e.DnsError}");
        }
        catch (Exception e) when (e is DnsResponseParseException or ArgumentException or IndexOutOfRangeException)
        {
            // The text of the first holds the whole answer, byte by byte. The others come from a name that points beyond the answer, into what
            // the library's buffer held before.
            return new DnsAnswer<T>.Failed($"{type} of {name}: the answer cannot be read");
        }
        catch (Exception e) when (e is SocketException or DnsXidMismatchException or IOException)
        {
            return new DnsAnswer<T>.Failed($"{type} of {name}: {e.Message}");
        }

        return response.Header.ResponseCode switch
        {
            DnsHeaderResponseCode.NotExistentDomain => new DnsAnswer<T>.NoSuchName(),
            DnsHeaderResponseCode.NoError => Read(response.Answers.OfType<TRecord>(), $"{type} of {name}", read),
            var code => new DnsAnswer<T>.Failed($"{type} of {name}: {code}"),
        };
    }

    /// <summary>Records that cannot be read (a target that is no host name) do not count; only such ones is a failure.</summary>
    private static DnsAnswer<T> Read<TRecord, T>(
        IEnumerable<TRecord> records, string question, Func<TRecord, (bool Readable, T Value)> read)
    {
        var all = records.Select(read).ToList();
        List<T> readable = [.. all.Where(r => r.Readable).Select(r => r.Value)];
        return (all.Count, readable.Count) switch
        {
            (0, _) => new DnsAnswer<T>.NoData(),
            (_, 0) => new DnsAnswer<T>.Failed($"{question}: no record of it can be read"),
            _ => new DnsAnswer<T>.Found(readable),
        };
    }

    private static (bool Readable, MailExchanger Value) ReadMx(MxRecord record) =>
        record.Exchange.Value == "." ? (true, new MailExchanger(record.Preference, null))
            : (TryName(record.Exchange, out var host), new MailExchanger(record.Preference, host));

    private static bool TryName(DnsString text, out DomainName? name) => DomainName.TryParse(text.Value.TrimEnd('.'), out name);
}

/// <summary>Whether a resolver's answers are kept.</summary>
public enum DnsCaching
{
    /// <summary>Every question goes to the network: somebody is waiting to see a change.</summary>
    None,

    /// <summary>For their TTL, but at least five minutes and at most an hour. Failures and missing names are not kept.</summary>
    ByTtl,
}
