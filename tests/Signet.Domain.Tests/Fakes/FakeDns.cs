using System.Collections.Concurrent;
using System.Net;
using Signet.Addresses;
using Signet.Dns;

namespace Signet.Tests.Fakes;

/// <summary>The DNS as a <see cref="Fakes.Zone"/> has it. The zone can be changed between questions.</summary>
public sealed class FakeDns : IDnsLookup
{
    public FakeDns(string zone = "") => Zone = Zone.Parse(zone);

    public Zone Zone { get; set; }

    /// <summary>Every question that was asked, as <c>TYPE NAME</c>.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>What happens elsewhere while the next question is on its way; once.</summary>
    public Func<Task>? BeforeAnswer { get; set; }

    public Task<DnsAnswer<string>> FindTxtAsync(DomainName name, CancellationToken cancel) =>
        AnswerAsync<string>(name, "TXT", record => [string.Concat(record.Strings)]);

    public Task<DnsAnswer<DomainName>> FindCnameAsync(DomainName name, CancellationToken cancel) =>
        AnswerAsync<DomainName>(name, "CNAME", record => DomainName.TryParse(record.Value.TrimEnd('.'), out var target) ? [target] : []);

    public Task<DnsAnswer<MailExchanger>> FindMxAsync(DomainName name, CancellationToken cancel) =>
        AnswerAsync<MailExchanger>(name, "MX", record => record.Exchange switch
        {
            (var preference, ".") => [new MailExchanger(preference, null)],
            var (preference, target) => DomainName.TryParse(target.TrimEnd('.'), out var host) ? [new MailExchanger(preference, host)] : [],
        });

    public async Task<DnsAnswer<IPAddress>> FindAddressesAsync(DomainName name, CancellationToken cancel) =>
        (await AnswerAsync<IPAddress>(name, "A", Address), await AnswerAsync<IPAddress>(name, "AAAA", Address)) switch
        {
            (DnsAnswer<IPAddress>.Found a, DnsAnswer<IPAddress>.Found b) => new DnsAnswer<IPAddress>.Found([.. a.Values, .. b.Values]),
            (_, DnsAnswer<IPAddress>.Found b) => b,
            var (a, _) => a,
        };

    private static IEnumerable<IPAddress> Address(Zone.ZoneRecord record) => [IPAddress.Parse(record.Value)];

    private async Task<DnsAnswer<T>> AnswerAsync<T>(DomainName name, string type, Func<Zone.ZoneRecord, IEnumerable<T>> read)
    {
        Asked.Enqueue($"{type} {name}");
        if (BeforeAnswer is { } happening)
        {
            BeforeAnswer = null;
            await happening();
        }

        if (Zone.Fails(name.Value) || Zone.IsSilent(name.Value))
        {
            return new DnsAnswer<T>.Failed($"{type} of {name}: the zone says so");
        }

        var (records, last) = Zone.Follow(name.Value, type);
        var answers = records.Where(r => r.Type == type).ToList();
        List<T> values = [.. answers.SelectMany(read)];
        return values.Count > 0 ? new DnsAnswer<T>.Found(values)
            : answers.Count > 0 ? new DnsAnswer<T>.Failed($"{type} of {name}: no record of it can be read")
            : Zone.Exists(last) ? new DnsAnswer<T>.NoData()
            : new DnsAnswer<T>.NoSuchName();
    }
}
