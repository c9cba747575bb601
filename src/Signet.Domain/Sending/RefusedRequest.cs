using Signet.Addresses;
using Signet.Names;
using Signet.Policies;

namespace Signet.Sending;

/// <summary>
/// A request that was refused and is kept so that somebody can see why: a send that authorization did not allow, a value that cannot be read,
/// an action that Signet does not have, a signature that does not match. Texts of the caller are cut to <see cref="MaxText"/> characters.
/// </summary>
/// <param name="Id">Made by us; grows with time.</param>
/// <param name="At">When.</param>
/// <param name="Owner">
/// The caller's account and region. Of an unproven caller those of the key it names; null when there is no such key.
/// </param>
/// <param name="IsProven">Whether a signature proves who the caller is.</param>
/// <param name="Caller">ARN of the principal; of an unproven caller the access key ID that it gave, or empty.</param>
/// <param name="Action">For instance <c>ses:SendEmail</c>; empty when the request names none, or was not read so far.</param>
/// <param name="Code">The error code of the answer, for instance <c>MessageRejected</c>.</param>
/// <param name="Status">The HTTP status of the answer.</param>
/// <param name="Refusal">The refusal in words, as the caller got it.</param>
/// <param name="Recipients">The recipients, as far as they are known.</param>
/// <param name="Decision">How authorization decided, as far as it is stored (<see cref="PastDecisions"/>); null when the request did not come as far.</param>
public sealed record RefusedRequest(
    Guid Id,
    DateTimeOffset At,
    AccountRegion? Owner,
    bool IsProven,
    string Caller,
    string Action,
    string Code,
    int Status,
    string Refusal,
    IReadOnlyList<string> Recipients,
    SendDecision? Decision)
{
    /// <summary>Characters that are kept of an action or an access key ID that the caller made up.</summary>
    public const int MaxText = 128;

    public RefusalKind Kind => !IsProven ? RefusalKind.Unproven : Decision is null ? RefusalKind.Proven : RefusalKind.Unauthorised;

    /// <summary>A request of a proven caller.</summary>
    public static RefusedRequest Of(
        DateTimeOffset at, Caller caller, string action, string code, int status, string refusal) =>
        new(Guid.CreateVersion7(at), at, caller.Scope, true, caller.Principal.Arn, Excerpt.Of(action, MaxText), code, status, refusal, [], null);

    /// <summary>A request that no signature proves.</summary>
    public static RefusedRequest Unproven(
        DateTimeOffset at, AccountRegion? named, string accessKeyId, string action, string code, int status, string refusal) =>
        new(
            Guid.CreateVersion7(at), at, named, false, Excerpt.Of(accessKeyId, MaxText), Excerpt.Of(action, MaxText), code, status, refusal, [],
            null);
}

/// <summary>Kinds of refused requests. They are counted and kept apart, so that many of one never push out those of another.</summary>
public enum RefusalKind
{
    /// <summary>A send that identities, policies or the sandbox do not allow.</summary>
    Unauthorised,

    /// <summary>Any other request of a caller that a signature proves.</summary>
    Proven,

    /// <summary>A request that no signature proves.</summary>
    Unproven,
}
