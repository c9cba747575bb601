using Signet.Names;

namespace Signet.Identities;

/// <summary>A verified, pending or failed address or domain of an account in a region.</summary>
/// <param name="Arn">The key.</param>
/// <param name="Status"><c>Success</c> and <c>TemporaryFailure</c> (the grace time of a lost record) give the right to send.</param>
/// <param name="VerificationToken">
/// Domains: 44 characters, the value of the TXT record at <c>_amazonses.DOMAIN</c>; null while only DKIM was asked for. Addresses:
/// null.
/// </param>
/// <param name="CreatedAt">When it was first asked for.</param>
/// <param name="Deadline">When <c>Pending</c> becomes <c>Failed</c>, or <c>TemporaryFailure</c> becomes <c>Failed</c>; null where nothing runs out.</param>
/// <param name="NextCheckAt">When DNS is asked again; null for addresses and where nothing is looked up any more.</param>
/// <param name="Dkim">Easy DKIM of this identity.</param>
public sealed record Identity(
    IdentityArn Arn,
    VerificationStatus Status,
    string? VerificationToken,
    DateTimeOffset CreatedAt,
    DateTimeOffset? Deadline,
    DateTimeOffset? NextCheckAt,
    DkimState Dkim)
{
    /// <summary>
    /// True of a domain that the server's operator said is its account's: it stays verified whatever the DNS says. Its DKIM keys have to be
    /// published all the same.
    /// </summary>
    public bool IsVouched { get; init; }

    /// <summary>True while mail may be sent with it.</summary>
    public bool MaySend => Status is VerificationStatus.Success or VerificationStatus.TemporaryFailure;
}

/// <summary>Easy DKIM of one identity.</summary>
/// <param name="Enabled">The flag of SetIdentityDkimEnabled; mail is signed when it is on and <paramref name="Status"/> is <c>Success</c>.</param>
/// <param name="Status"><c>NotStarted</c> until tokens are asked for.</param>
/// <param name="Tokens">The three selectors, empty until asked for.</param>
/// <param name="Deadline">When <c>Pending</c> or <c>TemporaryFailure</c> becomes <c>Failed</c>.</param>
public sealed record DkimState(bool Enabled, VerificationStatus Status, IReadOnlyList<string> Tokens, DateTimeOffset? Deadline)
{
    /// <summary>As every identity begins: the flag on, nothing asked for.</summary>
    public static DkimState NotStarted { get; } = new(true, VerificationStatus.NotStarted, [], null);
}
