using System.Net;
using Signet.Addresses;

namespace Signet.Dns;

/// <summary>
/// Questions to the DNS, as far as mail needs them. A name that does not exist, a name without such a record and a resolver that
/// cannot say are three different answers, because what follows from them differs: nothing is ever concluded from a failure.
/// No method throws but for cancellation.
/// </summary>
public interface IDnsLookup
{
    /// <summary>The TXT values at the name, the strings of each joined (RFC 7208 §3.3); CNAMEs are followed.</summary>
    Task<DnsAnswer<string>> FindTxtAsync(DomainName name, CancellationToken cancel);

    /// <summary>Where the name itself is an alias to; a chain of aliases is not followed.</summary>
    Task<DnsAnswer<DomainName>> FindCnameAsync(DomainName name, CancellationToken cancel);

    /// <summary>The mail exchangers of the name in the order of the answer; CNAMEs are followed.</summary>
    Task<DnsAnswer<MailExchanger>> FindMxAsync(DomainName name, CancellationToken cancel);

    /// <summary>
    /// The addresses of the name, IPv4 before IPv6; CNAMEs are followed. When one of the two families fails and the other has
    /// addresses, those are the answer.
    /// </summary>
    Task<DnsAnswer<IPAddress>> FindAddressesAsync(DomainName name, CancellationToken cancel);
}

/// <summary>What the DNS said to one question.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
public abstract record DnsAnswer<T>
{
    private DnsAnswer()
    {
    }

    /// <summary>There are such records.</summary>
    /// <param name="Values">At least one.</param>
    public sealed record Found(IReadOnlyList<T> Values) : DnsAnswer<T>;

    /// <summary>The name does not exist (NXDOMAIN).</summary>
    public sealed record NoSuchName : DnsAnswer<T>;

    /// <summary>The name exists, but has no record of this type.</summary>
    public sealed record NoData : DnsAnswer<T>;

    /// <summary>Not known: a time-out, SERVFAIL, no resolver. Asking again later may help.</summary>
    /// <param name="Reason">One sentence for a log.</param>
    public sealed record Failed(string Reason) : DnsAnswer<T>;
}

/// <summary>One MX record.</summary>
/// <param name="Preference">Lower comes first.</param>
/// <param name="Host">Null for the target <c>.</c>, the null MX of RFC 7505.</param>
public readonly record struct MailExchanger(int Preference, DomainName? Host);
