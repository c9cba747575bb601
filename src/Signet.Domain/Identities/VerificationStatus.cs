namespace Signet.Identities;

/// <summary>
/// SES <c>VerificationStatus</c>, of an identity and of its DKIM (SES API Reference, IdentityVerificationAttributes). The names go on the
/// wire.
/// </summary>
public enum VerificationStatus
{
    NotStarted,
    Pending,
    Success,
    Failed,
    TemporaryFailure,
}
