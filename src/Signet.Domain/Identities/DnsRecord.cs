namespace Signet.Identities;

/// <summary>A DNS record to publish.</summary>
/// <param name="Purpose">What it is for, in a few words.</param>
/// <param name="Name">Owner name, without the final dot.</param>
/// <param name="Type"><c>TXT</c> or <c>CNAME</c>.</param>
/// <param name="Value">What to publish; a TXT value without quotes, unsplit.</param>
public sealed record DnsRecord(string Purpose, string Name, string Type, string Value)
{
    /// <summary>True for what the operator of this server publishes, in the zone that the owner's aliases lead to.</summary>
    public bool IsOperators { get; init; }
}
