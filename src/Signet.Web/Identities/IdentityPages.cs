using Signet.Identities;
using Signet.Names;

namespace Signet.Web.Identities;

/// <summary>Where the pages of identities are, and their words.</summary>
internal static class IdentityPages
{
    /// <summary>The page of one identity, below the console's path.</summary>
    public static string Address(IdentityArn arn) =>
        $"identities/{arn.Owner.Account}/{arn.Owner.Region}/{Uri.EscapeDataString(arn.Name.Value)}";

    public static string Word(VerificationStatus status) => status switch
    {
        VerificationStatus.NotStarted => "not started",
        VerificationStatus.Pending => "pending",
        VerificationStatus.Success => "verified",
        VerificationStatus.Failed => "failed",
        VerificationStatus.TemporaryFailure => "records lost",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static string Word(RecordState state) => state switch
    {
        RecordState.Present => "published",
        RecordState.Missing => "missing",
        RecordState.Different => "something else",
        RecordState.KeyMissing => "key missing",
        RecordState.Unknown => "no answer",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static string Kind(IdentityName name) => name is IdentityName.OfAddress ? "address" : "domain";

    public static string Count(long count, string one, string many) =>
        FormattableString.Invariant($"{count:N0} {(count == 1 ? one : many)}");
}
