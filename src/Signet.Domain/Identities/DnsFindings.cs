namespace Signet.Identities;

/// <summary>What one look at the DNS says about an identity.</summary>
/// <param name="Token">The TXT record of the domain's verification token.</param>
/// <param name="Dkim">The three records of Easy DKIM, taken together.</param>
internal readonly record struct DnsFindings(Finding Token, Finding Dkim)
{
    /// <summary>Of an address, or where nothing is waited for.</summary>
    public static DnsFindings None { get; } = new(Finding.NotAsked, Finding.NotAsked);

    /// <summary>
    /// Either record proves that the caller holds the domain (SES API Reference, VerifyDomainIdentity and VerifyDomainDkim).
    /// </summary>
    public Finding Either =>
        Token == Finding.Present || Dkim == Finding.Present ? Finding.Present
            : Token == Finding.Unknown || Dkim == Finding.Unknown ? Finding.Unknown
            : Token == Finding.Absent || Dkim == Finding.Absent ? Finding.Absent
            : Finding.NotAsked;
}

/// <summary>What a look-up says of something that ought to be published.</summary>
internal enum Finding
{
    /// <summary>There was no reason to look.</summary>
    NotAsked,

    /// <summary>It is there.</summary>
    Present,

    /// <summary>The DNS says it is not there.</summary>
    Absent,

    /// <summary>The DNS did not answer, which proves nothing.</summary>
    Unknown,
}
