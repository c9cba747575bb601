namespace Signet.Identities;

/// <summary>What one DNS query found of a record that the owner has to publish.</summary>
/// <param name="Record">The record.</param>
/// <param name="State">Whether it is there, or what does its work.</param>
/// <param name="Found">Other values that stand at the record's own name, as far as they were looked at.</param>
/// <param name="Problem">Why the DNS could not be asked, in one sentence; null when it could.</param>
public sealed record RecordCheck(DnsRecord Record, RecordState State, IReadOnlyList<string> Found, string? Problem)
{
    /// <summary>What follows for the identity.</summary>
    internal Finding Finding => State switch
    {
        RecordState.Present => Finding.Present,
        RecordState.Unknown => Finding.Unknown,
        _ => Finding.Absent,
    };
}

/// <summary>The state of a record that the owner has to publish.</summary>
public enum RecordState
{
    Present,

    /// <summary>Nothing stands at its name.</summary>
    Missing,

    /// <summary>Something else stands at its name.</summary>
    Different,

    /// <summary>
    /// The alias of a DKIM key stands there, but what it leads to is not the key: a receiver could not verify what it signs.
    /// </summary>
    KeyMissing,

    /// <summary>The DNS does not answer, which proves nothing.</summary>
    Unknown,
}

/// <summary>An identity and its records, as one look at the DNS left them.</summary>
/// <param name="Identity">As it is stored afterwards; null when it was deleted meanwhile.</param>
/// <param name="Records">In the order to show them, none for an address.</param>
public sealed record IdentityCheck(Identity? Identity, IReadOnlyList<RecordCheck> Records);
