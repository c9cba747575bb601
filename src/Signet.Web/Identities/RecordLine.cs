using Signet.Identities;

namespace Signet.Web.Identities;

/// <summary>A record to publish and, once it was looked up, what the DNS has of it.</summary>
public sealed record RecordLine(DnsRecord Record, RecordCheck? Check)
{
    /// <summary>Null until it was looked up.</summary>
    public RecordState? State => Check?.State;
}
